"""What each page and fragment shows: one context a template, built from the read models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.console import wording
from bot.console.alarms import Trouble
from bot.console.alert_screens import AlertBanner
from bot.console.answers import Answered, answered
from bot.console.board import Board
from bot.console.canned import AT_HAND, Ready
from bot.console.errcodes import errcode_words
from bot.console.lines import Line, NoteLine, lines_of, with_notes
from bot.console.naming import Names as Names
from bot.console.sending import Sending, sending_of
from bot.conversation.cases import NAMES_AGENCY, Case, CaseStatus
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.handoffs import Skill
from bot.conversation.levels import Level
from bot.conversation.masking import masked
from bot.conversation.messages import new_id
from bot.conversation.notes import MAX_NOTE
from bot.conversation.ports import DeadLetter
from bot.conversation.staff import Staff
from bot.handoff.deadlines import DEADLINES
from bot.knowledge import KnowledgeBase
from bot.store.lists import ListedConversation, OwnLists, WaitingList
from bot.store.queries import ConversationPage
from bot.turns.reply import MAX_PICTURE_BYTES, MAX_REPLY_CHARACTERS


@dataclass(frozen=True, slots=True)
class Lists:
    """The left column; `open_id` is the conversation that is open beside it.

    The cards of the waiting look the same to everybody, and `board` keeps them. Her browser waits `pace_ms` between two
    refreshes.
    """

    waiting: WaitingList
    own: OwnLists
    open_id: str | None
    now: datetime
    names: Names
    pace_ms: int
    board: Board

    @property
    def urgent(self) -> int:
        """How many wait at the highest level."""
        return self.waiting.counts.get(Level.CRITICAL, 0)

    def lanes(self) -> list[tuple[Level, list[ListedConversation]]]:
        """The waiting by level, the most urgent first; empty levels are left out, and what is kept for her."""
        kept = {row.conversation_id for row in self.own.kept}
        rows = [row for row in self.waiting.rows if row.conversation_id not in kept]
        lanes = [(level, [row for row in rows if row.level is level]) for level in reversed(Level)]
        return [(level, rows) for level, rows in lanes if rows]

    def count(self, level: Level) -> int:
        """How many wait at this level, without what is kept for her."""
        return self.waiting.counts.get(level, 0) - sum(row.level is level for row in self.own.kept)

    @property
    def total(self) -> int:
        """How many wait, without what is kept for her."""
        return sum(map(self.count, Level))

    def more(self, level: Level, shown: int) -> int:
        """How many of this level are not among those shown."""
        return self.count(level) - shown

    def late_s(self, level: Level, *, waiting: bool) -> int | None:
        """After how many seconds of `waiting` for a person, or else of waiting for her answer, the time turns red."""
        allowed = DEADLINES[level].waiting if waiting else DEADLINES[level].answer
        return None if allowed is None else int(allowed.total_seconds())


@dataclass(frozen=True, slots=True)
class Chat:
    """The middle and the right column: one conversation; `proof` shows that she opened it by its page."""

    page: ConversationPage
    state: str
    owner_name: str | None
    kept_for: str | None
    lines: tuple[Line | NoteLine, ...]
    answered: tuple[Answered, ...]
    sending: Sending
    canned: tuple[Ready, ...]
    proof: str
    now: datetime
    names: Names

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self.page.conversation.id

    @property
    def skill(self) -> Skill | None:
        """What an open question asks for beyond its topic."""
        asked = self.page.handoff if self.page.conversation.mode in {Mode.WAITING, Mode.HUMAN} else None
        skill = asked.skill if asked else None
        same = skill and wording.SKILLS[skill] == wording.TOPICS[self.page.conversation.topic]
        return None if same else skill

    @property
    def person(self) -> Person:
        """What is known of her, hidden."""
        return Person(self.id, self.page.masked_name, self.page.masked_phone)

    @property
    def earlier(self) -> list[Conversation]:
        """Her conversations before this one that none of the earlier cases leads to."""
        filed = {case.conversation_id for case in self.page.earlier_cases}
        return [talk for talk in self.page.earlier if talk.id not in filed]

    @property
    def at_hand(self) -> tuple[Ready, ...]:
        """The canned replies that have a key."""
        return self.canned[:AT_HAND]

    def steps(self, case: Case) -> list[CaseStatus]:
        """What the workflow allows next and needs nothing more, in its order."""
        easy = case.next_statuses - NAMES_AGENCY
        return [status for status in CaseStatus if status in easy and not case.needs_words(status)]


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply box; `trouble` is why the words were not taken, which stay in it. `key` is this box's own."""

    conversation_id: str
    text: str = ""
    trouble: str | None = None
    max_characters: int = MAX_REPLY_CHARACTERS
    key: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class NoteBox:
    """The box for a note; `trouble` is why the words were not taken, which stay in it. `key` is this box's own."""

    conversation_id: str
    text: str = ""
    trouble: str | None = None
    max_characters: int = MAX_NOTE
    key: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of her: hidden, or `shown` to be read and changed; `trouble` is why it was not taken."""

    conversation_id: str
    name: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    shown: bool = False
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Bubble:
    """The words of one line; `shown` with the numbers that are hidden otherwise."""

    conversation_id: str
    line: Line | NoteLine
    now: datetime
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What she answered in one flow; `shown` with the numbers that are hidden otherwise."""

    flow: Answered
    shown: bool = False


