"""What every store promises about alerts: each stands once, ends, may come again; and one unit tells a robot."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.conversation.alerts import Alert, AlertKind, Telling
from bot.conversation.errors import Conflict
from bot.conversation.handoffs import Handoff, HandoffStatus, Waits
from bot.conversation.levels import Level
from bot.conversation.messages import Author, Exchange
from bot.conversation.repositories import UnitsOfWork
from tests.contract.store.entities import (
    NOW,
    a_contact,
    a_conversation,
    a_handoff,
    a_message,
    keep,
    later,
)

LATE, VERY_LATE = AlertKind.WAITING_LATE, AlertKind.WAITING_VERY_LATE


def an_alert(name: str, kind: AlertKind = LATE, **changes: object) -> Alert:
    begun = Alert(name, kind, f"handoff of {name}", "hunan", "430100", later(-2), NOW, level=Level.HIGH)
    return replace(begun, **changes)  # type: ignore[arg-type]


async def raised(units: UnitsOfWork, *alerts: Alert) -> list[bool]:
    async with units() as uow:
        told = [await uow.alerts.raise_(alert) for alert in alerts]
        await uow.commit()
    return told


async def cleared(units: UnitsOfWork, alert: Alert) -> bool:
    async with units() as uow:
        was = await uow.alerts.clear(alert.kind, alert.subject, later(3))
        await uow.commit()
    return was


async def standing(units: UnitsOfWork, *kinds: AlertKind) -> list[Alert]:
    async with units() as uow:
        return await uow.alerts.standing(*kinds)


async def taken(units: UnitsOfWork, minutes: float = 0, robot: str = "r1", *accounts: str) -> dict[str, int]:
    """What a robot is told of now, and for the how manieth time; a try is its own for a minute."""
    try:
        async with units() as uow:
            taken = await uow.alerts.take(robot, accounts or ["hunan"], later(minutes), later(minutes + 1))
            await uow.commit()
    except Conflict:
        return {}
    return {one.alert.id: one.tries for one in taken}


async def settled(units: UnitsOfWork, minutes: float, told: bool, trouble: str | None = None) -> None:
    async with units() as uow:
        await uow.alerts.settle("r1", later(minutes), told, trouble, later(minutes + 5))
        await uow.commit()


async def test_an_alert_stands_from_its_beginning_to_its_end(units: UnitsOfWork) -> None:
    alert, other = an_alert("a"), an_alert("b", VERY_LATE, level=None, raised_at=later(-1))
    assert await raised(units, alert, other) == [True, True]
    assert await standing(units) == [other, alert]
    assert await standing(units, LATE) == [alert]
    assert await cleared(units, alert)
    assert not await cleared(units, alert)
    assert await standing(units) == [other]


async def test_one_that_stands_keeps_its_id_and_its_beginning(units: UnitsOfWork) -> None:
    alert = an_alert("a")
    again = replace(alert, id="second", since=later(5), raised_at=later(9))
    assert await raised(units, alert, again) == [True, False]
    assert await standing(units) == [alert]


async def test_one_that_becomes_more_urgent_is_told_again(units: UnitsOfWork) -> None:
    alert = an_alert("a")
    await raised(units, alert)
    assert await taken(units) == {"a": 1}
    await settled(units, 0, told=True)
    assert await taken(units, 60) == {}
    worse = replace(alert, id="second", level=Level.CRITICAL, raised_at=later(9), since=later(9))
    assert await raised(units, worse) == [True]
    assert await standing(units) == [replace(alert, level=Level.CRITICAL)]
    assert await taken(units, 60) == {"a": 1}


async def test_one_that_went_to_another_region_is_told_again_and_keeps_its_beginning(units: UnitsOfWork) -> None:
    alert = an_alert("a")
    await raised(units, alert)
    assert await taken(units) == {"a": 1}
    await settled(units, 0, told=True)
    moved = replace(alert, id="second", region="430600", raised_at=later(9), since=later(9))
    assert await raised(units, moved, moved) == [True, False]
    assert await standing(units) == [replace(alert, region="430600")]
    assert await taken(units, 60) == {"a": 1}


async def test_one_that_was_over_stands_again_and_nobody_was_told_yet(units: UnitsOfWork) -> None:
    alert = an_alert("a")
    await raised(units, alert)
    await taken(units)
    await settled(units, 0, told=True)
    await cleared(units, alert)
    again = replace(alert, id="second", since=later(5), raised_at=later(9))
    assert await raised(units, again) == [True]
    assert await standing(units) == [replace(again, id="a")]
    assert await taken(units, 60) == {"a": 1}


async def test_a_robot_is_told_by_one_unit_of_what_stands_in_its_accounts(units: UnitsOfWork) -> None:
    await raised(units, an_alert("a"), an_alert("b", account_id="changsha"), an_alert("c"))
    await cleared(units, an_alert("c"))
    got = await asyncio.gather(*(taken(units) for _ in range(4)))
    assert sorted(got, key=len) == [{}, {}, {}, {"a": 1}]
    assert await taken(units, 0, "r2", "hunan", "changsha") == {"a": 1, "b": 1}


async def test_what_was_not_told_is_taken_again_in_its_time(units: UnitsOfWork) -> None:
    await raised(units, an_alert("a"))
    assert await taken(units) == {"a": 1}
    assert await taken(units, 0.5) == {}
    assert await taken(units, 1) == {"a": 2}
    await settled(units, 1, told=False, trouble="45009")
    await raised(units, an_alert("b"))
    assert await taken(units, 2) == {"b": 1}
    await settled(units, 2, told=True)
    assert await taken(units, 6) == {"a": 3}
    async with units() as uow:
        assert await uow.alerts.last_try("r1") == Telling("a", "r1", later(6), later(7), 3, trouble="45009")
        assert await uow.alerts.last_try("r2") is None
    await settled(units, 6, told=True)
    assert await taken(units, 99) == {}
    async with units() as uow:
        last = await uow.alerts.last_try("r1")
    assert last is not None
    assert (last.told_at, last.trouble) == (later(6), None)


async def test_two_units_that_raise_one_alert_at_once_make_one(units: UnitsOfWork) -> None:
    async def raise_one(name: str) -> bool:
        try:
            return (await raised(units, replace(an_alert("a"), id=name)))[0]
        except Conflict:
            return False

    got = await asyncio.gather(*(raise_one(f"a{number}") for number in range(4)))
    assert len(await standing(units)) == 1
    assert any(got)


# --- what waits -------------------------------------------------------------------------------------------------


async def asked(units: UnitsOfWork, name: str, level: Level, minutes: float, **changes: Any) -> Handoff:
    """Somebody who has waited for so many minutes."""
    contact = a_contact()
    conversation = a_conversation(contact)
    since = later(-minutes)
    handoff = a_handoff(conversation, id=name, level=level, requested_at=since, queued_at=since)
    await keep(units, contact, conversation, replace(handoff, **changes))
    return replace(handoff, **changes)


async def late(units: UnitsOfWork, kind: AlertKind = LATE, limit: int = 9, without: Sequence[str] = ()) -> list[str]:
    before = {Level.CRITICAL: later(-1), Level.HIGH: later(-10), Level.NORMAL: later(-60)}
    async with units() as uow:
        return [one.id for one in await uow.handoffs.late(before, kind, without, limit)]


async def test_who_waits_too_long_and_is_not_told_of_yet_is_found(units: UnitsOfWork) -> None:
    await asked(units, "normal", Level.NORMAL, 60)
    await asked(units, "high", Level.HIGH, 11)
    await asked(units, "longer", Level.HIGH, 15)
    await asked(units, "critical", Level.CRITICAL, 2)
    await asked(units, "not yet", Level.HIGH, 9)
    await asked(units, "taken", Level.HIGH, 99, status=HandoffStatus.CLAIMED)
    await asked(units, "drill", Level.HIGH, 99, account_id="drill")
    await asked(units, "passed on", Level.HIGH, 99, answered_at=later(-50), queued_at=later(-9))
    assert await late(units, without=["drill"]) == ["critical", "longer", "high", "normal"]
    assert await late(units, without=["drill"], limit=2) == ["critical", "longer"]
    await raised(units, an_alert("x", subject="longer"), an_alert("y", subject="high", level=Level.NORMAL))
    assert await late(units, without=["drill"]) == ["critical", "high", "normal"]
    assert await late(units, VERY_LATE, without=["drill"]) == ["critical", "longer", "high", "normal"]
    async with units() as uow:
        waits = await uow.handoffs.waits(["drill"])
        assert [one.id for one in await uow.handoffs.critical()] == ["critical"]
    await raised(units, an_alert("z", subject="critical", level=Level.CRITICAL, region="430300"))
    assert (await late(units))[0] == "critical", "it is told of in another region"
    assert waits == {
        Level.NORMAL: Waits(1, later(-60)),
        Level.HIGH: Waits(4, later(-15)),
        Level.CRITICAL: Waits(1, later(-2)),
    }


async def test_an_alert_of_who_was_taken_or_waits_anew_is_found(units: UnitsOfWork) -> None:
    handoffs = [await asked(units, name, Level.HIGH, 20) for name in ("waits", "taken", "anew")]
    await raised(units, *(an_alert(f"of {one.id}", subject=one.id, since=one.requested_at) for one in handoffs))
    _, taken_up, anew = handoffs
    async with units() as uow:
        await uow.handoffs.save(replace(taken_up, status=HandoffStatus.CLAIMED))
        await uow.handoffs.save(replace(anew, answered_at=later(-5), queued_at=later(-3)))
        await uow.commit()
    async with units() as uow:
        over = await uow.alerts.no_longer_waiting(LATE, VERY_LATE)
    assert sorted(alert.subject for alert in over) == ["anew", "taken"]


async def test_how_an_exchange_stands_is_told_for_each_conversation(units: UnitsOfWork) -> None:
    contact, other = a_contact(), a_contact()
    talk, silent = a_conversation(contact), a_conversation(other)
    said = [
        a_message(talk, "在吗", at=later(0)),
        a_message(talk, "在", at=later(1), author=Author.OPERATOR, inbound_key=None),
        a_message(talk, "他回来了", at=later(2)),
        a_message(talk, "请稍等", at=later(3), author=Author.ASSISTANT, inbound_key=None),
        a_message(talk, "快点", at=later(4)),
        a_message(silent, "有人吗", at=later(5)),
        a_message(silent, "有人吗", at=later(6)),
    ]
    await keep(units, contact, other, talk, silent, *said)
    async with units() as uow:
        exchanges = await uow.messages.exchanges([talk.id, silent.id])
        assert await uow.messages.exchanges([]) == {}
    assert exchanges == {talk.id: Exchange(later(1), later(2)), silent.id: Exchange(None, later(5))}
