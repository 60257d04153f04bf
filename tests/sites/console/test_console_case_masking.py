"""Numbers in what colleagues wrote into a case are hidden on its page, until somebody asks, which is written down."""

from __future__ import annotations

import re

from bot import cases
from bot.conversation.case_work import CaseStep
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.staff import Role, Staff
from tests.doubles.office import Office
from tests.sites.console.pages import words

SAID = "打她妈妈13812345678，欠3500元"
HIDDEN = "打她妈妈138****5678，欠3500元"
HTMX = {"HX-Request": "true"}


async def noted(office: Office, said: str) -> tuple[Staff, Case]:
    li = await office.hire("li", name="李晓梅")
    case = await office.file_of(await office.waiting("你好", account_id="changsha"))
    return li, await cases.note(case.id, said, li, office.units, office.clock)


async def test_a_number_in_a_note_is_hidden_until_it_is_asked_for(office: Office) -> None:
    li, case = await noted(office, SAID)
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/cases/{case.id}")).text
        [reveal] = re.findall(r'hx-post="(/desk/cases/\w+/entries/\w+/reveal)"', page)
        entry = reveal.split("/")[-2]
        assert await office.audited(entry) == []
        shown = (await client.post(reveal, headers=HTMX)).text
        again = (await client.get(f"/desk/cases/{case.id}")).text
    assert f"{HIDDEN} 看号码" in words(page)
    assert "13812345678" not in page
    assert f'id="words-{entry}"' in page
    assert words(shown) == SAID
    assert f'id="words-{entry}"' in shown
    assert "13812345678" not in again
    assert await office.audited(entry) == [(li.id, "case_entry.reveal")]


async def test_nothing_is_offered_where_nothing_is_hidden(office: Office) -> None:
    _, case = await noted(office, "已联系社区，欠3500元")
    async with office.browser("li") as client:
        page = words((await client.get(f"/desk/cases/{case.id}")).text)
    assert "已联系社区，欠3500元" in page
    assert "看号码" not in page


async def test_the_judgement_of_a_supervisor_is_hidden_wherever_it_stands(office: Office) -> None:
    li, boss = await office.hire("li"), await office.hire("boss", Role.SUPERVISOR)
    case = await office.file_of(await office.waiting("你好"))
    for status in (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED):
        await cases.advance(case.id, CaseStep(status, "已答复"), li, office.units, office.clock)
    good = dict.fromkeys(("safety", "law", "promises", "deadlines"), "good")
    form = {**good, "tone": "better", "passed": "true", "words": SAID}
    async with office.browser("boss") as client:
        assert (await client.post(f"/desk/cases/{case.id}/check", data=form)).status_code == 303
        page = (await client.get(f"/desk/cases/{case.id}")).text
    assert words(page).count(HIDDEN) == 2
    assert "13812345678" not in page
    assert (boss.id, "case.check") in await office.audited(case.id)


async def test_the_form_of_a_letter_shows_the_words_of_the_step_whole_and_leaves_a_trace(office: Office) -> None:
    li, case = await noted(office, "已联系社区")
    for said in ("长沙市公安局天心分局", f"长沙市公安局天心分局，{SAID}"):
        if case.status is CaseStatus.FORWARDED:
            await cases.advance(case.id, CaseStep(CaseStatus.FOLLOWING_UP), li, office.units, office.clock)
        step = CaseStep(CaseStatus.FORWARDED, said, Agency.POLICE)
        case = await cases.advance(case.id, step, li, office.units, office.clock)
        async with office.browser("li") as client:
            form = (await client.get(f"/desk/cases/{case.id}/letter")).text
        assert f"{said}</textarea>" in form
    page = await office.ports.case_reads.case_page(li.scope, case.id)
    plain, telling = [entry.id for entry in page.entries if entry.after is CaseStatus.FORWARDED]
    assert await office.audited(plain) == []
    assert await office.audited(telling) == [(li.id, "case_entry.reveal")]


async def test_a_line_of_another_case_or_of_none_is_not_shown(office: Office) -> None:
    li, case = await noted(office, SAID)
    other = await office.file_of(await office.waiting("您好"))
    page = await office.ports.case_reads.case_page(li.scope, case.id)
    async with office.browser("li") as client:
        for owner, entry in ((other.id, page.entries[0].id), (case.id, "0" * 32)):
            answer = await client.post(f"/desk/cases/{owner}/entries/{entry}/reveal", headers=HTMX)
            assert answer.status_code == 404
            assert "13812345678" not in answer.text
    assert await office.audited(page.entries[0].id) == []
