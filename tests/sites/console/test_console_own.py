"""What lies with an operator: for how long each of hers has been waiting for an answer."""

from __future__ import annotations

from datetime import timedelta

from bot import handoff
from bot.conversation.levels import Level
from bot.turns.reply import reply
from tests.doubles.office import Office
from tests.sites.console.pages import cards, taken


async def mine(office: Office) -> str:
    """The one card of what li holds."""
    async with office.browser("li") as client:
        [card] = cards((await client.get("/desk")).text, "mine")
    return card


async def test_she_waits_from_her_asking_until_she_is_answered_and_again_from_her_next_words(office: Office) -> None:
    talk = await taken(office, "你好", minutes=7)
    assert "等了7分钟" in await mine(office)
    await office.hears(talk, "还在吗")
    assert "等了7分钟" in await mine(office)
    async with office.units() as uow:
        li = await uow.staff.by_username("li")
    assert li is not None
    await reply(talk.id, "在的", li, office.ports.reply)
    assert "等了" not in await mine(office)
    office.clock.advance(timedelta(minutes=2))
    await office.hears(talk, "他回来了")
    office.clock.advance(timedelta(minutes=3))
    await office.hears(talk, "快")
    assert "等了3分钟" in await mine(office)


async def test_who_asked_for_a_person_long_after_she_began_waits_from_then_on(office: Office) -> None:
    talk = await taken(office, "你好", minutes=4)
    office.clock.advance(-timedelta(hours=5))
    await office.hears(talk, "早先对助手说的")
    office.clock.advance(timedelta(hours=5))
    assert "等了4分钟" in await mine(office)


async def test_the_time_is_red_by_the_deadline_of_answers_and_never_where_there_is_none(office: Office) -> None:
    li = await office.hire("li")
    for level in (Level.CRITICAL, Level.NORMAL):
        talk = await office.waiting("你好", level=level, minutes=90)
        await handoff.claim(talk.id, li, office.ports.handoff)
    async with office.browser("li") as client:
        page = (await client.get("/desk")).text
    assert page.count('data-late="300" class="late">等了1小时30分') == 1
    assert page.count("data-since>等了1小时30分") == 1
