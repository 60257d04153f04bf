"""What a run did to the messages: pure, from what was seen to findings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tests.faults.records import Said, Seen, Sent, Shown, Stored, Struck

APART = timedelta(seconds=1)
"""Messages sent closer to each other than this may overtake each other on the wire before anyone could order them."""

CUT = timedelta(seconds=2)
"""What the platform took is written down within this; a process that was killed sooner could not know of it."""

OPEN = frozenset({"offered", "pending", "sending"})


class Kind(StrEnum):
    """What a finding is about."""

    LOST = "lost"
    """Accepted, and not stored as it was sent."""
    UNANSWERED = "unanswered"
    """Stored, an answer was due, and none was shown, nor is it said why."""
    UNHEARD = "unheard"
    """A cry for help that was stored, and nobody was called."""
    DOUBLED = "doubled"
    """Shown more than once."""
    DISORDERED = "out of order"
    """Stored or answered in another order than it was sent."""
    PHANTOM = "phantom"
    """Noted as sent, and the platform never showed it."""
    UNSETTLED = "unsettled"
    """Still open after the house had time to come to rest."""
    UNDECIDABLE = "undecidable"
    """Shown twice because the platform took it and whoever had sent it died, or was never told."""
    UNACCEPTED = "given up"
    """The platform gave the message up: every push of it met a closed door."""
    KEPT = "kept"
    """Noted as not sent yet; goes out when she writes again."""
    REFUSED = "refused"
    """Noted as refused, because the platform refused it."""


FAILURES = frozenset(
    {Kind.LOST, Kind.UNANSWERED, Kind.UNHEARD, Kind.DOUBLED, Kind.DISORDERED, Kind.PHANTOM, Kind.UNSETTLED}
)
"""What must never happen."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that happened to one message, between two moments."""

    kind: Kind
    person: str
    begun: datetime
    ended: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class Wait:
    """How long a person waited for the words that answer one message; `answered` None if none were due or came."""

    person: str
    begun: datetime
    answered: datetime | None


@dataclass(slots=True)
class Count:
    """The outcome of a run."""

    sent: int = 0
    accepted: int = 0
    stored: int = 0
    due: int = 0
    answered: int = 0
    findings: list[Finding] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Finding]:
        """The findings of one kind."""
        return [finding for finding in self.findings if finding.kind is kind]

    @property
    def failures(self) -> list[Finding]:
        """The findings that must not be."""
        return [finding for finding in self.findings if finding.kind in FAILURES]


@dataclass(slots=True)
class _Unit:
    """Words that go to a phone as one bubble, and the bubble that they became."""

    said: list[Said]
    bubble: Shown | None = None

    @property
    def text(self) -> str:
        return "\n\n".join(said.text for said in self.said)

    @property
    def may_overtake(self) -> bool:
        """Whether its place says nothing: words of safety go first, and what waited for her return goes last."""
        waited = any(said.inbound_key is not None and said.turn != said.inbound_key for said in self.said)
        return waited or self.said[0].urgent


@dataclass(slots=True)
class _Person:
    sent: list[Sent] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)


def count(seen: Seen) -> Count:
    """Compare the stations of every message."""
    result = Count(sent=len(seen.sent), stored=len(seen.stored))
    result.accepted = sum(sent.accepted for sent in seen.sent)
    for name, person in _by_person(seen).items():
        units = _units(person)
        stored_of = {_identity(stored): stored for stored in person.stored}
        extra = _match(units, person.shown)
        result.findings += [
            *_losses(name, person, stored_of),
            *_disorder_stored(name, person, stored_of, seen.struck),
            *_unheard(name, person, stored_of, seen.handed_over),
            *_fates(name, person),
            *_phantoms(name, units),
            *_disorder_shown(name, units),
            *_doubles(name, extra, person.shown, seen.struck),
        ]
        _answers(name, person, stored_of, units, result)
    return result


