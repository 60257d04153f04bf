"""One's own account: a new password, and signing out wherever one is signed in."""

from __future__ import annotations

import httpx
import pytest

from bot.conversation.staff import AuditEntry, Session, Staff
from tests.doubles.office import PASSWORD
from tests.sites.web.shell import Shell, sign_in

NEW = "another long password"


async def change(client: httpx.AsyncClient, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> httpx.Response:
    form = {"csrf_token": (await client.get("/page")).json(), "password": old, "new": new, "again": again}
    return await client.post("/account/password", data=form)


async def test_a_new_password_ends_every_other_sign_in(shell: Shell) -> None:
    member = await shell.hire()
    async with shell.browser() as client, shell.browser() as forgotten:
        await sign_in(client)
        await sign_in(forgotten)
        answer = await change(client)
        assert (answer.status_code, "密码换好了" in answer.text) == (200, True)
        assert (await client.get("/page")).status_code == 200
        assert (await forgotten.get("/page")).status_code == 303
        assert (await sign_in(forgotten)).status_code == 401
        assert (await sign_in(forgotten, NEW)).status_code == 303
    assert ("password.change", member.id) in [(one.action, one.target) for one in shell.units.kept(AuditEntry)]
    [kept] = shell.units.kept(Staff)
    assert NEW not in kept.password_hash


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"old": "wrong"}, 401, "现在的密码不对"),
        ({"new": "short", "again": "short"}, 422, "新密码至少 10 位"),
        ({"again": "something else"}, 422, "两次填的新密码不一样"),
    ],
)
async def test_what_is_wrong_is_told_and_changes_nothing(
    shell: Shell, form: dict[str, str], status: int, words: str
) -> None:
    await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
        answer = await change(client, **form)
        assert (answer.status_code, words in answer.text) == (status, True)
        assert (await sign_in(client)).status_code == 303


async def test_a_thief_of_a_session_guesses_the_password_slowly(shell: Shell) -> None:
    member = await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
        got = [(await change(client, "wrong")).status_code for _ in range(6)]
    assert got == [401] * 5 + [429]
    noted = [(one.staff_id, one.action) for one in shell.units.kept(AuditEntry)[-5:]]
    assert noted == [(member.id, "password.refuse")] * 5


async def test_signing_out_everywhere_ends_all_of_ones_own_and_nobody_elses(shell: Shell) -> None:
    member, other = await shell.hire(), await shell.hire("wang")
    await shell.queue.arrive(member.id)
    async with shell.browser() as client, shell.browser() as forgotten, shell.browser() as colleague:
        for one, name in ((client, "li"), (forgotten, "li"), (colleague, "wang")):
            await sign_in(one, username=name)
        token = (await client.get("/page")).json()
        answer = await client.post("/account/sign-out-everywhere", data={"csrf_token": token})
        assert answer.headers["location"] == "/sign-in"
        assert (await forgotten.get("/page")).status_code == 303
        assert (await colleague.get("/page")).status_code == 200
    assert [session.staff_id for session in shell.units.kept(Session)] == [other.id]
    assert not await shell.queue.present()
    assert shell.units.kept(AuditEntry)[-1].action == "session.end-all"
