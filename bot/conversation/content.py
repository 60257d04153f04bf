"""What a person sends or does, and what is sent to her: one frozen type a kind, to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, get_args

from bot.conversation.errors import InvalidData

# --- what she sends (wechat.md section 2) ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Words, hers or ours; `menu_id` is set when she tapped an item of a menu message."""

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
    """A voice message; `format` as the platform names it, mostly amr.

    `fine_media_id` is the same at 16 kHz. `recognition` is what the platform itself heard, where it still listens.
    """

    kind: ClassVar[str] = "voice"
    media_id: str
    format: str | None = None
    fine_media_id: str | None = None
    recognition: str | None = None


@dataclass(frozen=True, slots=True)
class Video:
    """A video; `short` when it was taken in the chat itself."""

    kind: ClassVar[str] = "video"
    media_id: str
    thumbnail_id: str | None = None
    short: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    """A place she sent; degrees, WGS or GCJ as the platform gives them."""

    kind: ClassVar[str] = "location"
    latitude: float
    longitude: float
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A page that she passed on."""

    kind: ClassVar[str] = "link"
    title: str
    url: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard in a voice message of hers, told by ourselves once it is known; None if nothing could be.

    `message_id` names the voice message.
    """

    kind: ClassVar[str] = "transcript"
    message_id: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A kind that we cannot read; `name` is the platform's own name of it."""

    kind: ClassVar[str] = "unsupported"
    name: str


# --- what she does ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Followed:
    """She followed the account; `scene` when by a QR code of ours."""

    kind: ClassVar[str] = "followed"
    scene: str | None = None


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
class Unfollowed:
    """She left the account: nothing can be sent any more, and the platform asks that her data be deleted."""

    kind: ClassVar[str] = "unfollowed"


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """She gave up her WeChat account altogether (user_authorization_cancellation)."""

    kind: ClassVar[str] = "account_closed"


@dataclass(frozen=True, slots=True)
class ConsentRevoked:
    """She took back what she had let the account see; the platform's numbers, such as 206 for places."""

    kind: ClassVar[str] = "consent_revoked"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubscriptionAnswered:
    """She allowed or refused notices of one template; `allowed` adds one notice, a refusal takes all."""

    kind: ClassVar[str] = "subscription_answered"
    template_id: str
    allowed: bool


@dataclass(frozen=True, slots=True)
class NoticeSettled:
    """The platform tells what became of a notice outside the chat; `errcode` 0 when it reached her."""

    kind: ClassVar[str] = "notice_settled"
    template_id: str
    errcode: int


# --- what we send besides words ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of ours; `media_id` names it in the store."""

    kind: ClassVar[str] = "picture"
    media_id: str


@dataclass(frozen=True, slots=True)
class Sound:
    """A voice message of ours; `media_id` names it in the store."""

    kind: ClassVar[str] = "sound"
    media_id: str


@dataclass(frozen=True, slots=True)
class Card:
    """A page shown as a card (news); the platform takes one a message."""

    kind: ClassVar[str] = "card"
    title: str
    url: str
    description: str = ""
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """A question with answers to tap (msgmenu): pairs of id and words, between words before and after."""

    kind: ClassVar[str] = "choices"
    head: str
    items: tuple[tuple[str, str], ...]
    tail: str = ""

    @property
    def text(self) -> str:
        """The same as words, where the platform knows no menu: she answers with a number."""
        lines = [f"{number}. {words}" for number, (_, words) in enumerate(self.items, start=1)]
        return "\n".join(line for line in (self.head, *lines, self.tail) if line)


Content = (
    Text
    | Image
    | Voice
    | Video
    | Location
    | Link
    | Transcript
    | Unsupported
    | Followed
    | MenuClicked
    | Scanned
    | Unfollowed
    | AccountClosed
    | ConsentRevoked
    | SubscriptionAnswered
    | NoticeSettled
)
"""What comes in."""

Outgoing = Text | Picture | Sound | Card | Choices
"""What goes out."""

Said = Content | Outgoing
"""What a line of a conversation holds."""

Silent = Unfollowed | AccountClosed | ConsentRevoked | SubscriptionAnswered | NoticeSettled
"""What is recorded but never answered."""

_TYPES: Mapping[str, type[Said]] = {kind.kind: kind for kind in get_args(Said)}


def content_to_json(content: Said) -> dict[str, Any]:
    """The content as a JSON object with its `kind`."""
    return {"kind": content.kind, **asdict(content)}


def content_from_json(data: Mapping[str, Any]) -> Said:
    """The content again; raises InvalidData if kind or fields are unknown."""
    fields = dict(data)
    kind = _TYPES.get(str(fields.pop("kind", "")))
    if kind is None:
        raise InvalidData("unknown kind of content")
    try:
        return kind(**{name: _frozen(value) for name, value in fields.items()})
    except TypeError as error:
        raise InvalidData(f"wrong fields for {kind.kind}") from error


def inbound_from_json(data: Mapping[str, Any]) -> Content:
    """What came in; raises InvalidData, also for what can only go out."""
    content = content_from_json(data)
    if not isinstance(content, Content):
        raise InvalidData("not a kind that comes in")
    return content


def outgoing_from_json(data: Mapping[str, Any]) -> Outgoing:
    """What goes out; raises InvalidData, also for what can only come in."""
    content = content_from_json(data)
    if not isinstance(content, Outgoing):
        raise InvalidData("not a kind that goes out")
    return content


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


def words_of(content: Said) -> str:
    """What an operator reads in a list: the words, or what it is in brackets."""
    match content:
        case Text(text=text) | Choices(text=text):
            return text
        case Transcript(text=text):
            return f"［语音转文字］{text}" if text else "［语音没能转成文字］"
        case Voice(recognition=str() as heard) if heard:
            return f"［语音］{heard}"
        case Location(label=label):
            return f"［位置］{label or ''}"
        case Link(title=title) | Card(title=title):
            return f"［链接］{title}"
        case Unsupported(name=name):
            return f"［无法显示的消息：{_NAMES.get(name, name)}］"
        case _:
            return _LABELS[content.kind]


_NAMES = {Text.kind: "文字", Image.kind: "图片", Voice.kind: "语音", Video.kind: "视频", "file": "文件"}
"""Of what stands for itself no longer, or cannot be fetched (a document), by the platform's word for it."""

_LABELS = {
    Image.kind: "［图片］",
    Picture.kind: "［图片］",
    Voice.kind: "［语音］",
    Sound.kind: "［语音］",
    Video.kind: "［视频］",
    MenuClicked.kind: "［点了菜单］",
    Followed.kind: "［关注了公众号］",
    Scanned.kind: "［扫了二维码］",
    Unfollowed.kind: "［取消了关注］",
    AccountClosed.kind: "［注销了微信］",
    ConsentRevoked.kind: "［撤回了授权］",
    SubscriptionAnswered.kind: "［答复了订阅通知］",
    NoticeSettled.kind: "［订阅通知的结果］",
}
