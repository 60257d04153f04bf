"""The body of a customer-service message: checked as `message/custom/send` checks it, and what it shows."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from simulator import contents
from simulator.contents import Article, Content
from simulator.errors import ApiError

# Required fields by type (parameter table of the API's page).
_REQUIRED: dict[str, tuple[str, ...]] = {
    "text": ("content",),
    "image": ("media_id",),
    "voice": ("media_id",),
    "video": ("media_id", "thumb_media_id"),
    "music": ("title", "description", "musicurl", "thumb_media_id"),
    "news": ("articles",),
    "mpnews": ("media_id",),
    "mpnewsarticle": ("article_id",),
    "msgmenu": ("list",),
    "wxcard": ("card_id",),
    "miniprogrampage": ("title", "appid", "pagepath", "thumb_media_id"),
}
_MISSING = {"content": 44004, "articles": 44003, "media_id": 40007, "thumb_media_id": 40007}
# The material of these lives in the account's permanent library, which the simulator does not keep.
_ELSEWHERE = {"mpnews", "miniprogrampage"}
_CARDS = {"mpnews": "图文", "mpnewsarticle": "图文", "wxcard": "卡券", "miniprogrampage": "小程序"}

# JSON may escape control characters; any other \uXXXX is shown to the person as it stands, or refused.
_ESCAPED = re.compile(rb"\\u(?!00[01])[0-9a-fA-F]{4}")


def read_json(body: bytes) -> dict[str, Any]:
    """A JSON object; ApiError 40033 when its words are escaped, 47001 when it is none."""
    if _ESCAPED.search(body):
        raise ApiError(40033)
    try:
        data = json.loads(body)
    except ValueError as error:
        raise ApiError(47001) from error
    if not isinstance(data, dict):
        raise ApiError(47001)
    return data


def read_content(data: Mapping[str, Any], check_media: Callable[[str], object], text_limit_bytes: int) -> Content:
    """What the message shows.

    check_media raises ApiError for an unknown media_id. ApiError 40008 unknown type, 44004 empty text,
    45002 text too long, 44003 or 45008 no article or more than one, 40007 bad media,
    40035 another field missing.
    """
    kind = data.get("msgtype")
    if not isinstance(kind, str) or kind not in _REQUIRED:
        raise ApiError(40008)
    fields = data.get(kind)
    if not isinstance(fields, dict):
        raise ApiError(47001)
    _check_required(kind, fields)
    if kind not in _ELSEWHERE:
        for name in ("media_id", "thumb_media_id"):
            if name in fields:
                check_media(str(fields[name]))
    if kind == "text" and len(str(fields["content"]).encode()) > text_limit_bytes:
        raise ApiError(45002)
    return _content(kind, fields)


def _check_required(kind: str, fields: Mapping[str, Any]) -> None:
    for name in _REQUIRED[kind]:
        if not fields.get(name):
            raise ApiError(_MISSING.get(name, 40035))


def _content(kind: str, fields: Mapping[str, Any]) -> Content:
    words = {name: value for name, value in fields.items() if isinstance(value, str)}
    title, description = words.get("title", ""), words.get("description", "")
    match kind:
        case "text":
            return contents.text(str(fields["content"]))
        case "image":
            return contents.image(fields["media_id"])
        case "voice":
            return contents.voice(fields["media_id"])
        case "video":
            return contents.video(fields["media_id"], title, description, fields["thumb_media_id"])
        case "music":
            return contents.music(title, description, words.get("musicurl", ""))
        case "news":
            return _news(fields["articles"])
        case "msgmenu":
            return _menu(fields)
        case _:
            return contents.card(title, _CARDS.get(kind, "卡片"))


def _news(articles: object) -> Content:
    if not isinstance(articles, list) or not all(isinstance(article, dict) for article in articles):
        raise ApiError(44003)
    if len(articles) > 1:
        raise ApiError(45008)
    article = {name: str(articles[0].get(name, "")) for name in ("title", "description", "url", "picurl")}
    return contents.news([Article(article["title"], article["description"], article["url"], article["picurl"])])


def _menu(fields: Mapping[str, Any]) -> Content:
    try:
        items = [(str(item["id"]), str(item["content"])) for item in fields["list"]]
    except (KeyError, TypeError) as error:
        raise ApiError(40035) from error
    return contents.menu(str(fields.get("head_content", "")), items, str(fields.get("tail_content", "")))
