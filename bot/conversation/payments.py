"""A payment as a bill shows it: what the bills room finds, she confirms, and the papers list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class PayChannel(StrEnum):
    """Whose bill the payment stands in."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    BANK = "bank"


class SpendingKind(StrEnum):
    """What was paid for."""

    GAME = "game"
    LIVE = "live"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; `at` is aware and in China's time, `amount` in fen, `reference` the bill's number.

    What came back is a payment of its own, with an amount below nothing.
    """

    at: datetime
    amount: int
    merchant: str
    item: str
    channel: PayChannel
    reference: str
    kind: SpendingKind


def payment_to_json(payment: Payment) -> dict[str, Any]:
    """The payment as a JSON object."""
    return {**asdict(payment), "at": payment.at.isoformat()}


def payment_from_json(data: Mapping[str, Any]) -> Payment:
    """The payment again, as `payment_to_json` wrote it."""
    at, channel, kind = datetime.fromisoformat(data["at"]), PayChannel(data["channel"]), SpendingKind(data["kind"])
    return Payment(**{**data, "at": at, "channel": channel, "kind": kind})


def total(payments: Iterable[Payment]) -> int:
    """The sum of the amounts, in fen."""
    return sum(payment.amount for payment in payments)
