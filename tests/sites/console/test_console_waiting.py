"""Nobody in danger is out of sight: behind the first twenty of the desk stands a page with all of them."""

from __future__ import annotations

import re

from bot.conversation.levels import Level
from bot.conversation.staff import Scope
from tests.doubles.office import Office

PAGE = "/desk/waiting"


def listed(html: str) -> list[str]:
    """The conversations of the page, in order."""
    return re.findall(r'href="/desk/conversations/([0-9a-f]{32})"', html)


async def test_the_twenty_first_is_one_click_away(office: Office) -> None:
    await office.hire("li")
    talks = [await office.waiting("救我", level=Level.CRITICAL, minutes=60 - number) for number in range(22)]
    await office.waiting("转人工", minutes=90)
    async with office.browser("li") as client:
        desk = (await client.get("/desk")).text
        page = (await client.get(PAGE)).text
    assert [talk.id for talk in talks if f"card-{talk.id}" not in desk] == [talk.id for talk in talks[20:]]
    assert f'还有 2 条，<a href="{PAGE}">全部列出</a>' in desk
    assert listed(page) == [talk.id for talk in talks]
    assert "22 条在等" in page


async def test_the_page_keeps_to_her_scope_and_hides_numbers(office: Office) -> None:
    await office.hire("near", scope=Scope(accounts=frozenset({"changsha"})))
    near = await office.waiting("救我 13812345678", level=Level.CRITICAL, account_id="changsha")
    await office.waiting("救我", level=Level.CRITICAL, account_id="xiangtan")
    async with office.browser("near") as client:
        page = (await client.get(PAGE)).text
    assert listed(page) == [near.id]
    assert "138****5678" in page
    assert "13812345678" not in page


async def test_with_nobody_in_danger_it_says_so_and_the_desk_has_no_link(office: Office) -> None:
    await office.hire("li")
    await office.waiting("转人工")
    async with office.browser("li") as client:
        assert "现在没有紧急的会话在等" in (await client.get(PAGE)).text
        assert PAGE not in (await client.get("/desk")).text
