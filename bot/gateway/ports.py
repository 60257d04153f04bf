"""What the webhook needs from the house."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.conversation.accounts import Accounts
from bot.conversation.clock import Clock
from bot.conversation.ports import Inbox, Sealer
from bot.gateway.pulse import Pulse
from bot.triage import Rules


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from the arrival of a request; the platform hangs up after five (wechat.md section 3)."""

    body_s: float = 5.0
    """For the body: the platform waits no longer for the whole exchange."""
    answer_s: float = 4.0
    """How long a request waits for its reply; the rest is for the way back, on a busy day too."""
    show_s: float = 4.3
    """A reply is not written later than this: on its way back the platform may hang up, and it would count as shown."""
    lost_s: float = 5.0
    """What was begun in time and yet was not out by now came to a platform that has hung up."""
    hold_s: float = 5.5
    """When the platform has certainly hung up, and asks again."""


@dataclass(frozen=True, slots=True)
class GatewayPorts:
    """Everything that the webhook talks to, and how it goes about it."""

    inbox: Inbox
    sealer: Sealer
    rules: Rules
    accounts: Accounts
    clock: Clock
    timing: Timing = Timing()
    pulse: Pulse = field(default_factory=Pulse)
    fresh: timedelta = timedelta(minutes=5)
    """How far the timestamp of a request may be from our clock."""