@dataclass(frozen=True, slots=True)
class PictureBox:
    """The form for a picture; `trouble` is why the last one was not taken. `key` is this form's own."""

    conversation_id: str
    trouble: str | None = None
    max_bytes: int = MAX_PICTURE_BYTES
    key: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Letters:
    """The page of the messages that could not be handled."""

    letters: Sequence[DeadLetter]
    now: datetime
    names: Names
    role: str
    notice: str | None


@dataclass(frozen=True, slots=True)
class Troubles:
    """What keeps accounts from working."""

    rows: Sequence[Trouble]
    now: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole page; `troubles` is None for those who do not look after the whole."""

    lists: Lists
    chat: Chat | None
    troubles: Troubles | None
    alerts: AlertBanner
    on_duty: bool
    notice: str | None
    role: str


def chat_of(
    page: ConversationPage,
    me: Staff,
    staff_names: Mapping[str, str],
    knowledge: KnowledgeBase,
    names: Names,
    canned: tuple[Ready, ...],
    proof: str,
    now: datetime,
) -> Chat:
    """The conversation as this member of staff sees it."""
    owner = page.conversation.owner
    return Chat(
        page=page,
        state=_state(page, me),
        owner_name=staff_names.get(owner, "同事") if owner else None,
        kept_for=_kept_for(page, me, staff_names),
        lines=with_notes(lines_of(page.messages, me, staff_names, knowledge), page.notes, me, staff_names),
        answered=answered(page.flows),
        sending=sending_of(page, names.accounts.get(page.conversation.account_id), now),
        canned=canned,
        proof=proof,
        now=now,
        names=names,
    )


def _state(page: ConversationPage, me: Staff) -> str:
    """mine, other, waiting, bot or closed."""
    if page.conversation.mode is Mode.HUMAN:
        return "mine" if page.conversation.owner == me.id else "other"
    return page.conversation.mode.value


def _kept_for(page: ConversationPage, me: Staff, staff_names: Mapping[str, str]) -> str | None:
    """For whom it waits, if it waits for one."""
    kept = page.handoff.to_staff if page.handoff and page.conversation.mode is Mode.WAITING else None
    return None if kept is None else "您" if kept == me.id else staff_names.get(kept, "同事")


TEMPLATE_NAMES: Mapping[str, object] = {
    "levels": wording.LEVELS,
    "topics": wording.TOPICS,
    "modes": wording.MODES,
    "skills": wording.SKILLS,
    "dispositions": wording.DISPOSITIONS,
    "case_statuses": wording.CASE_STATUSES,
    "case_steps": wording.CASE_STEPS,
    "referrals": wording.REFERRALS,
    "new_reply": Reply,
    "new_picture": PictureBox,
    "new_note": NoteBox,
    "bubble": Bubble,
    "answers": Answers,
    "kinds": wording.KINDS,
    "masked": masked,
    "letter_reason": wording.letter_reason,
    "errcode_words": errcode_words,
}
"""What every template knows: the wordings of our codes, and an empty reply box."""
