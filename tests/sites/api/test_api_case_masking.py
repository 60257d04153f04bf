"""Numbers in what staff write into a case are masked over the API, until one line is asked for, which is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from bot import cases
from bot.conversation.case_work import CaseStep
from bot.conversation.cases import Agency, CaseStatus
from bot.conversation.errors import StoreUnavailable
from tests.doubles.office import Office

WORDS = "打她妈妈13812345678，住韶山北路12号3栋502室，编号2026-000001，欠3500元"
MASKED = "打她妈妈138****5678，住韶山北路****号3栋****室，编号2026-000001，欠3500元"
SECRETS = ("13812345678", "12号", "502室")


async def test_every_kind_of_line_is_masked_until_it_is_asked_for(office: Office) -> None:
    li = await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    address = f"/api/v1/cases/{case.id}"
    async with office.program("li") as client:
        answers = [
            await client.post(f"{address}/notes", json={"text": WORDS}),
            await client.post(f"{address}/risk", json={"marks": [], "words": WORDS}),
            await client.post(f"{address}/referrals", json={"kind": "mediation", "words": WORDS}),
            await client.post(f"{address}/report-needed", json={"words": WORDS}),
            await client.post(f"{address}/report", json={"agency": "police", "day": "2026-11-21", "number": WORDS}),
            await client.post(f"{address}/visits", json={"day": "2026-11-21", "words": WORDS}),
            await client.post(f"{address}/steps", json={"status": "forwarded", "agency": "court", "words": WORDS}),
            whole := await client.get(address),
        ]
        entries = whole.json()["entries"]
        shown = [(await client.post(f"{address}/entries/{one['id']}/reveal")).json() for one in entries]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 200, 201, 200, 200]
    assert not [secret for secret in SECRETS for answer in answers if secret in answer.text]
    assert {(one["words"], one["hides"]) for one in entries} == {(MASKED, True)}
    assert {(one["words"], one["hides"]) for one in shown} == {(WORDS, False)}
    assert [one["kind"] for one in shown] == [one["kind"] for one in entries]
    for one in entries:
        assert await office.audited(one["id"]) == [(li.id, "case_entry.reveal")]


async def test_what_hides_nothing_says_so(office: Office) -> None:
    await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    async with office.program("li") as client:
        await client.post(f"/api/v1/cases/{case.id}/notes", json={"text": "已联系社区"})
        [entry] = (await client.get(f"/api/v1/cases/{case.id}")).json()["entries"]
    assert (entry["words"], entry["hides"]) == ("已联系社区", False)


async def test_a_line_of_another_file_is_not_told(office: Office) -> None:
    li = await office.hire("li")
    one, other = [await office.file_of(await office.waiting(words)) for words in ("你好", "您好")]
    step = CaseStep(CaseStatus.FORWARDED, WORDS, Agency.COURT)
    await cases.advance(other.id, step, li, office.units, office.clock)
    async with office.program("li") as client:
        [entry] = (await client.get(f"/api/v1/cases/{other.id}")).json()["entries"]
        answer = await client.post(f"/api/v1/cases/{one.id}/entries/{entry['id']}/reveal")
    assert answer.status_code == 404
    assert await office.audited(entry["id"]) == []


class _Away:
    """A unit of work that does not begin."""

    async def __aenter__(self) -> NoReturn:
        raise StoreUnavailable("the database does not answer")

    async def __aexit__(self, *error: object) -> None:
        """Nothing was begun."""


async def test_nothing_is_told_that_the_audit_trail_cannot_take(office: Office) -> None:
    li = await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    await cases.note(case.id, WORDS, li, office.units, office.clock)
    async with office.program("li") as client:
        [entry] = (await client.get(f"/api/v1/cases/{case.id}")).json()["entries"]
        office.site.state.api = replace(office.site.state.api, units=_Away)
        answer = await client.post(f"/api/v1/cases/{case.id}/entries/{entry['id']}/reveal")
    assert answer.status_code == 503
    assert "13812345678" not in answer.text
    assert await office.audited(entry["id"]) == []
