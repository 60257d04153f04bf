"""Messages that could not be handled: tried again or deleted by somebody of the office, and written down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from bot.conversation.accounts import Accounts
from bot.conversation.alarms import AlarmKind
from bot.conversation.clock import Clock
from bot.conversation.errors import NotFound
from bot.conversation.messages import new_id
from bot.conversation.ports import DeadLetter, Inbox
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import AuditEntry, Scope


@dataclass(frozen=True, slots=True)
class DeadLetterPorts:
    """What looking after dead letters needs."""

    inbox: Inbox
    units: UnitsOfWork
    clock: Clock
    accounts: Accounts


async def dead_letters(scope: Scope, ports: DeadLetterPorts) -> list[DeadLetter]:
    """Those of the scope, the oldest first; an account that is no longer configured has no region.

    Raises RedisUnavailable.
    """
    regions = {account.id: account.region for account in ports.accounts.values()}
    letters = await ports.inbox.dead()
    return [letter for letter in letters if scope.covers(letter.account_id, regions.get(letter.account_id, ""))]


async def revive(keys: Collection[str], by: str, scope: Scope, ports: DeadLetterPorts) -> int:
    """Let the messages of these keys be taken once more; returns how many still lay there.

    `by` is the id of who asks. Raises NotFound with the keys that are not there or outside the scope, and then changes
    nothing; StoreUnavailable, RedisUnavailable.
    """
    return await _settle(keys, by, scope, "letter.revive", ports.inbox.revive, ports)


async def drop(keys: Collection[str], by: str, scope: Scope, ports: DeadLetterPorts) -> int:
    """Delete the messages of these keys for good; otherwise as `revive`."""
    return await _settle(keys, by, scope, "letter.drop", ports.inbox.drop, ports)


async def _settle(
    keys: Collection[str],
    by: str,
    scope: Scope,
    action: str,
    move: Callable[[str], Awaitable[bool]],
    ports: DeadLetterPorts,
) -> int:
    known = {letter.key: letter.account_id for letter in await dead_letters(scope, ports)}
    if unknown := [key for key in keys if key not in known]:
        raise NotFound(", ".join(unknown))
    async with ports.units() as uow:  # written down first: nothing may vanish without a trace
        for key in keys:
            await uow.audit.append(AuditEntry(new_id(), by, action, key, ports.clock.now()))
        await uow.commit()
    moved = [await move(key) for key in keys]
    await _end_alarms({known[key] for key in keys}, ports)
    return sum(moved)


async def _end_alarms(account_ids: Collection[str], ports: DeadLetterPorts) -> None:
    """The alarm of an account ends with its last dead letter."""
    rest = {letter.account_id for letter in await ports.inbox.dead()}
    async with ports.units() as uow:
        for account_id in set(account_ids) - rest:
            await uow.alarms.clear(account_id, AlarmKind.DEAD_LETTER)
        await uow.commit()
