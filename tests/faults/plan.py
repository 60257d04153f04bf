"""What a run does, drawn from its seed alone: who says what and when, and what is done to the house."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

QUESTIONS = Path("data/nlu")
ROUTINE = ("divorce", "child_game_refund", "parenting")
"""Topics whose questions the assistant answers by itself."""

CRIES = (
    "他拿刀要砍我 我躲在房里",
    "他掐我脖子，我锁在厕所里",
    "他把门反锁了 不让我出去 还在砸东西",
    "我不想活了 药已经买好了",
    "老公刚才打我 头上流血了",
)
AFTERWARDS = (
    "还在吗",
    "我在等你们",
    "他现在出去了",
    "孩子跟我在一起",
    "手机快没电了",
    "我不敢出声",
    "邻居在敲门",
    "我妈在路上",
)
MENU = ("divorce/cooling_off", "divorce/custody", "child_game_refund/evidence", "domestic_violence/protection_order")

ROUTINE_SHARE = 0.4
"""Routine messages cost the assistant some 75 ms of a core each; those of a woman who waits for a person, nothing."""
LINES = range(4, 11)
"""How much one person says."""
LONGEST = 60
"""Characters of a question."""
PAUSE_S = 4.0
"""Between two lines of one person, on average; now and then she sends two at once."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of one person, who cries for help in it or not; `number` is its place among hers.

    `menu` is set when she tapped the menu instead.
    """

    at: float
    person: int
    number: int
    words: str
    menu: str | None = None
    cry: bool = False


@dataclass(frozen=True, slots=True)
class Blow:
    """One thing done to the house or to the world around it, at `at` seconds, for `lasts` seconds."""

    at: float
    kind: str
    lasts: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole run."""

    lines: tuple[Line, ...]
    blows: tuple[Blow, ...]
    persons: int

    @property
    def lasts(self) -> float:
        """Seconds from the first line to the last."""
        return self.lines[-1].at


def make_plan(seed: int, messages: int, rate: float, kinds: Sequence[str], every_s: float, lasts_s: float) -> Plan:
    """Some `messages` lines at `rate` a second, and a blow about every `every_s` seconds that lasts up to `lasts_s`.

    Every kind of blow comes once before any comes again.
    """
    dice = random.Random(seed)
    questions = _questions()
    lines: list[Line] = []
    persons, begun = 0, 0.0
    while len(lines) < messages:
        said = _person(dice, persons, begun, questions)
        lines += said
        persons, begun = persons + 1, begun + dice.expovariate(rate / len(said))
    lines.sort(key=lambda line: line.at)
    return Plan(tuple(lines), tuple(_blows(dice, lines[-1].at, kinds, every_s, lasts_s)), persons)


def _person(dice: random.Random, person: int, begun: float, questions: Sequence[str]) -> list[Line]:
    count = dice.choice(LINES)
    routine = dice.random() < ROUTINE_SHARE
    # no question twice from one person: an answer that came twice is then seen as such
    words = dice.sample(questions, count) if routine else [dice.choice(CRIES), *dice.choices(AFTERWARDS, k=count - 1)]
    tap = dice.randrange(1, count) if dice.random() < 0.2 else None
    lines, at = [], begun
    for number, text in enumerate(words):
        menu = dice.choice(MENU) if number == tap else None
        lines.append(Line(at, person, number, f"{text}（{person}·{number}）", menu, cry=text in CRIES and menu is None))
        at += 0.05 if dice.random() < 0.15 else 0.5 + dice.expovariate(1 / PAUSE_S)
    return lines


def _blows(dice: random.Random, until: float, kinds: Sequence[str], every_s: float, lasts_s: float) -> list[Blow]:
    blows: list[Blow] = []
    at, bag = every_s * dice.uniform(0.5, 1.0), []
    while at < until:
        bag = bag or dice.sample(list(kinds), len(kinds))
        blows.append(Blow(at, bag.pop(), lasts_s * dice.uniform(0.5, 1.0)))
        at += every_s * dice.uniform(0.6, 1.4)
    return blows


def _questions() -> list[str]:
    example = re.compile(r"^    - (.+)$", re.MULTILINE)
    texts = (QUESTIONS.joinpath(f"{topic}.yml").read_text(encoding="utf-8") for topic in ROUTINE)
    return sorted({words for text in texts for words in example.findall(text) if len(words) <= LONGEST})
