"""The invented families of tests/data/bills: what each paid, when, and whether it truly was a game or a live stream."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DATA = Path(__file__).parents[1] / "data" / "bills"
HOURS = {"day": (8, 17), "evening": (18, 21), "night": (22, 25)}
NO = "no"


@dataclass(frozen=True, slots=True)
class Paid:
    """One row to be: `truth` is game, live or no; `refunded` in fen; `number` is the bill's own for this payment."""

    at: datetime
    merchant: str
    item: str
    fen: int
    truth: str
    how: str
    category: str
    refunded: int
    number: str


class Family(NamedTuple):
    """One bill to be written: its layout, its period, the zip around it, and what was paid, newest first."""

    id: str
    layout: str
    first: date
    last: date
    locked: str | None
    paid: tuple[Paid, ...]

    @property
    def channel(self) -> str:
        return {"w": "wechat", "a": "alipay", "b": "bank"}[self.id[0]]


def read_families() -> list[Family]:
    """All of them, the same on every run: each draws its days and hours from its own name."""
    families = yaml.safe_load((DATA / "families.yml").read_text("utf-8"))["families"]
    ordinary = yaml.safe_load((DATA / "ordinary.yml").read_text("utf-8"))["rows"]
    return [_family(family, [_cells(row) for row in ordinary]) for family in families]


def _family(family: dict[str, Any], ordinary: list[list[str]]) -> Family:
    first: date = family["from"]
    draw = random.Random(family["id"])
    rows = _Rows(draw, first, family["days"])
    for text in family["spends"]:
        rows.spend(*_cells(text))
    for _ in range(family["noise"]):
        rows.noise(*draw.choice(ordinary))
    last = first + timedelta(days=family["days"])
    newest_first = tuple(sorted(rows, key=lambda paid: paid.at, reverse=True))
    return Family(family["id"], family["as"], first, last, family.get("zip"), newest_first)


def _cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.split("|")]


class _Rows:
    """Collects rows so that no day has one sum twice with two truths: a bank's bill has no number to tell them by."""

    def __init__(self, draw: random.Random, first: date, days: int) -> None:
        self._draw, self._first, self._days = draw, first, days
        self._truths: dict[tuple[date, int], str] = {}
        self._rows: list[Paid] = []

    def __iter__(self) -> Iterator[Paid]:
        return iter(self._rows)

    def spend(self, merchant: str, item: str, truth: str, amounts: str, when: str, how: str = "purchase") -> None:
        category = {"transfer": "转账红包", "redpacket": "转账红包"}.get(how, "文化休闲" if truth != NO else "其他")
        burst = self._moment("night") if when == "burst" else None
        for fen, refunded in _amounts(amounts):
            at = burst or self._moment(when)
            paid = Paid(at, merchant, item, fen, truth, how, category, refunded, "")
            self._keep(paid, "night" if burst else when)
            burst = burst and burst + timedelta(seconds=self._draw.randint(20, 400))

    def noise(self, merchant: str, item: str, between: str, how: str, category: str) -> None:
        low, high = (int(yuan) for yuan in between.split("-"))
        fen = self._draw.randint(low * 100, high * 100) // self._draw.choice((1, 1, 10, 100))
        refunded = fen if how == "purchase" and self._draw.random() < 0.02 else 0
        paid = Paid(self._moment("day"), merchant, item, max(fen, 1) * 1, NO, how, category, refunded, "")
        self._keep(paid, "day")

    def _keep(self, paid: Paid, when: str) -> None:
        while self._truths.get((paid.at.date(), paid.fen), paid.truth) != paid.truth:
            paid = replace(paid, at=self._moment(when))
        self._truths[paid.at.date(), paid.fen] = paid.truth
        self._rows.append(
            replace(paid, number=f"{paid.at:%Y%m%d}{len(self._rows):06}{self._draw.randint(0, 999999):06}")
        )

    def _moment(self, when: str) -> datetime:
        low, high = HOURS[when]
        midnight = datetime.combine(self._first + timedelta(days=self._draw.randrange(self._days)), time())
        return midnight + timedelta(seconds=self._draw.randint(low * 3600, high * 3600 + 3599))


def _amounts(text: str) -> Iterator[tuple[int, int]]:
    for word in text.split():
        price, mark, back = word.partition("!")
        yuan, _, times = price.partition("x")
        fen = round(float(yuan) * 100)
        refunded = 0 if not mark else round(float(back) * 100) if back else fen
        yield from [(fen, refunded)] * int(times or 1)
