"""What a person can send: one frozen type a kind, to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from bot.conversation.errors import InvalidData


@dataclass(frozen=True, slots=True)
class Text:
    """Words; `menu_id` is set when she tapped an item of a menu message."""

    kind: ClassVar[str] = "text"
    text: str
    menu_id: str | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture; `media_id` dies at the platform after three days."""

    kind: ClassVar[str] = "image"
    media_id: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice message; `format` as the platform names it, mostly amr."""

    kind: ClassVar[str] = "voice"
    media_id: str
    format: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A place she sent; degrees, WGS or GCJ as the platform gives them."""

    kind: ClassVar[str] = "location"
    latitude: float
    longitude: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """She followed the account; `scene` when by a QR code of ours."""

    kind: ClassVar[str] = "followed"
    scene: str | None = None


@dataclass(frozen=True, slots=True)
class Unfollowed:
    """She left the account: nothing can be sent any more."""

    kind: ClassVar[str] = "unfollowed"


@dataclass(frozen=True, slots=True)
class MenuClicked:
    """She tapped an item of the account's menu."""

    kind: ClassVar[str] = "menu_clicked"
    key: str


@dataclass(frozen=True, slots=True)
class Scanned:
    """She scanned one of our QR codes while following already."""

    kind: ClassVar[str] = "scanned"
    scene: str


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A kind that we cannot read; `name` is the platform's own name of it."""

    kind: ClassVar[str] = "unsupported"
    name: str


Content = Text | Image | Voice | Location | Followed | Unfollowed | MenuClicked | Scanned | Unsupported

_TYPES: Mapping[str, type[Content]] = {
    content.kind: content
    for content in (Text, Image, Voice, Location, Followed, Unfollowed, MenuClicked, Scanned, Unsupported)
}

SILENT_KINDS = frozenset({Unfollowed.kind})
"""Kinds that are recorded but never answered."""


def content_to_json(content: Content) -> dict[str, Any]:
    """The content as a JSON object with its `kind`."""
    return {"kind": content.kind, **asdict(content)}


def content_from_json(data: Mapping[str, Any]) -> Content:
    """The content again; raises InvalidData if kind or fields are unknown."""
    fields = dict(data)
    kind = _TYPES.get(str(fields.pop("kind", "")))
    if kind is None:
        raise InvalidData("unknown kind of content")
    try:
        return kind(**fields)
    except TypeError as error:
        raise InvalidData(f"wrong fields for {kind.kind}") from error


def words_of(content: Content) -> str:
    """What an operator reads in a list: her words, or what she sent in brackets."""
    match content:
        case Text(text=text):
            return text
        case Location(label=label):
            return f"［位置］{label or ''}"
        case MenuClicked(key=key):
            return f"［点了菜单：{key}］"
        case Unsupported(name=name):
            return f"［无法显示的消息：{name}］"
        case _:
            return _LABELS[content.kind]


_LABELS = {
    Image.kind: "［图片］",
    Voice.kind: "［语音］",
    Followed.kind: "［关注了公众号］",
    Unfollowed.kind: "［取消了关注］",
    Scanned.kind: "［扫了二维码］",
}