def _by_person(seen: Seen) -> dict[str, _Person]:
    persons: defaultdict[str, _Person] = defaultdict(_Person)
    for sent in sorted(seen.sent, key=lambda row: row.at):
        persons[sent.person].sent.append(sent)
    for stored in sorted(seen.stored, key=lambda row: row.position):
        persons[stored.person].stored.append(stored)
    for said in sorted(seen.said, key=lambda row: row.sequence):
        persons[said.person].said.append(said)
    for shown in sorted(seen.shown, key=lambda row: row.place):
        persons[shown.person].shown.append(shown)
    return dict(persons)


def _identity(row: Sent | Stored) -> str:
    """The platform's number of a message; of an event, which carries none, what was tapped (once by each person)."""
    if row.menu is not None:
        return f"menu {row.menu}"
    return row.key if isinstance(row, Sent) else row.inbound_key.partition(":")[2]


def _losses(name: str, person: _Person, stored_of: dict[str, Stored]) -> Iterator[Finding]:
    for sent in person.sent:
        stored = stored_of.get(_identity(sent))
        if stored is None:
            kind = Kind.LOST if sent.accepted else Kind.UNACCEPTED
            yield Finding(kind, name, sent.at, sent.at, f"message {sent.key}")
        elif stored.words != sent.words and sent.menu is None:
            yield Finding(Kind.LOST, name, sent.at, stored.at, f"message {sent.key} was stored with other words")
    known = {_identity(sent) for sent in person.sent}
    for stored in person.stored:
        if _identity(stored) not in known:
            yield Finding(Kind.DOUBLED, name, stored.at, stored.at, f"stored, and never sent: {stored.inbound_key}")


def _disorder_stored(
    name: str, person: _Person, stored_of: dict[str, Stored], struck: list[Struck]
) -> Iterator[Finding]:
    known = [sent for sent in person.sent if _identity(sent) in stored_of]
    for i, later in enumerate(known):
        place = stored_of[_identity(later)]
        before = [sent for sent in known[:i] if later.at - sent.at >= APART and _held(sent, struck)]
        overtaken = [sent for sent in before if stored_of[_identity(sent)].position > place.position]
        if overtaken:
            yield Finding(Kind.DISORDERED, name, overtaken[0].at, place.at, f"stored before its elder: {later.key}")


def _held(sent: Sent, struck: Iterable[Struck]) -> bool:
    """Whether the house had it from its first push on: nothing that was pushed a while later may come before it."""
    blows = (blow for blow in struck if blow.kind in ("kill gateway", "kill redis"))
    return sent.reached and not any(blow.begun <= sent.at + APART and sent.at <= blow.healed for blow in blows)


def _unheard(name: str, person: _Person, stored_of: dict[str, Stored], handed_over: list[str]) -> Iterator[Finding]:
    for sent in person.sent:
        if sent.cry and _identity(sent) in stored_of and name not in handed_over:
            yield Finding(Kind.UNHEARD, name, sent.at, sent.at, f"message {sent.key}")


def _fates(name: str, person: _Person) -> Iterator[Finding]:
    kinds = {"held": Kind.KEPT, "refused": Kind.REFUSED, **dict.fromkeys(OPEN, Kind.UNSETTLED)}
    for said in person.said:
        if said.status in kinds:
            detail = f"delivery {said.sequence}, errcode {said.errcode}, {said.status}"
            yield Finding(kinds[said.status], name, said.at, said.at, detail)


def _units(person: _Person) -> list[_Unit]:
    """What went out together: the passive reply to one message, or deliveries that were settled in one send."""
    units: dict[tuple[object, ...], _Unit] = {}
    for said in person.said:
        if said.status == "sent":
            together = (said.route, said.inbound_key if said.route == "passive" else said.settled_at or said.sequence)
            units.setdefault(together, _Unit([])).said.append(said)
    return list(units.values())


