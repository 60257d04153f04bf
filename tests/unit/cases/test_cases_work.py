"""What is done in a case between its steps: time, risk, reports of harm to minors, visits."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import cases, handoff
from bot.cases.minors import REPORTED_REASONS
from bot.conversation.case_work import CaseEntry, CaseStep, EntryKind, Outcome, Visit, VisitStatus
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.errors import Conflict, Forbidden, IllegalTransition, InvalidData, NotFound
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level
from bot.conversation.staff import AuditEntry, Role, Scope, Staff
from tests.unit.world import ASKS_FOR_PERSON, CRITICAL, World

RULES = Path(__file__).parents[3] / "data" / "triage" / "rules.toml"
TODAY = date(2026, 11, 21)
CHILD_BEATEN = "孩子近期被打、受虐待或被欺凌"


async def opened(world: World) -> Case:
    """A case that was just registered."""
    await world.hear(ASKS_FOR_PERSON)
    (case,) = world.kept(Case)
    return case


def kept(world: World) -> Case:
    (case,) = world.kept(Case)
    return case


def last(world: World) -> CaseEntry:
    return world.kept(CaseEntry)[-1]


async def test_a_note_stands_in_the_history_with_its_writer(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    world.pass_time(minutes=5)
    await cases.note(case.id, " 已联系社区 ", staff, world.units, world.clock)
    entry = last(world)
    assert (entry.kind, entry.words, entry.staff_id, entry.at) == (
        EntryKind.NOTE,
        "已联系社区",
        staff.id,
        world.clock.now(),
    )
    assert "已联系社区" not in repr(entry)
    with pytest.raises(InvalidData):
        await cases.note(case.id, " ", staff, world.units, world.clock)


async def test_a_note_that_is_sent_again_under_its_key_is_kept_once(world: World) -> None:
    staff, colleague, case = await world.operator(), await world.operator("wang"), await opened(world)
    for words, who, key in (("联系了社区", staff, "page"), (" 联系了社区", staff, "page"), ("还没回", staff, "page")):
        await cases.note(case.id, words, who, world.units, world.clock, key)
    await cases.note(case.id, "联系了社区", colleague, world.units, world.clock, "page")
    for _ in range(2):
        await cases.note(case.id, "没有钥匙", staff, world.units, world.clock)
    written = [entry.words for entry in world.kept(CaseEntry)]
    assert written == ["联系了社区", "还没回", "联系了社区", "没有钥匙", "没有钥匙"]
    assert [entry.action for entry in world.kept(AuditEntry)].count("case.note") == 5


async def test_two_clicks_at_once_are_one_visit(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    plan = (case.id, TODAY, "傍晚打她娘家的电话", staff, world.units, world.clock)
    both = await asyncio.gather(*(cases.plan_visit(*plan, "page") for _ in range(2)))
    assert both[0] == both[1]
    assert len(world.kept(Visit)) == 1
    assert [entry.kind for entry in world.kept(CaseEntry)].count(EntryKind.VISIT_PLANNED) == 1
    later = TODAY + timedelta(days=1)
    await cases.plan_visit(case.id, later, "傍晚打她娘家的电话", staff, world.units, world.clock, "page")
    assert [visit.planned_on for visit in world.kept(Visit)] == [TODAY, later]


async def test_the_next_day_by_which_something_is_due_follows_the_case(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    assert case.due_on == date(2026, 12, 6)  # 15 days to tell her
    world.pass_time(days=2)
    await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), staff, world.units, world.clock)
    assert kept(world).due_on == date(2027, 1, 22)  # 60 days to answer
    sent = CaseStep(CaseStatus.ASSIGNED, agency=Agency.LOWER_FEDERATION)
    await cases.advance(case.id, sent, staff, world.units, world.clock)
    assert kept(world).due_on == date(2026, 11, 30)  # five working days after Monday
    await cases.advance(case.id, CaseStep(CaseStatus.FOLLOWING_UP), staff, world.units, world.clock)
    assert kept(world).due_on == date(2027, 1, 22)


async def test_only_who_oversees_gives_more_time_and_only_once(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    boss = await world.operator("boss", Role.SUPERVISOR)
    with pytest.raises(Conflict):
        await cases.extend(case.id, "案情复杂", boss, world.units, world.clock)
    await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), staff, world.units, world.clock)
    with pytest.raises(Forbidden):
        await cases.extend(case.id, "案情复杂", staff, world.units, world.clock)
    await cases.extend(case.id, "案情复杂", boss, world.units, world.clock)
    assert kept(world).due_on == TODAY + timedelta(days=90)
    with pytest.raises(Conflict):
        await cases.extend(case.id, "还是复杂", boss, world.units, world.clock)


def test_the_reasons_that_open_a_report_are_those_of_the_rules() -> None:
    words = set(re.findall(r'^words = "(.*)"$', RULES.read_text(encoding="utf-8"), re.MULTILINE))
    assert words >= REPORTED_REASONS
    assert CHILD_BEATEN in REPORTED_REASONS


async def test_harm_to_a_minor_that_is_written_opens_a_report(world: World) -> None:
    await world.hear("老师天天打我儿子，打得一身青")
    case = kept(world)
    assert case.must_report
    assert (last(world).kind, last(world).staff_id) == (EntryKind.REPORT_NEEDED, None)


async def test_no_case_is_archived_before_harm_to_a_minor_is_reported(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    await cases.need_report(case.id, "孩子身上有多处伤", staff, world.units, world.clock)
    with pytest.raises(Conflict):
        await cases.need_report(case.id, "再说一次", staff, world.units, world.clock)
    for step in (
        CaseStep(CaseStatus.ACCEPTED),
        CaseStep(CaseStatus.HANDLED),
        CaseStep(CaseStatus.ANSWERED, "已答复", day=TODAY),
    ):
        await cases.advance(case.id, step, staff, world.units, world.clock)
    with pytest.raises(Conflict):
        await cases.advance(case.id, CaseStep(CaseStatus.ARCHIVED), staff, world.units, world.clock)
    tell = (Agency.POLICE, TODAY, "接警 1121-7")
    with pytest.raises(InvalidData):
        await cases.report(case.id, Agency.POLICE, TODAY + timedelta(days=1), "7", staff, world.units, world.clock)
    await cases.report(case.id, *tell, staff, world.units, world.clock)
    assert (last(world).agency, last(world).day, last(world).words) == tell
    assert not kept(world).must_report
    with pytest.raises(Conflict):
        await cases.report(case.id, *tell, staff, world.units, world.clock)
    await cases.advance(case.id, CaseStep(CaseStatus.ARCHIVED), staff, world.units, world.clock)
    assert kept(world).status is CaseStatus.ARCHIVED


async def test_only_who_oversees_lifts_a_report_and_with_a_reason(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    boss = await world.operator("boss", Role.SUPERVISOR)
    with pytest.raises(Conflict):
        await cases.lift_report(case.id, "没有孩子", boss, world.units, world.clock)
    await cases.need_report(case.id, "孩子被打", staff, world.units, world.clock)
    with pytest.raises(Forbidden):
        await cases.lift_report(case.id, "没有孩子", staff, world.units, world.clock)
    with pytest.raises(InvalidData):
        await cases.lift_report(case.id, "", boss, world.units, world.clock)
    await cases.lift_report(case.id, "说的是自己小时候", boss, world.units, world.clock)
    assert not kept(world).must_report
    await cases.need_report(case.id, "后来又说孩子现在挨打", staff, world.units, world.clock)
    assert kept(world).must_report


@pytest.mark.parametrize(
    ("marks", "level"),
    [((), Level.HIGH), (("control", "habits"), Level.HIGH), (("choking",), Level.CRITICAL)],
)
async def test_what_speaks_for_danger_raises_the_level_and_never_lowers_it(
    world: World, marks: tuple[str, ...], level: Level
) -> None:
    staff, case = await world.operator(), await opened(world)
    await cases.assess(case.id, marks, "当面看过", staff, world.units, world.clock)
    assert kept(world).level is level
    assert last(world).marks == tuple(sorted(marks))


async def test_an_assessment_that_is_sent_again_under_its_key_is_kept_once(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    for marks in (["habits", "control"], ["control", "habits"], ["habits"], []):
        await cases.assess(case.id, marks, "当面看过", staff, world.units, world.clock, "page")
    await cases.note(case.id, "当面看过", staff, world.units, world.clock, "page")
    kinds = [entry.kind for entry in world.kept(CaseEntry)]
    assert (kinds.count(EntryKind.ASSESSED), kinds.count(EntryKind.NOTE)) == (3, 1)


async def test_an_unknown_mark_is_refused(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    with pytest.raises(InvalidData):
        await cases.assess(case.id, ["odd"], "", staff, world.units, world.clock)


async def test_a_visit_is_planned_and_done_once(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    day = TODAY + timedelta(days=7)
    with pytest.raises(InvalidData):
        await cases.plan_visit(case.id, TODAY - timedelta(days=1), "她说周六上午", staff, world.units, world.clock)
    visit = await cases.plan_visit(case.id, day, "她说周六上午打电话", staff, world.units, world.clock)
    done = (VisitStatus.DONE, Outcome.BETTER, "搬出来了", staff, world.units, world.clock)
    with pytest.raises(InvalidData):
        await cases.settle_visit(case.id, visit.id, VisitStatus.DONE, None, *done[2:])
    with pytest.raises(NotFound):
        await cases.settle_visit(case.id, "0" * 32, *done)
    await cases.settle_visit(case.id, visit.id, *done)
    (settled,) = world.kept(Visit)
    assert (settled.status, settled.outcome, settled.settled_at) == (
        VisitStatus.DONE,
        Outcome.BETTER,
        world.clock.now(),
    )
    with pytest.raises(IllegalTransition):
        await cases.settle_visit(case.id, visit.id, VisitStatus.REFUSED, None, *done[2:])


async def test_no_time_is_given_once_it_is_over(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    boss = await world.operator("boss", Role.SUPERVISOR)
    await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), staff, world.units, world.clock)
    world.pass_time(days=61)
    with pytest.raises(Conflict):
        await cases.extend(case.id, "忘了", boss, world.units, world.clock)
    assert kept(world).due_on == TODAY + timedelta(days=60)


async def test_no_case_is_archived_before_a_visit_that_was_promised(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    visit = await cases.plan_visit(case.id, TODAY + timedelta(days=7), "周六上午", staff, world.units, world.clock)
    for step in (CaseStep(CaseStatus.ACCEPTED), CaseStep(CaseStatus.HANDLED), CaseStep(CaseStatus.ANSWERED, "已答复")):
        await cases.advance(case.id, step, staff, world.units, world.clock)
    with pytest.raises(Conflict):
        await cases.advance(case.id, CaseStep(CaseStatus.ARCHIVED), staff, world.units, world.clock)
    off = (case.id, visit.id, VisitStatus.CALLED_OFF, None)
    with pytest.raises(InvalidData):
        await cases.settle_visit(*off, " ", staff, world.units, world.clock)
    await cases.settle_visit(*off, "约错了人", staff, world.units, world.clock)
    assert (last(world).words, world.kept(Visit)[0].status) == ("约错了人", VisitStatus.CALLED_OFF)
    await cases.advance(case.id, CaseStep(CaseStatus.ARCHIVED), staff, world.units, world.clock)


async def test_harm_to_a_minor_found_in_an_archived_case_takes_it_up_again(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    for status in (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED):
        await cases.advance(case.id, CaseStep(status, "已答复"), staff, world.units, world.clock)
    await cases.need_report(case.id, "孩子在学校说被打", staff, world.units, world.clock)
    assert (kept(world).status, kept(world).must_report) == (CaseStatus.REOPENED, True)
    assert (last(world).kind, last(world).after) == (EntryKind.REPORT_NEEDED, CaseStatus.REOPENED)
    archive = CaseStep(CaseStatus.ARCHIVED, "已报公安")
    with pytest.raises(Conflict):
        await cases.advance(case.id, archive, staff, world.units, world.clock)
    await cases.report(case.id, Agency.POLICE, TODAY, "接警8", staff, world.units, world.clock)
    await cases.advance(case.id, archive, staff, world.units, world.clock)


BEATEN, MISSING = "老师天天打我儿子，打得一身青", "孩子不见了，一晚上没回家"


async def test_a_report_that_was_lifted_does_not_come_back_with_her_next_words(world: World) -> None:
    await world.hear(BEATEN)
    case, boss = kept(world), await world.operator("boss", Role.SUPERVISOR)
    await cases.lift_report(case.id, "说的是自己小时候", boss, world.units, world.clock)
    world.pass_time(minutes=5)
    await world.hear(CRITICAL)
    assert not kept(world).must_report


async def test_other_harm_to_a_minor_is_to_be_reported_though_the_first_was(world: World) -> None:
    await world.hear(BEATEN)
    case, staff = kept(world), await world.operator()
    await cases.report(case.id, Agency.POLICE, TODAY, "接警7", staff, world.units, world.clock)
    world.pass_time(minutes=5)
    await world.hear(MISSING)
    assert (kept(world).must_report, kept(world).report_since) == (True, world.clock.now())


async def test_the_same_harm_is_to_be_reported_when_she_asks_anew(world: World) -> None:
    await world.hear(BEATEN)
    case, staff = kept(world), await world.operator()
    await cases.report(case.id, Agency.POLICE, TODAY, "接警7", staff, world.units, world.clock)
    await handoff.claim(case.conversation_id, staff, world.moves)
    await handoff.release(case.conversation_id, staff, world.moves)
    world.pass_time(days=1)
    await world.hear(BEATEN)
    assert kept(world).id == case.id
    assert kept(world).must_report


async def test_what_she_asked_a_colleague_for_is_counted_with_what_she_asked_the_assistant(world: World) -> None:
    staff, case = await world.operator(), await opened(world)
    ask = (case.id, ReferralKind.LEGAL_AID, "想请法律援助律师", staff, world.units, world.clock)
    await cases.note_request(*ask)
    assert kept(world).referrals == (ReferralKind.LEGAL_AID,)
    assert (last(world).kind, last(world).marks, last(world).staff_id) == (EntryKind.REFERRED, ("legal_aid",), staff.id)
    with pytest.raises(Conflict):
        await cases.note_request(*ask)


DEEDS: dict[str, Callable[[str, Staff, World], Awaitable[object]]] = {
    "note": lambda case_id, staff, world: cases.note(case_id, "记", staff, world.units, world.clock),
    "extend": lambda case_id, staff, world: cases.extend(case_id, "记", staff, world.units, world.clock),
    "need": lambda case_id, staff, world: cases.need_report(case_id, "记", staff, world.units, world.clock),
    "lift": lambda case_id, staff, world: cases.lift_report(case_id, "记", staff, world.units, world.clock),
    "assess": lambda case_id, staff, world: cases.assess(case_id, [], "", staff, world.units, world.clock),
    "plan": lambda case_id, staff, world: cases.plan_visit(case_id, TODAY, "记", staff, world.units, world.clock),
    "handler": lambda case_id, staff, world: cases.name_handler(case_id, staff.id, staff, world.units, world.clock),
    "request": lambda case_id, staff, world: cases.note_request(
        case_id, ReferralKind.MEDIATION, "", staff, world.units, world.clock
    ),
    "report": lambda case_id, staff, world: cases.report(
        case_id, Agency.POLICE, TODAY, "7", staff, world.units, world.clock
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
async def test_nothing_is_done_in_a_case_outside_the_scope(world: World, deed: str) -> None:
    case = await opened(world)
    far = await world.operator("far", Role.SUPERVISOR, Scope(regions=frozenset({"430300"})))
    for case_id in (case.id, "no such id"):
        with pytest.raises(NotFound):
            await DEEDS[deed](case_id, far, world)
    assert world.kept(Case) == [case]
    assert world.kept(AuditEntry) == []
