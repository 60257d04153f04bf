"""What another city has of her cases, as long as she allows it: a link, a page, and a trace of each reading."""

from __future__ import annotations

from bot import cases
from bot.conversation.case_work import CaseStep
from bot.conversation.cases import Agency, CaseStatus
from bot.conversation.conversations import Conversation
from bot.conversation.shares import Share
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.sites.console.pages import opened, words

HERS = "她在长沙市妇联的办件"
THERE = Scope(accounts=frozenset({"changsha"}))
HERE = Scope(accounts=frozenset({"xiangtan"}))


async def two_cities(office: Office) -> tuple[Conversation, Conversation, Share]:
    """Her conversation in Changsha with a case of some steps, the one in Xiangtan, and her leave to read from there."""
    wang = await office.hire("wang", scope=THERE, role=Role.SUPERVISOR)
    there, here = await office.waiting("他打我", account_id="changsha"), await office.waiting(account_id="xiangtan")
    case = await office.file_of(there)
    at = (office.units, office.clock)
    await cases.advance(case.id, CaseStep(CaseStatus.ACCEPTED), wang, *at)
    await cases.advance(case.id, CaseStep(CaseStatus.FORWARDED, "她说的秘密", Agency.POLICE), wang, *at)
    now = office.clock.now()
    share = Share("a" * 32, there.contact_id, now, here.contact_id, used_at=now, agreed_at=now)
    async with office.units() as uow:
        await uow.shares.add(share, "ACDE3467")
        await uow.commit()
    return there, here, share


async def test_beside_the_chat_stands_a_link_and_nothing_of_the_cases(office: Office) -> None:
    await office.hire("li", scope=HERE)
    there, here, share = await two_cities(office)
    page = await opened(office, here)
    assert f'href="/desk/shares/{share.id}"' in page
    assert HERS in words(page)
    assert (await office.file_of(there)).number not in page
    assert await office.audited(share.id) == []


async def test_the_page_shows_cases_and_steps_but_not_what_was_said(office: Office) -> None:
    li = await office.hire("li", scope=HERE, name="李晓梅")
    there, _, share = await two_cities(office)
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/shares/{share.id}")).text
    shown = words(page)
    for seen in (HERS, (await office.file_of(there)).number, "转送", "公安", "家庭暴力"):
        assert seen in shown
    for hidden in ("他打我", "她说的秘密", f"/desk/cases/{(await office.file_of(there)).id}"):
        assert hidden not in page
    assert await office.audited(share.id) == [(li.id, "share.read")]


async def test_the_history_of_the_case_over_there_says_who_read_it(office: Office) -> None:
    await office.hire("li", scope=HERE, name="李晓梅")
    there, _, share = await two_cities(office)
    async with office.browser("li") as client:
        await client.get(f"/desk/shares/{share.id}")
    async with office.browser("wang") as client:
        page = (await client.get(f"/desk/cases/{(await office.file_of(there)).id}")).text
    assert "跨城市共享 湘潭市妇联的李晓梅看了这里的办件" in words(page)


async def test_only_this_city_reads_and_only_as_long_as_she_allows_it(office: Office) -> None:
    await office.hire("li", scope=HERE)
    there, here, share = await two_cities(office)
    async with office.browser("wang") as client:
        assert (await client.get(f"/desk/shares/{share.id}")).status_code == 404
    async with office.units() as uow:
        kept = await uow.shares.get(share.id)
        kept.end(office.clock.now())
        await uow.shares.save(kept)
        await uow.commit()
    async with office.browser("li") as client:
        assert (await client.get(f"/desk/shares/{share.id}")).status_code == 404
    assert HERS not in await opened(office, here)
    assert await office.audited(share.id) == []
    assert (await office.file_of(there)).status is CaseStatus.FORWARDED
