"""What one bubble of a chat shows, whoever sent it and by whichever way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Content:
    """One thing shown: its type, its words (a stand-in for pictures and the like), and what else it has."""

    type: str
    text: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Article:
    """A card that leads to a page."""

    title: str
    description: str
    url: str
    picture: str


def text(words: str) -> Content:
    """Words, perhaps with links in them."""
    return Content("text", words)


def image(media_id: str) -> Content:
    """A picture."""
    return Content("image", "[图片]", {"media_id": media_id})


def voice(media_id: str, seconds: int | None = None, speech: str = "") -> Content:
    """A voice message: how long it is, and what is said in it, where that is known."""
    return Content("voice", "[语音]", {"media_id": media_id, "seconds": seconds, "speech": speech})


def video(media_id: str, title: str, description: str, thumb_media_id: str = "") -> Content:
    """A video with its title and its first picture."""
    detail = {"media_id": media_id, "title": title, "description": description, "thumb_media_id": thumb_media_id}
    return Content("video", f"[视频] {title}".rstrip(), detail)


def music(title: str, description: str, url: str) -> Content:
    """A piece of music to play elsewhere."""
    detail = {"title": title, "description": description, "url": url}
    return Content("music", f"[音乐] {title}".rstrip(), detail)


def news(articles: Sequence[Article]) -> Content:
    """Article cards, the first one large."""
    shown = [vars(article) for article in articles]
    return Content("news", "[图文] " + " / ".join(article.title for article in articles), {"articles": shown})


def menu(head: str, items: Sequence[tuple[str, str]], tail: str) -> Content:
    """A menu message: (id, words) of each item that can be tapped."""
    lines = [head, *(words for _, words in items), tail]
    detail = {"head": head, "items": [{"id": key, "text": words} for key, words in items], "tail": tail}
    return Content("msgmenu", "\n".join(line for line in lines if line), detail)


def card(title: str, label: str) -> Content:
    """Something that WeChat draws as a card and that a simulator cannot open."""
    return Content("card", f"[{label}] {title}".rstrip(), {"title": title, "label": label})


def form(kind: str, title: str, rows: Sequence[tuple[str, str]], url: str) -> Content:
    """A template or subscription message: rows of name and value, perhaps with a page behind it."""
    detail = {"title": title, "rows": [{"name": name, "value": value} for name, value in rows], "url": url}
    lines = [title, *(f"{name}：{value}" for name, value in rows)]
    return Content(kind, "\n".join(lines), detail)


def link(title: str, description: str, url: str) -> Content:
    """A page passed on from elsewhere."""
    return Content("link", f"[链接] {title}", {"title": title, "description": description, "url": url})


def file(name: str, size: int) -> Content:
    """A file."""
    return Content("file", f"[文件] {name}", {"title": name, "size": size})


def location(latitude: float, longitude: float, label: str) -> Content:
    """A place on the map."""
    detail = {"latitude": latitude, "longitude": longitude, "label": label}
    return Content("location", f"[位置] {label}".rstrip(), detail)


def notice(words: str) -> Content:
    """A grey line of the platform itself."""
    return Content("notice", words)
