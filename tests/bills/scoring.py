"""Precision and recall of what is found in the invented bills, by channel, with every error."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.bills import Finding, Merchants, find_child_spending, read_bill
from bot.conversation.payments import Payment, SpendingKind
from tests.bills.exports import PASSWORD, write
from tests.bills.families import NO, Family

TABLE = Path(__file__).parents[2] / "data" / "merchants.yml"
FOUND = {SpendingKind.GAME, SpendingKind.LIVE}


@dataclass
class Score:
    """Counts of payments, refunds aside; `kinds` counts those found as the wrong one of game and live stream."""

    bills: int = 0
    payments: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    kinds: int = 0
    sure: int = 0
    sure_wrong: int = 0
    sums: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.right + self.missed, 1)


def score(families: Iterable[Family]) -> dict[str, Score]:
    """A score for each channel and one for all."""
    merchants = Merchants.parse(TABLE.read_text("utf-8"))
    scores: dict[str, Score] = defaultdict(Score)
    for family in families:
        name, data = write(family)
        bill = read_bill(name, data, PASSWORD if family.locked else None)
        findings = find_child_spending(bill.payments, merchants)
        for channel in (family.channel, "all"):
            _count(scores[channel], family, bill.payments, findings)
    return scores


def _count(score: Score, family: Family, payments: Iterable[Payment], findings: Iterable[Finding]) -> None:
    truths = {_key(family, paid.at, paid.fen): paid for paid in family.paid}
    spent = [payment for payment in payments if payment.amount > 0]
    found = {id_: finding for id_, finding in _first_of_each(findings) if finding.kind in FOUND}
    score.bills += 1
    score.payments += len(spent)
    seen: Counter[tuple[object, ...]] = Counter()
    for payment in spent:
        key = payment.at, payment.amount, payment.merchant, payment.reference
        seen[key] += 1
        paid, finding = truths[_key(family, payment.at, payment.amount)], found.get((*key, seen[key]))
        truth = paid.truth
        what = f"{family.id} {payment.merchant} | {payment.item} | {payment.amount / 100:g}"
        if finding is not None and finding.sure:
            score.sure += 1
            score.sure_wrong += truth == NO
        if finding is not None and truth == NO:
            score.wrong += 1
            score.errors.append(f"not one of them: {what}: {finding.why}")
        elif finding is not None:
            score.right += 1
            score.kinds += finding.kind != truth
            if finding.kind != truth:
                score.errors.append(f"{truth}, found as {finding.kind}: {what}")
        elif truth != NO:
            score.missed += 1
            score.errors.append(f"missed: {what}")
    net = sum(finding.payment.amount for finding in findings if finding.kind in FOUND)
    score.sums += net == sum(paid.fen - paid.refunded for paid in family.paid if paid.truth != NO)


def _first_of_each(findings: Iterable[Finding]) -> Iterable[tuple[tuple[object, ...], Finding]]:
    seen: Counter[tuple[object, ...]] = Counter()
    for finding in findings:
        payment = finding.payment
        key = payment.at, payment.amount, payment.merchant, payment.reference
        seen[key] += 1
        yield (*key, seen[key]), finding


def _key(family: Family, at: datetime, fen: int) -> tuple[object, int]:
    """A bank without times or numbers tells two payments of a day apart by their sums."""
    return at.date(), fen
