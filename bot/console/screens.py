"""What each page and fragment shows: one context a template, built from the read models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.console import wording
from bot.console.alarms import Trouble
from bot.console.answers import Answered, answered
from bot.console.errcodes import errcode_words
from bot.console.lines import Line, lines_of
from bot.console.sending import Sending, sending_of
from bot.conversation.accounts import Accounts
from bot.conversation.cases import NAMES_AGENCY, NEEDS_WORDS, Case, CaseStatus
from bot.conversation.conversations import Mode
from bot.conversation.errors import NotFound
from bot.conversation.levels import Level
from bot.conversation.ports import DeadLetter
from bot.conversation.staff import Staff
from bot.knowledge import Directory, KnowledgeBase
from bot.store.queries import ConversationPage, ListedConversation
from bot.turns.reply import MAX_PICTURE_BYTES, MAX_REPLY_CHARACTERS

LATE: Mapping[Level, timedelta] = {Level.CRITICAL: timedelta(minutes=1), Level.HIGH: timedelta(minutes=10)}
"""From when on the waiting is shown in red."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of accounts and regions."""

    accounts: Accounts
    directory: Directory

    def account(self, account_id: str) -> str:
        """The account's name, or its id if it is no longer configured."""
        account = self.accounts.get(account_id)
        return account.name if account else account_id

    def region(self, code: str) -> str:
        """The region's name, or its code."""
        try:
            return self.directory.name(code)
        except NotFound:
            return code


@dataclass(frozen=True, slots=True)
class Lists:
    """The left column; `open_id` is the conversation that is open beside it."""

    waiting: Sequence[ListedConversation]
    mine: Sequence[ListedConversation]
    open_id: str | None
    now: datetime
    names: Names

    @property
    def urgent(self) -> int:
        """How many wait at the highest level."""
        return sum(row.level is Level.CRITICAL for row in self.waiting)

    def lanes(self) -> list[tuple[Level, list[ListedConversation]]]:
        """The waiting by level, the most urgent first; empty levels are left out."""
        lanes = [(level, [row for row in self.waiting if row.level is level]) for level in reversed(Level)]
        return [(level, rows) for level, rows in lanes if rows]

    def late_s(self, level: Level) -> int:
        """After how many seconds of waiting at this level the time turns red."""
        return int(LATE.get(level, timedelta(days=1)).total_seconds())

    def late(self, row: ListedConversation) -> bool:
        """Whether this one waits too long."""
        return (self.now - row.requested_at).total_seconds() >= self.late_s(row.level)


@dataclass(frozen=True, slots=True)
class Chat:
    """The middle and the right column: one conversation; `proof` shows that she opened it by its page."""

    page: ConversationPage
    state: str
    owner_name: str | None
    lines: tuple[Line, ...]
    answered: tuple[Answered, ...]
    sending: Sending
    proof: str
    now: datetime
    names: Names

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self.page.conversation.id

    def steps(self, case: Case) -> list[CaseStatus]:
        """What the workflow allows next and needs nothing more, in its order."""
        easy = case.next_statuses - NAMES_AGENCY - NEEDS_WORDS
        return [status for status in CaseStatus if status in easy]


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply box; `trouble` is why the words were not taken, which stay in it."""

    conversation_id: str
    text: str = ""
    trouble: str | None = None
    max_characters: int = MAX_REPLY_CHARACTERS


@dataclass(frozen=True, slots=True)
class PictureBox:
    """The form for a picture; `trouble` is why the last one was not taken."""

    conversation_id: str
    trouble: str | None = None
    max_bytes: int = MAX_PICTURE_BYTES


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
    on_duty: bool
    notice: str | None
    role: str


def chat_of(
    page: ConversationPage,
    me: Staff,
    staff_names: Mapping[str, str],
    knowledge: KnowledgeBase,
    names: Names,
    proof: str,
    now: datetime,
) -> Chat:
    """The conversation as this member of staff sees it."""
    owner = page.conversation.owner
    return Chat(
        page=page,
        state=_state(page, me),
        owner_name=staff_names.get(owner, "同事") if owner else None,
        lines=lines_of(page.messages, me, staff_names, knowledge),
        answered=answered(page.flows),
        sending=sending_of(page, names.accounts.get(page.conversation.account_id), now),
        proof=proof,
        now=now,
        names=names,
    )


def _state(page: ConversationPage, me: Staff) -> str:
    """mine, other, waiting, bot or closed."""
    if page.conversation.mode is Mode.HUMAN:
        return "mine" if page.conversation.owner == me.id else "other"
    return page.conversation.mode.value


TEMPLATE_NAMES: Mapping[str, object] = {
    "levels": wording.LEVELS,
    "topics": wording.TOPICS,
    "modes": wording.MODES,
    "dispositions": wording.DISPOSITIONS,
    "case_statuses": wording.CASE_STATUSES,
    "case_steps": wording.CASE_STEPS,
    "referrals": wording.REFERRALS,
    "new_reply": Reply,
    "new_picture": PictureBox,
    "kinds": wording.KINDS,
    "letter_reason": wording.letter_reason,
    "errcode_words": errcode_words,
}
"""What every template knows: the wordings of our codes, and an empty reply box."""
