"""A conversation as an operator reads it: who said what and when, how it was understood, what became of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.console.attachments import File, Page, file_of, page_of
from bot.console.folding import Folded, folded
from bot.console.wording import fate_words
from bot.conversation.content import Location, MenuClicked, Said, Transcript, Voice, words_of
from bot.conversation.errors import NotFound
from bot.conversation.levels import Level
from bot.conversation.masking import masked
from bot.conversation.media import MediaStatus
from bot.conversation.messages import OPEN_DELIVERIES, Author, DeliveryStatus, Message
from bot.conversation.notes import Note
from bot.conversation.staff import Staff
from bot.knowledge import KnowledgeBase
from bot.store.queries import Fate, ShownMessage

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
    """One message; `side` is hers, assistant, ours or system; `hides` if a number is hidden.

    `heard` is what a voice message says, as far as a machine could tell; empty if it could not.
    """

    id: str
    side: str
    who: str
    at: datetime
    said: Folded
    heard: Folded | None
    file: File | None
    page: Page | None
    understood: str | None
    level: Level | None
    reasons: tuple[str, ...]
    fates: tuple[Sent, ...]
    hides: bool


@dataclass(frozen=True, slots=True)
class NoteLine:
    """What a colleague noted, among the lines; it went to nobody."""

    id: str
    who: str
    at: datetime
    said: Folded
    hides: bool
    side: str = "note"
    level: None = None
    reasons: tuple[str, ...] = ()
    understood: None = None
    fates: tuple[Sent, ...] = ()


def lines_of(
    messages: Iterable[ShownMessage],
    me: Staff,
    names: Mapping[str, str],
    knowledge: KnowledgeBase,
    show: Callable[[str], str] = masked,
) -> tuple[Line, ...]:
    """The lines of a conversation; `names` are the display names of other members of staff by id.

    What was heard in a voice message stands with it, however late it was known. `show` says what of the words is seen.
    """
    shown = list(messages)
    there = {one.message.id for one in shown}
    heard = {
        content.message_id: one.message
        for one in shown
        if isinstance(content := one.message.content, Transcript) and content.message_id in there
    }
    apart = {message.id for message in heard.values()}
    return tuple(
        _line(one, heard.get(one.message.id), me, names, knowledge, show)
        for one in shown
        if one.message.id not in apart
    )


def with_notes(
    lines: Sequence[Line], notes: Iterable[Note], me: Staff, names: Mapping[str, str]
) -> tuple[Line | NoteLine, ...]:
    """The lines in their order, and between them each note where it was written."""
    waiting = deque(note_line(note, me, names) for note in notes)
    mixed: list[Line | NoteLine] = []
    for line in lines:
        while waiting and waiting[0].at < line.at:
            mixed.append(waiting.popleft())
        mixed.append(line)
    return (*mixed, *waiting)


def note_line(note: Note, me: Staff, names: Mapping[str, str], show: Callable[[str], str] = masked) -> NoteLine:
    """A note as a line; `show` says what of the words is seen."""
    who = _colleague(note.staff_id, me, names) if note.staff_id else "系统"
    said = folded(note.text, show)
    return NoteLine(note.id, who, note.at, said, said.hides)


def _line(
    shown: ShownMessage,
    heard: Message | None,
    me: Staff,
    names: Mapping[str, str],
    knowledge: KnowledgeBase,
    show: Callable[[str], str],
) -> Line:
    message, media = shown.message, shown.media
    page = page_of(message.content, show)
    told = page is None and (media is None or media.status is not MediaStatus.STORED)
    words = _text_of(message.content, knowledge) if told else ""
    spoken = _heard(message.content, heard)
    said, heard_words = folded(words, show), None if spoken is None else folded(spoken, show)
    return Line(
        id=message.id,
        side=_SIDES[message.author],
        who=_who(message, me, names),
        at=message.at,
        said=said,
        heard=heard_words,
        file=file_of(media, message.content) if media else None,
        page=page,
        understood=_understood(heard or message, knowledge),
        level=_level(message, heard),
        reasons=tuple(dict.fromkeys((*message.reasons, *(heard.reasons if heard else ())))),
        fates=tuple(dict.fromkeys(_sent(fate) for fate in shown.fates)),
        hides=any(part.hides for part in (said, heard_words, page) if part is not None),
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
            return _colleague(message.staff_id, me, names)


def _colleague(staff_id: str | None, me: Staff, names: Mapping[str, str]) -> str:
    return "我" if staff_id == me.id else names.get(staff_id or "", "同事")


def _text_of(content: Said, knowledge: KnowledgeBase) -> str:
    match content:
        case Location(latitude=latitude, longitude=longitude):
            return f"{words_of(content)}（纬度 {latitude:.5f}，经度 {longitude:.5f}）"
        case Voice():  # what was heard stands beside it
            return words_of(replace(content, recognition=None))
        case MenuClicked(key=key):
            return _tapped(key, knowledge) or words_of(content)
        case _:
            return words_of(content)


def _tapped(key: str, knowledge: KnowledgeBase) -> str | None:
    """The article that she tapped; None where the item calls a person, or the menu is older than the articles."""
    try:
        return f"［点了菜单：{knowledge.article(key).title}］"
    except NotFound:
        return None


def _heard(content: Said, heard: Message | None) -> str | None:
    """What we heard ourselves, or else what the platform did."""
    if heard is not None and isinstance(heard.content, Transcript):
        return heard.content.text or ""
    return content.recognition or None if isinstance(content, Voice) else None


def _level(message: Message, heard: Message | None) -> Level | None:
    highest = Level.highest(*(Level(one.level) for one in (message, heard) if one is not None and one.level))
    return highest if highest.needs_person else None


def _understood(message: Message, knowledge: KnowledgeBase) -> str | None:
    if message.intent is None:
        return None
    title = knowledge.title_of_intent(message.intent) or message.intent
    return title if message.confidence is None else f"{title} {message.confidence:.0%}"


def _sent(fate: Fate) -> Sent:
    tones = {DeliveryStatus.SENT: "well", DeliveryStatus.HELD: "held", DeliveryStatus.REFUSED: "bad"}
    words = fate_words(fate.status, fate.route, fate.errcode)
    return Sent(words, "open" if fate.status in OPEN_DELIVERIES else tones[fate.status])
