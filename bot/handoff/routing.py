"""Who is offered a waiting handoff and when: the nearest office and the right skill first, then everybody. Pure.

The order itself is `QueueEntry.place`; here is decided how long an entry is kept back from one member of staff.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from bot.conversation.handoffs import Lane, Skill
from bot.conversation.levels import Level
from bot.conversation.ports import Hold
from bot.conversation.staff import Colleague, Scope, Staff, upwards

_AT_ONCE = timedelta(0)
_EVERYWHERE = "everywhere"


@dataclass(frozen=True, slots=True)
class Waits:
    """How long an entry is kept back: for each step away from its region, a missing skill, a named colleague."""

    step: timedelta
    skill: timedelta
    reserved: timedelta


WAITS: Mapping[Level, Waits] = {
    # Within the minute in which somebody has to be there, all steps are over; and who listens matters more than a law.
    Level.CRITICAL: Waits(timedelta(seconds=20), _AT_ONCE, timedelta(seconds=30)),
    # Ten minutes are allowed: county and city have four of them, the right skill two, and six are left for everybody.
    Level.HIGH: Waits(timedelta(minutes=2), timedelta(minutes=2), timedelta(minutes=3)),
    # An hour is allowed, and who knows the place answers better; but a colleague's pause must not cost more than a tea.
    Level.NORMAL: Waits(timedelta(minutes=10), timedelta(minutes=10), timedelta(minutes=3)),
}


def hold_for(staff: Staff, at_desk: Iterable[Colleague], *, only: Level | None = None) -> Hold:
    """How long entries are kept back from her while these are at their desks; with `only`, none of other levels.

    Nobody waits for colleagues who are not there, do not see it, or have no room; what is hers is not kept from her.
    """
    offices = _Offices(colleague.staff for colleague in at_desk if colleague.has_room)

    def hold(lane: Lane) -> timedelta | None:
        if (only is not None and lane.level is not only) or not staff.scope.covers(lane.account_id, lane.region):
            return None
        if lane.to_staff == staff.id:
            return _AT_ONCE
        waits = WAITS[lane.level]
        reserved = waits.reserved if offices.have(lane.to_staff, lane) else _AT_ONCE
        return max(reserved, _by_nearness(staff, lane, offices, waits))

    return hold


def _by_nearness(staff: Staff, lane: Lane, offices: _Offices, waits: Waits) -> timedelta:
    matters = waits.skill and (lane.skill in staff.skills or offices.know(lane))
    skill = lane.skill if matters else None
    steps = sum(offices.attend(lane, step, skill) for step in range(distance(staff.scope, lane.region)))
    lacks_skill = skill is not None and skill not in staff.skills
    return waits.step * steps + (waits.skill if lacks_skill else _AT_ONCE)


class _Offices:
    """Who is there, by the regions that they look after: asked hundreds of times for each `next`."""

    def __init__(self, staff: Iterable[Staff]) -> None:
        self._by_id = {one.id: one for one in staff}
        self._of: dict[str, list[Staff]] = {}
        for one in self._by_id.values():
            for region in one.scope.regions or {_EVERYWHERE}:
                self._of.setdefault(region, []).append(one)

    def have(self, staff_id: str | None, lane: Lane) -> bool:
        """Whether she is there, and it is hers to see."""
        one = self._by_id.get(staff_id or "")
        return one is not None and one.scope.covers(lane.account_id, lane.region)

    def know(self, lane: Lane) -> bool:
        """Whether somebody is there who sees it and has its skill."""
        codes = (*upwards(lane.region), _EVERYWHERE)
        return any(lane.skill in one.skills for code in codes for one in self._seeing(code, lane))

    def attend(self, lane: Lane, step: int, skill: Skill | None) -> bool:
        """Whether somebody is there who is just so far from it and has this skill, if one is asked for."""
        near = self._seeing(upwards(lane.region)[step], lane)
        return any((skill is None or skill in one.skills) and distance(one.scope, lane.region) == step for one in near)

    def _seeing(self, code: str, lane: Lane) -> Iterator[Staff]:
        return (one for one in self._of.get(code, ()) if one.scope.covers(lane.account_id, lane.region))


def distance(scope: Scope, region: str) -> int:
    """How many offices lie between: 0 for who looks after this very region, one more for each step up."""
    offices = upwards(region)
    below = list(takewhile(lambda code: code not in scope.regions, offices))
    return min(len(below), len(offices) - 1)
