"""The letter to another office at the desk: prefilled with what colleagues wrote, kept, and saved as Word and PDF."""

from __future__ import annotations

import io
import re

import httpx
import pytest
from docx import Document
from fastapi.routing import APIRoute

from bot import cases
from bot.console import case_letters
from bot.console.case_letters import office_named
from bot.conversation.case_work import CaseStep
from bot.conversation.cases import Agency, Case, CaseStatus
from tests.doubles.office import Office
from tests.sites.console.pages import words

FORM = {
    "to": "长沙市公安局天心分局",
    "facts": "多次被殴打。",
    "asks": "请依法核查处理。",
    "sender": "长沙市妇女联合会",
    "person": "李晓梅",
    "phone": "0731-12338",
    "enclosures": "情况说明一份\n\n 照片三张 ",
}


async def forwarded(office: Office, note: str = "长沙市公安局天心分局，李警官") -> Case:
    li = await office.hire("li", name="李晓梅")
    talk = await office.waiting("他昨晚又打我，我叫王小梅", account_id="changsha")
    step = CaseStep(CaseStatus.FORWARDED, note, Agency.POLICE)
    return await cases.advance((await office.file_of(talk)).id, step, li, office.units, office.clock)


async def written(client: httpx.AsyncClient, case: Case, **changes: str) -> httpx.Response:
    return await client.post(f"/desk/cases/{case.id}/letters", data={**FORM, **changes})


async def test_the_form_holds_what_colleagues_wrote_and_nothing_of_the_chat(office: Office) -> None:
    case = await forwarded(office)
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/cases/{case.id}/letter")).text
    assert 'name="to" value="长沙市公安局天心分局"' in page
    assert 'name="sender" value="长沙市妇女联合会"' in page
    assert 'name="person" value="李晓梅"' in page
    assert 'name="phone" value="12338"' in page
    assert "长沙市公安局天心分局，李警官</textarea>" in page
    assert "又打我" not in page
    assert "王小梅" not in page


async def test_a_letter_is_kept_and_saved_as_both_files(office: Office) -> None:
    case = await forwarded(office)
    async with office.browser("li") as client:
        assert (await written(client, case)).status_code == 303
        page = (await client.get(f"/desk/cases/{case.id}")).text
        assert f"转送函 {case.number}，给长沙市公安局天心分局" in words(page)
        [entry] = set(re.findall(r"/letters/(\w{32})\.pdf", page))
        docx = await client.get(f"/desk/cases/{case.id}/letters/{entry}.docx")
        pdf = await client.get(f"/desk/cases/{case.id}/letters/{entry}.pdf")
        other = await client.get(f"/desk/cases/{case.id}/letters/{'0' * 32}.pdf")
    text = "\n".join(one.text for one in Document(io.BytesIO(docx.content)).paragraphs)
    assert "2．照片三张" in text
    assert "来信人向我会" in text
    assert docx.headers["content-disposition"].endswith(f"{case.number}.docx")
    assert pdf.content.startswith(b"%PDF")
    assert pdf.headers["cache-control"] == "no-store"
    assert other.status_code == 404
    actions = [action for _, action in await office.audited(case.id)]
    assert actions == ["case.forwarded", "case.letter", "case.open", "letter.save", "letter.save"]


async def test_a_form_that_is_sent_again_is_kept_once(office: Office) -> None:
    case = await forwarded(office)
    async with office.browser("li") as client:
        [key] = re.findall(r'name="key" value="(\w+)"', (await client.get(f"/desk/cases/{case.id}/letter")).text)
        for _ in range(2):
            assert (await written(client, case, key=key)).status_code == 303
        page = (await client.get(f"/desk/cases/{case.id}")).text
    assert len(set(re.findall(r"/letters/(\w{32})\.pdf", page))) == 1


async def test_her_name_goes_only_with_her_agreement(office: Office) -> None:
    case = await forwarded(office)
    async with office.browser("li") as client:
        lacking = await written(client, case, named="王小梅")
        assert lacking.status_code == 422
        assert "写她的名字，要她同意并勾上" in words(lacking.text)
        assert (await written(client, case, agreed="true")).status_code == 422
        assert (await written(client, case, agreed="true", named="王小梅")).status_code == 303
        page = words((await client.get(f"/desk/cases/{case.id}")).text)
    assert "她同意写名字" in page


@pytest.mark.parametrize("lacking", ["to", "facts", "asks", "sender", "person", "phone"])
async def test_a_letter_that_lacks_a_line_is_not_kept(office: Office, lacking: str) -> None:
    case = await forwarded(office)
    async with office.browser("li") as client:
        assert (await written(client, case, **{lacking: " "})).status_code == 422
    assert "case.letter" not in [action for _, action in await office.audited(case.id)]


async def test_there_is_none_before_the_matter_goes_to_an_office(office: Office) -> None:
    await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    async with office.browser("li") as client:
        assert "/letter" not in (await client.get(f"/desk/cases/{case.id}")).text
        form = await client.get(f"/desk/cases/{case.id}/letter")
        assert (form.status_code, "转送或转交以后，才能写函" in form.text) == (409, True)
        assert (await written(client, case)).status_code == 409


@pytest.mark.parametrize(
    ("note", "office"),
    [
        ("长沙市公安局天心分局，李警官", "长沙市公安局天心分局"),
        ("转岳麓区人民法院立案庭", "岳麓区人民法院"),
        ("请天心区妇联上门看看", "天心区妇联"),
        ("交通局", "交通局"),
        ("转交交通运输局处理", "交通运输局"),
        ("转交通局处理", "交通局"),
        ("已转送给天心区民政局", "天心区民政局"),
        ("转送" * 900 + "给人社局", "人社局"),
        ("转送" * 1000, ""),
        ("情况紧急", ""),
        ("", ""),
        ("王芳说要找民政局", "王芳说要找民政局"),
    ],
)
def test_an_office_is_read_from_the_beginning_of_the_words(note: str, office: str) -> None:
    assert office_named(note) == office  # a colleague looks over it: the last one is for her to put right


def test_every_route_is_tried_here() -> None:
    found = {route.path for route in case_letters.routes.routes if isinstance(route, APIRoute)}
    root = "/desk/cases/{case_id}/"
    assert found == {f"{root}letter", f"{root}letters", f"{root}letters/{{entry_id}}.{{kind}}"}
