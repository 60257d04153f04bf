"""What the webhook needs from the house."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.accounts import Accounts
from bot.conversation.clock import Clock
from bot.conversation.ports import Inbox, Sealer
from bot.triage import Rules


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from the arrival of a request; the platform hangs up after five (wechat.md section 3)."""

    answer_s: float = 4.5
    """A reply found later than this would not reach the platform in time."""
    hold_s: float = 5.5
    """When the platform has certainly hung up, and asks again."""


@dataclass(frozen=True, slots=True)
class GatewayPorts:
    """Everything that the webhook talks to."""

    inbox: Inbox
    sealer: Sealer
    rules: Rules
    accounts: Accounts
    clock: Clock
    timing: Timing = Timing()
