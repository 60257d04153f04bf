"""The gateway's figures: how each request ended, what came in, and each send."""

from __future__ import annotations

from enum import StrEnum

from prometheus_client import Counter

REQUESTS = Counter("niangjia_gateway_requests", "Requests of the platform, by how they ended", ["account", "outcome"])
INBOUND = Counter("niangjia_gateway_inbound", "What people sent and did, once each, by kind", ["account", "kind"])
NOTICES = Counter(
    "niangjia_gateway_notices",
    "Events that change nothing for a person, by the platform's name",
    ["account", "event"],
)
SENDS = Counter(
    "niangjia_gateway_sends",
    "Customer-service messages, by result and the platform's number",
    ["account", "status", "errcode"],
)


class Outcome(StrEnum):
    """How a request ended, if it was not refused (`Reason` has those)."""

    VERIFIED = "verified"
    IGNORED = "ignored"
    """An event that changes nothing for a person."""
    STORED = "stored"
    """Nothing is ever said to this kind."""
    REPLIED = "replied"
    SILENT = "silent"
    """The turn has nothing to say."""
    LATER = "later"
    """The turn took too long: what it says goes by customer-service message."""
    UNATTENDED = "unattended"
    """No worker is alive: what the turn will say goes by customer-service message."""
    UNFIT = "unfit"
    """The reply cannot be a passive one: it goes by customer-service message."""
    RETRIED = "retried"
    """Held until the platform gave up, so that it asks again."""
    GONE = "gone"
    """The platform hung up before the reply was there."""
    UNAVAILABLE = "unavailable"
    FAILED = "failed"
    """A fault of ours."""
