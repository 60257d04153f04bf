"""`niangjia inbox`: messages that could not be handled, shown, tried again, or deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from bot.bootstrap import connect_redis, make_sealer, read_accounts
from bot.console.wording import KINDS, letter_reason
from bot.conversation.clock import SystemClock
from bot.conversation.errors import NotFound
from bot.conversation.staff import Scope
from bot.inbox import RedisInbox
from bot.settings import Settings
from bot.store.engine import create_engine
from bot.store.unit_of_work import SqlUnitOfWork
from bot.turns.dead_letters import DeadLetterPorts, dead_letters, drop, revive
from bot.web.times import moment_words

BY = "command line"
"""Who asked, in the audit trail."""

_ALL = Scope()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[DeadLetterPorts]:
    """What the commands work with; raises InvalidData for a wrong accounts file."""
    sealer, accounts = make_sealer(settings), read_accounts(settings)
    async with connect_redis(settings) as redis, AsyncExitStack() as stack:
        inbox, engine = RedisInbox(redis, sealer), create_engine(settings.sql_url)
        stack.push_async_callback(engine.dispose)
        stack.push_async_callback(inbox.close)
        yield DeadLetterPorts(inbox, partial(SqlUnitOfWork, engine, sealer), SystemClock(), accounts)


async def show_dead(ports: DeadLetterPorts, console: Console) -> None:
    """Print the dead letters, the oldest first."""
    letters, now = await dead_letters(_ALL, ports), ports.clock.now()
    if not letters:
        console.print("没有没能处理的消息。")
        return
    table = Table(
        Column("编号", overflow="fold"),
        "公众号",
        "种类",
        "紧急",
        "收到",
        "放到这里",
        Column("原因", overflow="fold"),
        box=None,
    )
    for letter in letters:
        account = ports.accounts.get(letter.account_id)
        table.add_row(
            escape(letter.key),
            escape(account.name if account else letter.account_id),
            KINDS.get(letter.kind, letter.kind),
            "是" if letter.urgent else "",
            moment_words(letter.received_at, now),
            moment_words(letter.buried_at, now),
            escape(letter_reason(letter.reason)),
        )
    console.print(table, highlight=False)


async def retry_dead(ports: DeadLetterPorts, console: Console, keys: Collection[str] | None) -> bool:
    """Let these, or all of them for None, be taken once more; False, and nothing changes, if one is not there."""
    try:
        moved = await revive(await _chosen(keys, ports), BY, _ALL, ports)
    except NotFound as error:
        return _unknown(error, console)
    console.print(f"已放回 {moved} 条，再处理一次。", highlight=False)
    return True


async def drop_dead(ports: DeadLetterPorts, console: Console, keys: Collection[str] | None) -> bool:
    """Delete these, or all of them for None, for good; False, and nothing changes, if one is not there."""
    try:
        moved = await drop(await _chosen(keys, ports), BY, _ALL, ports)
    except NotFound as error:
        return _unknown(error, console)
    console.print(f"已删除 {moved} 条。", highlight=False)
    return True


async def _chosen(keys: Collection[str] | None, ports: DeadLetterPorts) -> Collection[str]:
    return [letter.key for letter in await dead_letters(_ALL, ports)] if keys is None else keys


def _unknown(error: NotFound, console: Console) -> bool:
    console.print(f"没有这个编号，什么都没有动：{error}", markup=False, highlight=False)
    return False
