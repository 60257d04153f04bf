"""What the gateway answered to a push, read as WeChat reads it."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from simulator import contents
from simulator.accounts import Account
from simulator.contents import Article, Content
from simulator.envelope import unseal
from simulator.errors import ApiError, BadReply
from simulator.media import MediaStore

# Undocumented; measured by several projects.
TEXT_LIMIT_BYTES = 2048
_ARTICLES_TO_MESSAGE = 1
_ARTICLES_TO_EVENT = 8


class ReplyReader:
    """Reads the passive replies to one person's pushes; knows which media the account has."""

    def __init__(self, account: Account, media: MediaStore) -> None:
        self._account = account
        self._media = media
        self._kinds: dict[str, Callable[[Element, bool], Content | None]] = {
            "text": self._text,
            "image": self._image,
            "voice": self._voice,
            "video": self._video,
            "music": self._music,
            "news": self._news,
            "transfer_customer_service": self._transfer,
        }

    def read(self, body: bytes, openid: str, *, event: bool) -> Content | None:
        """What to show, or None where nothing is to be shown; BadReply when it is malformed."""
        if body.strip() in (b"", b"success"):
            return None
        root = unseal(self._account, body)
        if _need(root, "ToUserName") != openid or _need(root, "FromUserName") != self._account.original_id:
            raise BadReply("wrong ToUserName or FromUserName")
        if not _need(root, "CreateTime").isdigit():
            raise BadReply("CreateTime is no number")
        reader = self._kinds.get(_need(root, "MsgType"))
        if reader is None:
            raise BadReply("unknown MsgType")
        return reader(root, event)

    def _text(self, root: Element, event: bool) -> Content:
        words = _need(root, "Content")
        if len(words.encode()) > TEXT_LIMIT_BYTES:
            raise BadReply("Content too long")
        return contents.text(words)

    def _image(self, root: Element, event: bool) -> Content:
        return contents.image(self._media_id(root, "Image/MediaId"))

    def _voice(self, root: Element, event: bool) -> Content:
        return contents.voice(self._media_id(root, "Voice/MediaId"))

    def _video(self, root: Element, event: bool) -> Content:
        media_id = self._media_id(root, "Video/MediaId")
        return contents.video(media_id, _may(root, "Video/Title"), _may(root, "Video/Description"))

    def _music(self, root: Element, event: bool) -> Content:
        self._media_id(root, "Music/ThumbMediaId")
        title, description = _may(root, "Music/Title"), _may(root, "Music/Description")
        return contents.music(title, description, _may(root, "Music/MusicUrl"))

    def _news(self, root: Element, event: bool) -> Content:
        items = root.findall("Articles/item")
        if not items or not _need(root, "ArticleCount").isdigit():
            raise BadReply("no articles")
        limit = _ARTICLES_TO_EVENT if event else _ARTICLES_TO_MESSAGE
        return contents.news([_article(item) for item in items[:limit]])

    def _transfer(self, root: Element, event: bool) -> None:
        if event:
            raise BadReply("an event cannot be transferred")

    def _media_id(self, root: Element, path: str) -> str:
        media_id = _need(root, path)
        try:
            return self._media.get(self._account.id, media_id).id
        except ApiError as error:
            raise BadReply("unknown media") from error


def _article(item: Element) -> Article:
    return Article(_need(item, "Title"), _may(item, "Description"), _need(item, "Url"), _may(item, "PicUrl"))


def _need(element: Element, path: str) -> str:
    words = element.findtext(path)
    if not words:
        raise BadReply(f"{path} is missing or empty")
    return words


def _may(element: Element, path: str) -> str:
    return element.findtext(path) or ""
