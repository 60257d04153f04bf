"""A conversation as an operator reads it: who said what and when, how it was understood, what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.console.wording import fate_words
from bot.conversation.content import Content, Image, Location, words_of
from bot.conversation.levels import Level
from bot.conversation.messages import OPEN_DELIVERIES, Author, DeliveryStatus, Message
from bot.conversation.staff import Staff
from bot.knowledge import KnowledgeBase
from bot.store.queries import Fate, ShownMessage

SHOWN_CHARACTERS = 1500
"""What is longer is folded: one hostile message must not push the conversation off the screen."""


_SIDES = {
    Author.CONTACT: "hers",
    Author.ASSISTANT: "assistant",
    Author.OPERATOR: "ours",
    Author.SYSTEM: "system",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one sending: `tone` is well, open, held or bad."""

    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class Line:
    """One message; `side` is hers, assistant, ours or system; `rest` is folded away."""

    id: str
    side: str
    who: str
    at: datetime
    text: str = field(repr=False)
    rest: str = field(repr=False)
    picture: str | None
    understood: str | None
    level: Level | None
    fates: tuple[Sent, ...]


def line_of(shown: ShownMessage, me: Staff, names: Mapping[str, str], knowledge: KnowledgeBase) -> Line:
    """The line of one message; `names` are the display names of other members of staff by id."""
    message, text = shown.message, _text_of(shown.message.content)
    return Line(
        id=message.id,
        side=_SIDES[message.author],
        who=_who(message, me, names),
        at=message.at,
        text=text[:SHOWN_CHARACTERS],
        rest=text[SHOWN_CHARACTERS:],
        picture=_picture(message.content),
        understood=_understood(message, knowledge),
        level=Level(message.level) if message.level and Level(message.level).needs_person else None,
        fates=tuple(dict.fromkeys(_sent(fate) for fate in shown.fates)),
    )


def _who(message: Message, me: Staff, names: Mapping[str, str]) -> str:
    match message.author:
        case Author.CONTACT:
            return "她"
        case Author.ASSISTANT:
            return "智能助手"
        case Author.SYSTEM:
            return "系统"
        case Author.OPERATOR:
            return "我" if message.staff_id == me.id else names.get(message.staff_id or "", "同事")


def _text_of(content: Content) -> str:
    if isinstance(content, Location):
        return f"{words_of(content)}（纬度 {content.latitude:.5f}，经度 {content.longitude:.5f}）"
    return words_of(content)


def _picture(content: Content) -> str | None:
    """Only an address of the web: what the platform sends must not become a link that runs something."""
    if isinstance(content, Image) and content.url and content.url.startswith(("https://", "http://")):
        return content.url
    return None


def _understood(message: Message, knowledge: KnowledgeBase) -> str | None:
    if message.intent is None:
        return None
    title = knowledge.title_of_intent(message.intent) or message.intent
    return title if message.confidence is None else f"{title} {message.confidence:.0%}"


def _sent(fate: Fate) -> Sent:
    tones = {DeliveryStatus.SENT: "well", DeliveryStatus.HELD: "held", DeliveryStatus.REFUSED: "bad"}
    words = fate_words(fate.status, fate.route, fate.errcode)
    return Sent(words, "open" if fate.status in OPEN_DELIVERIES else tones[fate.status])
