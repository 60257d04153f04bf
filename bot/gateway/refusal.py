"""Why a request is turned away: each reason with its HTTP status."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """The reasons; the name is the metric's label, the value the status and the body of the answer."""

    UNKNOWN_ACCOUNT = (404, "no such account")
    TOO_SLOW = (408, "the body took too long")
    TOO_LARGE = (413, "the body is larger than 64 KiB")
    INCOMPLETE_QUERY = (400, "signature, timestamp or nonce is missing or malformed")
    STALE = (403, "the timestamp is not of these minutes")
    REPLAYED = (403, "this signed request has carried another message")
    FORGED = (403, "the signature does not fit")
    BAD_XML = (400, "not the XML that the platform sends")
    NOT_ENCRYPTED = (400, "this account takes encrypted messages only")
    UNDECRYPTABLE = (400, "neither key opens the message")
    FOREIGN = (403, "the message belongs to another account")
    BAD_MESSAGE = (400, "a field of the message is missing or malformed")

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.value[0]

    @property
    def words(self) -> str:
        """What the caller is told; the same for every message."""
        return self.value[1]


class Refusal(Exception):
    """A request is turned away; holds nothing of what was sent."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.words)
        self.reason = reason
