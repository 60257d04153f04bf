"""The letter to another office: when it may be written, what must stand in it, and her name only by her leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot import cases
from bot.conversation.case_letters import MAX_ENCLOSURES, MAX_FACTS, CaseLetter, LetterWords
from bot.conversation.case_work import CaseEntry, CaseStep, EntryKind
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.errors import Conflict, InvalidData, NotFound
from bot.conversation.staff import AuditEntry, Scope
from tests.unit.world import ASKS_FOR_PERSON, World

WORDS = LetterWords(
    to="长沙市公安局天心分局",
    asks="请依法核查处理。",
    facts="多次被殴打，担心再受伤害。",
    sender="长沙市妇女联合会",
    person="李晓梅",
    phone="0731-12338",
)
TO_THE_POLICE = CaseStep(CaseStatus.FORWARDED, agency=Agency.POLICE)


async def opened(world: World) -> Case:
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    return case


async def test_a_letter_is_kept_with_the_number_the_day_and_the_step(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    await cases.advance(case.id, TO_THE_POLICE, staff, world.units, world.clock)
    entry = await cases.write_letter(case.id, WORDS, staff, world.units, world.clock)
    assert entry.letter == CaseLetter(case.number, date(2026, 11, 21), CaseStatus.FORWARDED, Agency.POLICE, WORDS)
    kept = world.kept(CaseEntry)[-1]
    assert (kept, kept.kind, kept.agency, kept.staff_id) == (entry, EntryKind.LETTER, Agency.POLICE, staff.id)
    assert world.kept(AuditEntry)[-1].action == "case.letter"
    again = await cases.write_letter(case.id, WORDS, staff, world.units, world.clock)
    assert again.letter is not None
    assert again.letter.number == f"{case.number}-2"


async def test_a_letter_that_is_sent_again_under_its_key_is_kept_once(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    await cases.advance(case.id, TO_THE_POLICE, staff, world.units, world.clock)
    other = replace(WORDS, facts="上周又被打伤。")
    sent = [
        await cases.write_letter(case.id, one, staff, world.units, world.clock, "form") for one in (WORDS, WORDS, other)
    ]
    assert sent[0] == sent[1]
    assert [one.letter.number for one in sent if one.letter] == [case.number, case.number, f"{case.number}-2"]
    assert [entry.kind for entry in world.kept(CaseEntry)].count(EntryKind.LETTER) == 2


async def test_the_letter_goes_with_the_last_step_to_an_office(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), staff, world.units, world.clock)
    with pytest.raises(Conflict):
        await cases.write_letter(case.id, WORDS, staff, world.units, world.clock)
    sent = CaseStep(CaseStatus.ASSIGNED, agency=Agency.LOWER_FEDERATION)
    await cases.advance(case.id, sent, staff, world.units, world.clock)
    await cases.advance(case.id, CaseStep(CaseStatus.FOLLOWING_UP), staff, world.units, world.clock)
    entry = await cases.write_letter(case.id, WORDS, staff, world.units, world.clock)
    assert entry.letter is not None
    assert (entry.letter.status, entry.letter.agency) == (CaseStatus.ASSIGNED, Agency.LOWER_FEDERATION)


@pytest.mark.parametrize(
    "words",
    [
        replace(WORDS, named="王小梅"),
        replace(WORDS, agreed=True),
        replace(WORDS, agreed=True, named="  "),
        replace(WORDS, to=" "),
        replace(WORDS, facts="长" * (MAX_FACTS + 1)),
        replace(WORDS, phone=""),
        replace(WORDS, enclosures=("照片",) * (MAX_ENCLOSURES + 1)),
        replace(WORDS, enclosures=("",)),
    ],
)
async def test_a_letter_that_lacks_something_is_not_kept(world: World, words: LetterWords) -> None:
    staff, case = await world.operator(), await opened(world)
    await cases.advance(case.id, TO_THE_POLICE, staff, world.units, world.clock)
    with pytest.raises(InvalidData):
        await cases.write_letter(case.id, words, staff, world.units, world.clock)
    assert [entry for entry in world.kept(CaseEntry) if entry.letter] == []


async def test_nobody_outside_the_scope_writes_one(world: World) -> None:
    case = await opened(world)
    far = await world.operator("far", scope=Scope(regions=frozenset({"430300"})))
    with pytest.raises(NotFound):
        await cases.write_letter(case.id, WORDS, far, world.units, world.clock)


def test_her_name_and_the_facts_stand_in_no_repr() -> None:
    words = replace(WORDS, agreed=True, named="王小梅")
    letter = CaseLetter("2026-000001", date(2026, 11, 21), CaseStatus.FORWARDED, Agency.POLICE, words)
    assert "王小梅" not in repr(words) + repr(letter)
    assert "殴打" not in repr(words) + repr(letter)
    with pytest.raises(InvalidData):
        replace(letter, status=CaseStatus.ANSWERED)
