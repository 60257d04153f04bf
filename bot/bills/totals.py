"""What was spent in all: by day, by month, by merchant, with what came back taken off and shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.conversation.payments import Payment


@dataclass(frozen=True, slots=True)
class Sum:
    """Payments added up, in fen: what was paid, what came back (positive), and how many payments there were."""

    paid: int = 0
    back: int = 0
    count: int = 0

    @property
    def net(self) -> int:
        """What is still gone."""
        return self.paid - self.back

    def plus(self, payment: Payment) -> Sum:
        """This sum with one payment, or one refund, more."""
        if payment.amount < 0:
            return Sum(self.paid, self.back - payment.amount, self.count)
        return Sum(self.paid + payment.amount, self.back, self.count + 1)


@dataclass(frozen=True, slots=True)
class Totals:
    """The sums of some payments; days and months (their first day) in order, merchants with the largest first."""

    overall: Sum
    by_day: Mapping[date, Sum]
    by_month: Mapping[date, Sum]
    by_merchant: Mapping[str, Sum]


def totals(payments: Iterable[Payment]) -> Totals:
    """Adds payments up; a refund counts on the day on which it came back."""
    held = tuple(payments)
    overall = Sum()
    for payment in held:
        overall = overall.plus(payment)
    merchants = _by(held, lambda payment: payment.merchant)
    return Totals(
        overall=overall,
        by_day=dict(sorted(_by(held, lambda payment: payment.at.date()).items())),
        by_month=dict(sorted(_by(held, lambda payment: payment.at.date().replace(day=1)).items())),
        by_merchant=dict(sorted(merchants.items(), key=lambda row: (-row[1].net, row[0]))),
    )


def _by[K](payments: Iterable[Payment], key: Callable[[Payment], K]) -> dict[K, Sum]:
    sums: dict[K, Sum] = {}
    for payment in payments:
        sums[key(payment)] = sums.get(key(payment), Sum()).plus(payment)
    return sums
