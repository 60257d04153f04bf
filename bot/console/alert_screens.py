"""What the banner and the page of alerts show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.console.alert_wording import trouble_words
from bot.console.naming import Names
from bot.conversation.accounts import Accounts
from bot.conversation.alert_words import ALERT_WORDS
from bot.conversation.alerts import Alert, AlertKind, AlertRobot, Telling
from bot.conversation.cases import Case
from bot.store.alert_reads import GivenBack, ShownAlert
from bot.web.times import moment_words, span_words

BANNER_ROWS = 8
"""A banner is glanced at; the page has the rest."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert in words: what, where, how long, and how far each group was told, if its account has any."""

    alert: Alert
    words: str
    lasted: str
    told: tuple[str, ...]

    @property
    def link(self) -> str | None:
        """Where to do something about it."""
        if self.alert.kind is AlertKind.CALL_BACK_LATE:
            return f"/desk/call-backs#call-{self.alert.subject}"
        if self.alert.conversation_id:
            return f"/desk/conversations/{self.alert.conversation_id}"
        return f"/desk/cases/{self.alert.case_id}" if self.alert.case_id else None


@dataclass(frozen=True, slots=True)
class AlertBanner:
    """Above the desk: the most urgent of what stands, how many there are, what she herself lost, and what came back."""

    rows: Sequence[AlertRow]
    total: int
    given_back: Sequence[GivenBack]
    reopened: Sequence[Case]
    now: datetime
    names: Names


@dataclass(frozen=True, slots=True)
class AlertsScreen:
    """The page: what stands, and what was over in the last day."""

    standing: Sequence[AlertRow]
    total: int
    over: Sequence[AlertRow]
    now: datetime
    names: Names
    role: str

    @property
    def without_groups(self) -> list[str]:
        """The names of the accounts of which something is told here that no group is told of."""
        untold = (row.alert.account_id for row in (*self.standing, *self.over) if not row.told)
        return [self.names.account(account_id) for account_id in dict.fromkeys(untold)]


def rows_of(shown: Iterable[ShownAlert], accounts: Accounts, now: datetime) -> list[AlertRow]:
    """Each alert in words."""
    return [
        AlertRow(
            alert=one.alert,
            words=ALERT_WORDS[one.alert.kind],
            lasted=span_words((one.alert.cleared_at or now) - one.alert.since),
            told=_told(one, accounts, now),
        )
        for one in shown
    ]


def _told(shown: ShownAlert, accounts: Accounts, now: datetime) -> tuple[str, ...]:
    account = accounts.get(shown.alert.account_id)
    if account is None:
        return ()
    tellings = {telling.robot: telling for telling in shown.tellings}
    return tuple(
        f"{robot.name}：{_fate(robot, tellings, shown.alert.cleared_at is not None, now)}"
        for robot in account.alert_robots
    )


def _fate(robot: AlertRobot, tellings: dict[str, Telling], over: bool, now: datetime) -> str:
    telling = tellings.get(robot.id)
    if telling is not None and telling.told_at is not None:
        return f"{moment_words(telling.told_at, now)} 通知了"
    if telling is not None and telling.trouble is not None:
        return f"没发出去，{trouble_words(telling.trouble)}{'' if over else '。会再试'}"
    return "没来得及通知就处理完了" if over else "马上通知"
