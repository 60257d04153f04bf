"""The letter that goes with a case to another office: 转送函 or 转交函."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.conversation.cases import NAMES_AGENCY, Agency, CaseStatus
from bot.conversation.errors import InvalidData

MAX_LINE = 100
"""The longest name of an office, person or enclosure, in characters."""
MAX_FACTS = 2000
MAX_ENCLOSURES = 20


@dataclass(frozen=True, slots=True)
class LetterWords:
    """What the office writes into a letter. `named` is her name, given only where she agreed to it.

    Personal information goes to another office only with her separate consent (个人信息保护法, articles 23 and 29);
    without it the letter speaks of 来信人.
    """

    to: str
    asks: str
    facts: str = field(repr=False)
    sender: str
    person: str
    phone: str
    enclosures: tuple[str, ...] = ()
    agreed: bool = False
    named: str = field(default="", repr=False)

    def check(self) -> None:
        """Raise InvalidData if something is missing or too long, or her name stands there without her agreement."""
        for line in (self.to, self.sender, self.person, self.phone):
            _check(line, MAX_LINE)
        for text in (self.asks, self.facts):
            _check(text, MAX_FACTS)
        if len(self.enclosures) > MAX_ENCLOSURES:
            raise InvalidData(f"more than {MAX_ENCLOSURES} enclosures")
        for enclosure in self.enclosures:
            _check(enclosure, MAX_LINE)
        if self.agreed != bool(self.named.strip()):
            raise InvalidData("her name, and her agreement to give it, go together")
        if self.agreed:
            _check(self.named, MAX_LINE)


@dataclass(frozen=True, slots=True)
class CaseLetter:
    """A letter as it was written: it is printed again in the same words. `status` is the step that it goes with."""

    number: str
    day: date
    status: CaseStatus
    agency: Agency
    words: LetterWords = field(repr=False)

    def __post_init__(self) -> None:
        """Raises InvalidData for a step to no other office."""
        if self.status not in NAMES_AGENCY:
            raise InvalidData("a letter goes with a step to another office")


def _check(text: str, longest: int) -> None:
    if not text.strip() or len(text) > longest:
        raise InvalidData(f"a line of the letter is missing, or longer than {longest} characters")
