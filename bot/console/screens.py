"""What each page and fragment shows: one context a template, built from the read models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.console import wording
from bot.console.lines import Line, line_of
from bot.conversation.accounts import Accounts, Scene, SendingWindow
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.conversations import Mode
from bot.conversation.errors import NotFound
from bot.conversation.levels import Level
from bot.conversation.messages import DeliveryStatus
from bot.conversation.staff import Staff
from bot.knowledge import Directory, KnowledgeBase
from bot.store.queries import ConversationPage, ListedConversation
from bot.turns.reply import MAX_REPLY_CHARACTERS

LATE: Mapping[Level, timedelta] = {Level.CRITICAL: timedelta(minutes=1), Level.HIGH: timedelta(minutes=10)}
"""From when on the waiting is shown in red."""

_WINDOW_SIZE = 5
_KEPT = "现在写的话会先存着，等她下次来信时自动送出。"


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
class Sending:
    """What may still be sent, in plain sight; `hurdle` says what happens to words that must wait, None if none."""

    left: int
    of: int
    closes_in: timedelta | None
    hurdle: str | None


@dataclass(frozen=True, slots=True)
class Chat:
    """The middle and the right column: one conversation; `proof` shows that she opened it by its page."""

    page: ConversationPage
    state: str
    owner_name: str | None
    lines: tuple[Line, ...]
    sending: Sending
    proof: str
    now: datetime
    names: Names

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self.page.conversation.id

    def steps(self, case: Case) -> list[CaseStatus]:
        """What the workflow allows next, in its order."""
        return [status for status in CaseStatus if status in case.next_statuses]


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply box; `trouble` is why the words were not taken, which stay in it."""

    conversation_id: str
    text: str = ""
    trouble: str | None = None
    max_characters: int = MAX_REPLY_CHARACTERS


@dataclass(frozen=True, slots=True)
class Desk:
    """The whole page."""

    lists: Lists
    chat: Chat | None
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
        lines=tuple(line_of(shown, me, staff_names, knowledge) for shown in page.messages),
        sending=_sending(page, now),
        proof=proof,
        now=now,
        names=names,
    )


def _state(page: ConversationPage, me: Staff) -> str:
    """mine, other, waiting, bot or closed."""
    if page.conversation.mode is Mode.HUMAN:
        return "mine" if page.conversation.owner == me.id else "other"
    return page.conversation.mode.value


def _sending(page: ConversationPage, now: datetime) -> Sending:
    window = page.window
    left = window.left(now) if window else 0
    closes_in = window.closes_at - now if window and window.closes_at > now else None
    size = left + window.sent if window and left else _WINDOW_SIZE
    return Sending(left, size, closes_in, _hurdle(page, window, left, now))


def _hurdle(page: ConversationPage, window: SendingWindow | None, left: int, now: datetime) -> str | None:
    if not page.following:
        return "她已取消关注，现在写的话她收不到；她重新关注并来信后才会送出。"
    if window is not None and now >= window.closes_at and window.scene is Scene.GESTURE:
        return f"她上次只是点了菜单或刚关注，微信只让在 1 分钟内发。{_KEPT}"
    if window is None or now >= window.closes_at:
        return f"她超过 48 小时没有来信，微信不让发。{_KEPT}"
    if left == 0:
        return f"她再来信之前能发的条数已用完。{_KEPT}"
    if any(fate.status is DeliveryStatus.HELD for shown in page.messages for fate in shown.fates):
        return "前面还有话存着没送出，会在她下次来信时按先后送出。"
    return None


TEMPLATE_NAMES: Mapping[str, object] = {
    "levels": wording.LEVELS,
    "topics": wording.TOPICS,
    "modes": wording.MODES,
    "dispositions": wording.DISPOSITIONS,
    "case_statuses": wording.CASE_STATUSES,
    "case_steps": wording.CASE_STEPS,
    "new_reply": Reply,
}
"""What every template knows: the wordings of our codes, and an empty reply box."""
