"""What she is told of when somebody is there: by who is present for her region, and by the plan of duty."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.conversation.clock import HUNAN as ZONE
from bot.conversation.roster import WEEK, Day, PlanDay, Shift, ShiftKind
from bot.conversation.staff import Role, Scope, Staff
from tests.doubles.memory_queue import MemoryQueue
from tests.unit.world import ASKS_FOR_PERSON, CHANGSHA, CRITICAL, DIVORCE, World, knowledge

HERE, FAR = Scope(regions=frozenset({"430100"})), Scope(regions=frozenset({"430300"}))
OTHER_ACCOUNT = Scope(accounts=frozenset({"ningxiang"}))
FRIDAY_NIGHT = datetime(2026, 11, 20, 22, 0, tzinfo=ZONE)


async def absent(world: World, name: str, scope: Scope = HERE, role: Role = Role.OPERATOR) -> Staff:
    """A member of staff who is not at her desk."""
    member = await world.operator(name, role, scope)
    await world.queue.leave(member.id)
    return member


async def planned(world: World, who: str, *days: Day, kind: ShiftKind = ShiftKind.DUTY, starts: int = 510) -> None:
    """She is on the plan from half past eight, for three hours."""
    async with world.units() as uow:
        for day in days:
            await uow.shifts.add(Shift(f"{who} {day}", who, day, kind, starts, starts + 180))
        await uow.commit()


async def told(world: World, text: str = ASKS_FOR_PERSON) -> str:
    """What somebody in Changsha is told on Friday night at ten."""
    world.clock.advance(FRIDAY_NIGHT - world.clock.now())
    answer = await world.hear(text, account=CHANGSHA)
    assert answer is not None
    return answer


def notice(key: str) -> str:
    return knowledge().render(key, CHANGSHA)


NOBODY, SOMEBODY = notice("other/handoff_duty"), notice("other/handoff_opened")


@pytest.mark.parametrize("text", [ASKS_FOR_PERSON, CRITICAL])
async def test_she_is_told_when_the_next_shift_of_her_region_begins(world: World, text: str) -> None:
    await absent(world, "li")
    await planned(world, "li", *WEEK[:5])
    answer = await told(world, text)
    assert NOBODY in answer
    assert "工作人员11月23日早上8点半上班，一上班就看您的话。" in answer


async def test_a_weekend_shift_is_tomorrow(world: World) -> None:
    await absent(world, "li")
    await planned(world, "li", PlanDay.SATURDAY, starts=14 * 60)
    assert "工作人员明天下午2点上班" in await told(world)


@pytest.mark.parametrize("scope", [FAR, OTHER_ACCOUNT])
async def test_the_plan_of_another_region_or_account_is_not_told(world: World, scope: Scope) -> None:
    await absent(world, "zhou", scope)
    await planned(world, "zhou", *WEEK)
    answer = await told(world)
    assert NOBODY in answer
    assert "上班" not in answer


@pytest.mark.parametrize("scope", [FAR, OTHER_ACCOUNT])
async def test_who_is_present_for_another_region_or_account_is_nobody_to_her(world: World, scope: Scope) -> None:
    world.clock.advance(FRIDAY_NIGHT - world.clock.now())
    await world.operator("zhou", scope=scope)
    assert NOBODY in await told(world)


@pytest.mark.parametrize("scope", [Scope(), HERE, Scope(regions=frozenset({"430000"}))])
async def test_who_is_present_for_her_region_counts_whatever_the_plan_says(world: World, scope: Scope) -> None:
    world.clock.advance(FRIDAY_NIGHT - world.clock.now())
    await world.operator("li", scope=scope)
    await planned(world, "li", PlanDay.MONDAY)
    answer = await told(world)
    assert SOMEBODY in answer
    assert "上班" not in answer


async def test_of_a_shift_that_runs_with_nobody_there_no_promise_is_made(world: World) -> None:
    await absent(world, "li")
    await planned(world, "li", *WEEK, starts=21 * 60)
    answer = await told(world)
    assert NOBODY in answer
    assert "上班" not in answer


async def test_on_call_is_no_shift_for_her(world: World) -> None:
    await absent(world, "li")
    await planned(world, "li", *WEEK, kind=ShiftKind.ON_CALL)
    assert "上班" not in await told(world)


async def test_who_has_left_the_office_or_takes_no_conversations_is_on_no_plan(world: World) -> None:
    gone = await absent(world, "gone")
    gone.active = False
    async with world.units() as uow:
        await uow.staff.save(gone)
        await uow.commit()
    await absent(world, "content", role=Role.CONTENT)
    for who in ("gone", "content"):
        await planned(world, who, *WEEK)
    assert "上班" not in await told(world)


async def test_when_redis_is_away_the_plan_is_told_all_the_same(world: World) -> None:
    await absent(world, "li")
    await planned(world, "li", date(2026, 11, 22))
    world.queue.available = False
    assert "工作人员后天早上8点半上班" in await told(world)


class AskedQueue(MemoryQueue):
    """Counts how often it is asked who is present."""

    asked = 0

    async def present(self) -> frozenset[str]:
        self.asked += 1
        return await super().present()


async def test_an_ordinary_question_does_not_wait_for_who_is_there(world: World) -> None:
    world.queue = queue = AskedQueue(world.clock)
    await told(world, DIVORCE)
    assert queue.asked == 0
    await told(world, ASKS_FOR_PERSON)
    assert queue.asked == 1


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-11-20 23:00", "今天晚上11点"),
        ("2026-11-21 00:30", "明天凌晨0点半"),
        ("2026-11-21 05:00", "明天早上5点"),
        ("2026-11-21 09:15", "明天上午9点15分"),
        ("2026-11-22 12:00", "后天中午12点"),
        ("2026-11-22 13:00", "后天下午1点"),
        ("2026-12-01 18:00", "12月1日晚上6点"),
    ],
)
async def test_times_are_said_as_people_say_them(world: World, at: str, said: str) -> None:
    begins = datetime.fromisoformat(at)
    await absent(world, "li")
    await planned(world, "li", begins.date(), starts=begins.hour * 60 + begins.minute)
    assert f"工作人员{said}上班" in await told(world)
