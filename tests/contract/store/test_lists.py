"""The lists of the desk with many who wait: the first of each level, how many in all, and no line read twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.conversations import Mode
from bot.conversation.handoffs import Handoff, HandoffStatus, QueueEntry
from bot.conversation.levels import Level
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Scope
from bot.store.encryption import FernetSealer
from bot.store.lists import own_lists, waiting_list
from tests.contract.store.entities import a_contact, a_conversation, a_handoff, a_message, keep, later

CITIES = ("430100", "430300")


async def forty_wait(units: UnitsOfWork, **changes: object) -> list[Handoff]:
    """People of two cities and every level, one a minute."""
    asked = []
    for number in range(40):
        contact = a_contact()
        talk = a_conversation(contact, region=CITIES[number % 2], mode=Mode.WAITING)
        level = list(Level)[number % 3]
        asked.append(a_handoff(talk, level=level, requested_at=later(number), **changes))
        await keep(units, contact, talk, asked[-1], a_message(talk, f"第{number}位"))
    return asked


async def test_the_first_of_each_level_are_shown_and_all_are_counted(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    asked = await forty_wait(sql_units)
    for scope in (Scope(), Scope(regions=frozenset({"430100"})), Scope(accounts=frozenset({"nobody"}))):
        hers = [one for one in asked if scope.covers(one.account_id, one.region)]
        shown = await waiting_list(engine, sealer, scope, 3)
        expected = [one for level in Level for one in [one for one in hers if one.level is level][:3]]
        expected.sort(key=lambda one: QueueEntry.of(one).place)
        assert [row.handoff_id for row in shown.rows] == [one.id for one in expected]
        assert [row.place for row in shown.rows] == [QueueEntry.of(one).place for one in expected]
        assert shown.counts == Counter(one.level for one in hers)
        assert shown.total == len(hers)


async def test_a_line_that_is_known_is_not_read_again_unless_it_is_about_something_else(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    await forty_wait(sql_units)
    first = await waiting_list(engine, sealer, Scope(), 2)
    same, raised, other, *_ = first.rows
    known = {
        same.conversation_id: replace(same, last_words="从前读的"),
        raised.conversation_id: replace(raised, last_words="从前读的", level=Level.NORMAL),
        other.conversation_id: replace(other, last_words="从前读的", handoff_id="an earlier one"),
    }
    again = await waiting_list(engine, sealer, Scope(), 2, known)
    assert [row.handoff_id for row in again.rows] == [row.handoff_id for row in first.rows]
    assert [row.last_words == "从前读的" for row in again.rows] == [True, *(False for _ in first.rows[1:])]


async def test_what_is_kept_for_her_stands_apart_from_whom_she_speaks_with(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    await forty_wait(sql_units, to_staff="li")
    contact = a_contact()
    talk = a_conversation(contact, mode=Mode.HUMAN, owner="li")
    await keep(sql_units, contact, talk, a_handoff(talk, status=HandoffStatus.CLAIMED))
    hers = await own_lists(engine, sealer, Scope(), "li")
    assert (len(hers.kept), [row.conversation_id for row in hers.talking]) == (40, [talk.id])
    assert {row.to_staff for row in hers.kept} == {"li"}
    nobodys = await own_lists(engine, sealer, Scope(), "wang")
    assert (nobodys.kept, nobodys.talking) == ((), ())
