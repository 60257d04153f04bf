"""What keeps an account from working, told to those who can set it right: which, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.console.errcodes import errcode_words, remedy_words
from bot.console.ports import ConsolePorts
from bot.conversation.accounts import Accounts
from bot.conversation.alarms import Alarm, AlarmKind
from bot.conversation.errors import RedisUnavailable
from bot.conversation.ports import DeadLetter
from bot.conversation.staff import Staff
from bot.turns.dead_letters import dead_letters

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One trouble in words; `letters` if it is about messages that could not be handled."""

    account: str
    what: str
    remedy: str
    since: datetime
    letters: bool = False


async def troubles_for(staff: Staff, ports: ConsolePorts) -> list[Trouble]:
    """All that she should know of; while Redis is away, dead letters cannot be counted and are left out."""
    alarms = await ports.queries.list_alarms(staff.scope)
    try:
        letters = await dead_letters(staff.scope, ports.dead_letters)
    except RedisUnavailable as error:
        log.warning("dead letters not counted", error=str(error))
        letters = []
    return [*_of_alarms(alarms, ports.accounts), *_of_letters(letters, ports.accounts)]


def _of_alarms(alarms: Iterable[Alarm], accounts: Accounts) -> list[Trouble]:
    """Those of dead letters are left out: the inbox itself knows better which are still there."""
    return [_trouble(alarm, accounts) for alarm in alarms if alarm.kind is AlarmKind.SENDING]


def _trouble(alarm: Alarm, accounts: Accounts) -> Trouble:
    errcode = int(alarm.detail) if alarm.detail.removeprefix("-").isdecimal() else 0
    words = errcode_words(errcode) if errcode else "原因不明"
    return Trouble(_name(alarm.account_id, accounts), f"发不出消息：{words}", remedy_words(errcode), alarm.since)


def _of_letters(letters: Iterable[DeadLetter], accounts: Accounts) -> list[Trouble]:
    by_account: dict[str, list[DeadLetter]] = {}
    for letter in letters:
        by_account.setdefault(letter.account_id, []).append(letter)
    remedy = "请打开看一看：可以再试一次，或删除。"
    return [
        Trouble(_name(account_id, accounts), f"有 {len(rows)} 条消息没能处理", remedy, rows[0].buried_at, letters=True)
        for account_id, rows in by_account.items()
    ]


def _name(account_id: str, accounts: Accounts) -> str:
    account = accounts.get(account_id)
    return account.name if account else account_id
