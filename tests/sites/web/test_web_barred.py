"""Who is barred, or is given another password or scope, while she is signed in: page, program and live stream."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.cli.users import UserPorts, Work, reset_second_factor, set_active, set_password, set_work
from bot.conversation.staff import Session
from bot.web import sessions
from bot.web.errors import SignInRefused
from tests.doubles.office import PASSWORD, QUICK
from tests.sites.web.shell import Shell, sign_in

NEW = "given by the office"

Change = Callable[[str, UserPorts], Awaitable[None]]


async def set_new_password(username: str, ports: UserPorts) -> None:
    await set_password(username, NEW, ports)


async def bar(username: str, ports: UserPorts) -> None:
    await set_active(username, False, ports)


async def bar_and_let_in(username: str, ports: UserPorts) -> None:
    await bar(username, ports)
    await set_active(username, True, ports)


async def move(username: str, ports: UserPorts) -> None:
    await set_work(username, Work(regions=frozenset({"430100"})), ports)


@dataclass
class SignedIn:
    """Her browser, her program, and what her open live stream asks every now and then."""

    shell: Shell
    client: httpx.AsyncClient
    visit: sessions.Visit

    async def statuses(self) -> tuple[int, int, bool]:
        token = self.client.cookies["niangjia_session"]
        page = await self.client.get("/page")
        program = await self.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        return page.status_code, program.status_code, await sessions.still_holds(self.visit, self.shell.site.state.door)


async def signed_in(shell: Shell, client: httpx.AsyncClient) -> SignedIn:
    member = await shell.hire()
    await sign_in(client)
    [session] = shell.units.kept(Session)
    one = SignedIn(shell, client, sessions.Visit(member, session))
    assert await one.statuses() == (200, 200, True)
    return one


def the_office(shell: Shell) -> UserPorts:
    return UserPorts(shell.units, shell.clock, QUICK.hash)


@pytest.mark.parametrize("change", [bar, bar_and_let_in, set_new_password, reset_second_factor])
async def test_what_ends_her_sign_ins_ends_all_of_them_at_once_and_for_good(shell: Shell, change: Change) -> None:
    async with shell.browser() as client:
        one = await signed_in(shell, client)
        await change("li", the_office(shell))
        assert await one.statuses() == (303, 401, False)


async def test_another_scope_holds_from_the_next_page_and_begins_the_live_stream_anew(shell: Shell) -> None:
    async with shell.browser() as client:
        one = await signed_in(shell, client)
        await move("li", the_office(shell))
        assert await one.statuses() == (200, 200, False)
        [session] = shell.units.kept(Session)
        found = await shell.site.state.door.find_session(session.token_digest, shell.clock.now())
        assert found[1].scope.regions == {"430100"}


@pytest.mark.parametrize("end", ["password", "everywhere"])
async def test_what_she_ends_herself_is_ended_for_programs_and_live_streams_too(shell: Shell, end: str) -> None:
    async with shell.browser() as client, shell.browser() as another:
        one = await signed_in(shell, client)
        await sign_in(another)
        form: dict[str, Any] = {"csrf_token": (await another.get("/page")).json()}
        if end == "password":
            passwords = {"password": PASSWORD, "new": NEW, "again": NEW}
            answer = await another.post("/account/password", data=form | passwords)
        else:
            answer = await another.post("/account/sign-out-everywhere", data=form)
        assert answer.status_code in (200, 303)
        assert await one.statuses() == (303, 401, False)


async def test_a_password_set_by_the_office_is_not_overwritten_by_her_own_change_under_way(shell: Shell) -> None:
    async with shell.browser() as client:
        one = await signed_in(shell, client)
        await set_new_password("li", the_office(shell))
        with pytest.raises(SignInRefused):
            await sessions.change_password(one.visit, PASSWORD, "quite another one", "", shell.site.state.door)
        assert (await sign_in(client, NEW)).status_code == 303
