"""Who is offered a waiting conversation and when: the nearest and the right one first, and nobody waits for nobody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.handoffs import Lane, QueueEntry, Skill
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Colleague, Role, Scope, Staff
from bot.handoff.routing import WAITS, distance, hold_for
from bot.handoff.skills import skill_for

NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
PROVINCE, CITY, COUNTY = "430000", "430100", "430102"
CRITICAL, HIGH, NORMAL = Level.CRITICAL, Level.HIGH, Level.NORMAL
SECONDS = {level: WAITS[level].step.total_seconds() for level in Level}


def who(
    name: str, *regions: str, skills: frozenset[Skill] = frozenset(), accounts: frozenset[str] = frozenset()
) -> Staff:
    """An operator of these regions, of all if none is given."""
    scope = Scope(accounts, frozenset(regions))
    return Staff(name, name, name, Role.OPERATOR, "", NOW, scope=scope, skills=skills)


def kept_back(
    staff: Staff, *others: Staff, level: Level = HIGH, region: str = COUNTY, full: bool = False, **about: object
) -> float | None:
    """For how many seconds an entry is kept back from her while the others are at their desks."""
    lane = Lane("hunan", region, level, **about)  # type: ignore[arg-type]
    at_desk = [Colleague(one, one.chat_limit if full else 0) for one in others]
    hold = hold_for(staff, at_desk)(lane)
    return None if hold is None else hold.total_seconds()


# --- order ------------------------------------------------------------------------------------------------------


def entry(level: Level, asked: timedelta) -> QueueEntry:
    return QueueEntry("h", "c", "hunan", COUNTY, level, NOW + asked, NOW)


@given(st.timedeltas(timedelta(0), timedelta(days=10)), st.sampled_from([HIGH, NORMAL]))
def test_nothing_that_was_left_over_goes_before_somebody_in_danger(waited: timedelta, level: Level) -> None:
    assert entry(CRITICAL, timedelta(0)).place < entry(level, -waited).place


@given(st.timedeltas(timedelta(minutes=31), timedelta(days=10)))
def test_a_question_that_waits_for_half_an_hour_longer_is_not_put_off_any_more(waited: timedelta) -> None:
    assert entry(NORMAL, -waited).place < entry(HIGH, timedelta(0)).place < entry(NORMAL, timedelta(0)).place


def test_the_place_does_not_change_while_one_waits() -> None:
    """So that it is the score of a sorted set; whoever comes later has a later place, and that is the ageing."""
    assert entry(NORMAL, timedelta(0)).place == NOW
    assert entry(NORMAL, timedelta(hours=1)).place == NOW + timedelta(hours=1)


# --- region -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regions", "region", "expected"),
    [
        ([COUNTY], COUNTY, 0),
        ([CITY], COUNTY, 1),
        ([PROVINCE], COUNTY, 2),
        ([], COUNTY, 2),
        ([CITY], CITY, 0),
        ([PROVINCE], CITY, 1),
        ([], CITY, 1),
        ([PROVINCE], PROVINCE, 0),
        ([], PROVINCE, 0),
        ([PROVINCE, COUNTY], COUNTY, 0),
        (["430200", CITY], COUNTY, 1),
    ],
)
def test_the_distance_is_counted_in_offices(regions: list[str], region: str, expected: int) -> None:
    assert distance(Scope(regions=frozenset(regions)), region) == expected


@pytest.mark.parametrize("level", Level)
def test_an_entry_goes_from_county_to_city_to_province(level: Level) -> None:
    county, city, province = who("county", COUNTY), who("city", CITY), who("province")
    assert kept_back(county, city, province, level=level) == 0
    assert kept_back(city, county, province, level=level) == SECONDS[level]
    assert kept_back(province, county, city, level=level) == 2 * SECONDS[level]


def test_nobody_waits_for_an_office_where_nobody_is() -> None:
    county, city, province = who("county", COUNTY), who("city", CITY), who("province")
    assert kept_back(province) == 0
    assert kept_back(province, city) == SECONDS[HIGH]
    assert kept_back(province, county) == SECONDS[HIGH]
    assert kept_back(province, county, city, full=True) == 0
    assert kept_back(province, who("other county", "430103"), who("other city", "430200")) == 0
    assert kept_back(province, who("other account", COUNTY, accounts=frozenset({"changsha"}))) == 0


def test_two_of_one_office_make_one_step() -> None:
    assert kept_back(who("province"), who("a", COUNTY), who("b", COUNTY)) == SECONDS[HIGH]
    assert kept_back(who("province"), who("both", COUNTY, CITY)) == SECONDS[HIGH]


def test_what_is_not_hers_to_see_is_never_hers() -> None:
    assert kept_back(who("li", "430200")) is None
    assert kept_back(who("li", accounts=frozenset({"changsha"}))) is None


def test_with_full_hands_only_those_in_danger_are_hers() -> None:
    hold = hold_for(who("li"), [], only=CRITICAL)
    assert hold(Lane("hunan", COUNTY, CRITICAL)) == timedelta(0)
    assert hold(Lane("hunan", COUNTY, HIGH)) is None


@pytest.mark.parametrize("level", Level)
def test_all_steps_are_over_before_the_waiting_is_too_long(level: Level) -> None:
    allowed = {CRITICAL: timedelta(minutes=1), HIGH: timedelta(minutes=10), NORMAL: timedelta(minutes=60)}[level]
    waits = WAITS[level]
    assert max(2 * waits.step + waits.skill, waits.reserved) < allowed


# --- skill ------------------------------------------------------------------------------------------------------

LAW = frozenset({Skill.LAW})


def test_who_has_the_skill_comes_before_who_is_nearer() -> None:
    near, lawyer = who("near", COUNTY), who("lawyer", skills=LAW)
    assert kept_back(lawyer, near, skill=Skill.LAW) == 0
    assert kept_back(near, lawyer, skill=Skill.LAW) == WAITS[HIGH].skill.total_seconds()


def test_of_two_with_the_skill_the_nearer_comes_first() -> None:
    near, far = who("near", COUNTY, skills=LAW), who("far", skills=LAW)
    assert kept_back(far, near, skill=Skill.LAW) == SECONDS[HIGH]


def test_where_nobody_has_the_skill_it_does_not_matter() -> None:
    near, far = who("near", COUNTY), who("far")
    assert kept_back(near, far, skill=Skill.LAW) == 0
    assert kept_back(far, near, skill=Skill.LAW) == SECONDS[HIGH]
    assert kept_back(near, who("lawyer", skills=LAW), skill=Skill.LAW, full=True) == 0


def test_nobody_in_danger_waits_for_a_skill() -> None:
    near, lawyer = who("near", COUNTY), who("lawyer", skills=LAW)
    assert kept_back(near, lawyer, level=CRITICAL, skill=Skill.LAW) == 0
    assert kept_back(lawyer, near, level=CRITICAL, skill=Skill.LAW) == SECONDS[CRITICAL]


@pytest.mark.parametrize(
    ("topic", "intent", "skill"),
    [
        (Topic.DIVORCE, None, Skill.LAW),
        (Topic.DIVORCE, "divorce_debts", Skill.LAW),
        (Topic.DIVORCE, "other_ask_human", Skill.LAW),
        (Topic.DIVORCE, "divorce_stay_or_leave", Skill.COUNSELLING),
        (Topic.CHILD_GAME_REFUND, None, None),
        (Topic.CHILD_GAME_REFUND, "child_game_refund_lawsuit", Skill.LAW),
        (Topic.PARENTING, "parenting_homework", Skill.PARENTING),
        (Topic.PARENTING, "parenting_low_mood", Skill.COUNSELLING),
        (Topic.OTHER, "other_suicidal_thoughts", Skill.COUNSELLING),
        (Topic.OTHER, "other_press", None),
        (Topic.DOMESTIC_VIOLENCE, None, None),
        (Topic.DOMESTIC_VIOLENCE, "divorce_lawsuit", None),
        (Topic.DOMESTIC_VIOLENCE, "other_suicidal_thoughts", None),
    ],
)
def test_the_skill_follows_from_what_it_is_about(topic: Topic, intent: str | None, skill: Skill | None) -> None:
    assert skill_for(topic, intent) is skill


# --- kept for somebody ------------------------------------------------------------------------------------------


def test_what_is_kept_for_her_is_hers_at_once_however_far_she_is() -> None:
    assert kept_back(who("li"), who("near", COUNTY, skills=LAW), to_staff="li", skill=Skill.LAW) == 0


@pytest.mark.parametrize(("level", "seconds"), [(CRITICAL, 30), (HIGH, 180), (NORMAL, 180)])
def test_everybody_else_waits_a_while_for_her(level: Level, seconds: float) -> None:
    li, near = who("li"), who("near", COUNTY)
    assert kept_back(near, li, level=level, to_staff="li") == seconds


def test_nobody_waits_for_who_is_not_there_has_no_room_or_does_not_see_it() -> None:
    near, li = who("near", COUNTY), who("li")
    assert kept_back(near, to_staff="li") == 0
    assert kept_back(near, li, to_staff="li", full=True) == 0
    assert kept_back(near, who("li", "430200"), to_staff="li") == 0


@given(
    st.lists(
        st.tuples(st.sampled_from([PROVINCE, CITY, COUNTY, "430200"]), st.sets(st.sampled_from(Skill))), min_size=1
    ),
    st.sampled_from(Level),
    st.sampled_from([PROVINCE, CITY, COUNTY]),
    st.sampled_from([None, *Skill]),
)
def test_somebody_who_is_there_gets_it_at_once(
    team: list[tuple[str, set[Skill]]], level: Level, region: str, skill: Skill | None
) -> None:
    """Whatever the offices: of those who see it, one at least does not wait for another."""
    staff = [who(str(number), code, skills=frozenset(skills)) for number, (code, skills) in enumerate(team)]
    seeing = [one for one in staff if one.scope.covers("hunan", region)]
    holds = [
        kept_back(me, *(one for one in staff if one is not me), level=level, region=region, skill=skill)
        for me in seeing
    ]
    assert not seeing or min(hold for hold in holds if hold is not None) == 0
