"""Every route that the desk and the API have, as every role and as nobody, and on other people's ids."""

from __future__ import annotations

import html
import re

import httpx
import pytest

from bot.conversation.conversations import Mode
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.sites.access.decisions import (
    DECISIONS,
    EVERYBODY,
    NOBODYS,
    OWNERS_MOVES,
    Hers,
    ask,
    routes_of,
    somebody,
)

PAGES = [decision for decision in DECISIONS if " /api/" not in decision]
API = [decision for decision in DECISIONS if " /api/" in decision]
ABOUT_SOMEBODY = [decision for decision in DECISIONS if "_id}" in decision]
FAR = Scope(regions=frozenset({"430300"}))
TURNED_AWAY = {401, 403, 404}


def turned_away(answer: httpx.Response) -> bool:
    """Whether she got nothing: an error, or the way to the sign-in."""
    return answer.status_code in TURNED_AWAY or answer.headers.get("location", "").startswith("/sign-in")


def test_a_decision_is_taken_about_every_route(office: Office) -> None:
    assert routes_of(office.site) == set(DECISIONS), "decide in decisions.py who may use a new route"


async def test_nobody_gets_only_what_is_for_everybody(office: Office) -> None:
    hers = await somebody(office, 1)
    await office.buries(hers.letter)
    async with office.visitor() as client:
        got = {one for one in DECISIONS if not turned_away(await ask(client, one, hers))}
    # wrong passwords are turned away too
    assert got == {one for one, roles in DECISIONS.items() if roles is EVERYBODY} - {
        "POST /sign-in",
        "POST /sign-in/code",
        "POST /api/v1/tokens",
    }
    assert await office.audited(hers.talk) == await office.audited(hers.media) == await office.audited(hers.case) == []


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_gets_the_pages_that_are_decided_for_it(office: Office, role: Role) -> None:
    async with office.browser((await office.hire("she", role, max_chats=1000)).username) as client:
        await _try_each(office, client, role, PAGES)


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_gets_the_calls_that_are_decided_for_it(office: Office, role: Role) -> None:
    async with office.program((await office.hire("she", role, max_chats=1000)).username) as client:
        await _try_each(office, client, role, API)


async def _try_each(office: Office, client: httpx.AsyncClient, role: Role, decisions: list[str]) -> None:
    """Each route on somebody's things whom she speaks with, or who waits if she takes no conversations."""
    await office.feed.end()
    async with office.units() as uow:
        she = await uow.staff.by_username("she")
    assert she is not None
    for number, decision in enumerate(decisions, 1):
        roles = DECISIONS[decision]
        if roles is EVERYBODY:
            continue
        chats = Role.OPERATOR in roles and role is not Role.CONTENT and not decision.endswith("/claim")
        hers = await somebody(office, number, she if chats else None)
        if "dead-letters" in decision:
            await office.buries(hers.letter)
        proof = await _proof(client, hers) if decision.endswith("/live") and role in roles else ""
        answer = await ask(client, decision, hers, proof)
        leaves = "sign-out" in decision
        assert answer.status_code != 500, decision
        assert turned_away(answer) is (role not in roles or leaves), (decision, answer.text)
        if role not in roles:
            assert "你好" not in answer.text


async def _proof(client: httpx.AsyncClient, hers: Hers) -> str:
    page = await client.get(f"/desk/conversations/{hers.talk}")
    found = re.search(r'/live\?proof=([^"&]+)', html.unescape(page.text))
    assert found
    return found[1]


@pytest.mark.parametrize("decision", ABOUT_SOMEBODY)
async def test_ids_of_another_region_answer_as_ids_that_there_are_not(office: Office, decision: str) -> None:
    await office.hire("far", Role.SUPERVISOR, FAR)
    hers = await somebody(office, 1)
    async with (office.program if decision in API else office.browser)("far") as client:
        outside, nothing = await ask(client, decision, hers), await ask(client, decision, NOBODYS)
    assert outside.status_code == nothing.status_code == 404
    assert outside.text == nothing.text
    for target in (hers.talk, hers.case, hers.media):
        assert await office.audited(target) == []
    async with office.units() as uow:
        assert (await uow.conversations.get(hers.talk)).mode is Mode.WAITING


@pytest.mark.parametrize("decision", [one for one in ABOUT_SOMEBODY if one.rpartition("/")[2] in OWNERS_MOVES])
async def test_only_who_holds_a_conversation_acts_in_it(office: Office, decision: str) -> None:
    await office.hire("li")
    wang = await office.hire("wang")
    hers = await somebody(office, 1, wang)
    before = await office.audited(hers.talk)
    async with (office.program if decision in API else office.browser)("li") as client:
        answer = await ask(client, decision, hers)
    assert answer.status_code in {403, 404, 409}
    assert await office.audited(hers.talk) == before
    assert office.sender.typed_to == office.sender.reminded == []
    async with office.units() as uow:
        talk = await uow.conversations.get(hers.talk)
        said = await uow.messages.recent(hers.talk, 9)
    assert (talk.mode, talk.owner) == (Mode.HUMAN, wang.id)
    assert not [one for one in said if one.staff_id is not None and one.staff_id != wang.id]


async def test_a_proof_of_having_opened_is_good_for_that_conversation_and_that_session_only(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    hers, others = await somebody(office, 1), await somebody(office, 2)
    live = "GET /desk/conversations/{conversation_id}/live"
    async with office.browser("li") as client, office.browser("wang") as colleague:
        proof = await _proof(client, hers)
        assert (await ask(client, live, hers, proof)).status_code == 200
        assert (await ask(client, live, others, proof)).status_code == 404
        assert (await ask(colleague, live, hers, proof)).status_code == 404
    assert await office.audited(others.talk) == []