def _match(units: list[_Unit], shown: list[Shown]) -> list[Shown]:
    """Give each unit its bubble; returns the bubbles that no unit accounts for."""
    left = list(shown)
    for exact in (True, False):
        for unit in units:
            if unit.bubble is None:
                unit.bubble = _nearest(unit, [bubble for bubble in left if _fits(unit, bubble, exact)])
                if unit.bubble is not None:
                    left.remove(unit.bubble)
    return left


def _nearest(unit: _Unit, fitting: list[Shown]) -> Shown | None:
    """The last one before its sending was written down, for the same words are often said; else the first."""
    settled_at = unit.said[0].settled_at
    before = [bubble for bubble in fitting if settled_at is not None and bubble.at <= settled_at]
    return before[-1] if before else next(iter(fitting), None)


def _fits(unit: _Unit, bubble: Shown, exact: bool) -> bool:
    first = unit.said[0]
    if bubble.via != first.route or _plain(bubble.text) != _plain(unit.text):
        return False
    return not exact or bubble.reply_to is None or first.inbound_key == f"hunan:{bubble.reply_to}"


def _plain(text: str) -> str:
    """Without the numbers of a list: a menu of answers to tap shows none."""
    return re.sub(r"^\d+\. ", "", text, flags=re.MULTILINE)


def _phantoms(name: str, units: list[_Unit]) -> Iterator[Finding]:
    for unit in units:
        if unit.bubble is None:
            first = unit.said[0]
            detail = f"delivery {first.sequence} by {first.route}, turn {first.turn}"
            yield Finding(Kind.PHANTOM, name, first.at, first.at, detail)


def _disorder_shown(name: str, units: list[_Unit]) -> Iterator[Finding]:
    last: _Unit | None = None
    for unit in units:
        if unit.bubble is None or unit.may_overtake:
            continue
        if last is not None and last.bubble is not None and unit.bubble.place < last.bubble.place:
            detail = f"delivery {unit.said[0].sequence} was shown before {last.said[0].sequence}"
            yield Finding(Kind.DISORDERED, name, unit.said[0].at, last.bubble.at, detail)
        else:
            last = unit


def _doubles(name: str, extra: list[Shown], shown: list[Shown], struck: Iterable[Struck]) -> Iterator[Finding]:
    for bubble in extra:
        twins = [other for other in shown if _plain(other.text) == _plain(bubble.text)]
        undecidable = any(_cut_off(twin, struck) for twin in {bubble, *twins[:-1]})
        kind = Kind.UNDECIDABLE if undecidable else Kind.DOUBLED
        yield Finding(kind, name, twins[0].at, bubble.at, f"shown again by {bubble.via}, reply to {bubble.reply_to}")


def _cut_off(bubble: Shown, struck: Iterable[Struck]) -> bool:
    """Whether the words were shown without that the sender could know it: the answer was lost, or he died with it."""
    if bubble.acknowledged is False:
        return True
    killer = "kill worker" if bubble.via == "customer_service" else "kill gateway"
    # on a busy machine a while passes between the resolve to kill and the death
    return any(blow.kind == killer and blow.begun - CUT <= bubble.at <= blow.ended for blow in struck)


def _answers(name: str, person: _Person, stored_of: dict[str, Stored], units: list[_Unit], result: Count) -> None:
    said_of: defaultdict[str, list[Said]] = defaultdict(list)
    for said in person.said:
        if said.turn is not None:
            said_of[said.turn].append(said)
    shown_at = {row.sequence: unit.bubble.at for unit in units if unit.bubble is not None for row in unit.said}
    for sent in person.sent:
        stored = stored_of.get(_identity(sent))
        if stored is None:
            continue
        times = [shown_at[row.sequence] for row in said_of[stored.inbound_key] if row.sequence in shown_at]
        result.waits.append(Wait(name, sent.at, min(times, default=None)))
        if stored.due:
            result.due += 1
            result.answered += bool(times)
            if not said_of[stored.inbound_key]:
                result.findings.append(Finding(Kind.UNANSWERED, name, sent.at, stored.at, f"message {sent.key}"))
