"""Canned replies as an operator has them at hand in one conversation: their places filled, hers first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.console.ports import ConsolePorts
from bot.conversation.accounts import Account
from bot.conversation.canned import CannedReply
from bot.conversation.clock import HUNAN
from bot.conversation.staff import Staff

AT_HAND = 9
"""As many as there are keys for: Ctrl+1 to Ctrl+9."""


@dataclass(frozen=True, slots=True)
class Ready:
    """One to put into the reply as it stands."""

    title: str
    text: str


async def replies_of(staff: Staff, ports: ConsolePorts) -> list[CannedReply]:
    """All that this operator may use: her own, then everybody's, then those that came with the system."""
    return [*await ports.queries.canned_replies(staff.id), *ports.canned]


def ready(replies: Iterable[CannedReply], values: Mapping[str, str]) -> tuple[Ready, ...]:
    """These with their places filled."""
    return tuple(Ready(reply.title, reply.filled(values)) for reply in replies)


def places(account: Account, region: str, case_number: str | None, staff: Staff, ports: ConsolePorts) -> dict[str, str]:
    """What stands in the places of a canned reply to somebody of this account and region."""
    directory, today = ports.directory, ports.clock.now().astimezone(HUNAN)
    return {
        "account": account.name,
        "hotline": directory.hotline(region),
        "operator": staff.display_name,
        "case": case_number or "",
        "office": f"{directory.full_name(region)}妇联" if region in directory else account.name,
        "today": f"{today.month}月{today.day}日",
    }
