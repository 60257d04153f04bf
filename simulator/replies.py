"""What the gateway answered to a push, read as WeChat reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from simulator import contents
from simulator.accounts import Account
from simulator.contents import Article, Content
from simulator.envelope import unseal
from simulator.errors import ApiError, BadReply
from simulator.media import MediaStore
from simulator.switches import Switches

_ARTICLES_TO_MESSAGE = 1
_ARTICLES_TO_EVENT = 8


@dataclass(frozen=True)
class Transfer:
    """The account hands the person to an agent of its own desk; to anyone there when none is named."""

    kf_account: str


type Reply = Content | Transfer


class ReplyReader:
    """Reads the passive replies to one account's pushes; knows which media the account has."""

    def __init__(self, account: Account, media: MediaStore, switches: Switches) -> None:
        self._account = account
        self._media = media
        self._switches = switches
        self._kinds: dict[str, Callable[[Element, bool], Reply]] = {
            "text": self._text,
            "image": self._image,
            "voice": self._voice,
            "video": self._video,
            "music": self._music,
            "news": self._news,
            "transfer_customer_service": self._transfer,
        }

    def read(self, body: bytes, openid: str, *, event: bool) -> Reply | None:
        """What to show or to do, or None where there is nothing; BadReply when it is malformed."""
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
        limit = self._switches.text_limit_bytes
        if len(words.encode()) > limit:
            if self._switches.long_passive == "fail":
                raise BadReply("Content too long")
            words = words.encode()[:limit].decode(errors="ignore")
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

    def _transfer(self, root: Element, event: bool) -> Transfer:
        if event:
            raise BadReply("an event cannot be transferred")
        return Transfer(_may(root, "TransInfo/KfAccount"))

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
