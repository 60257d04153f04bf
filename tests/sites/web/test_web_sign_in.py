"""Signing in and out: who comes in, how long it holds, and what slows a guesser down."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from structlog.testing import capture_logs

from bot.conversation.staff import AuditEntry, Session, Staff
from bot.web import sessions
from bot.web.attempts import Attempts
from bot.web.passwords import Passwords, Verdict
from tests.doubles.office import PASSWORD, QUICK
from tests.sites.web.shell import Shell, sign_in


async def test_the_right_password_opens_a_session_that_only_a_digest_is_kept_of(shell: Shell) -> None:
    member = await shell.hire()
    async with shell.browser() as client:
        answer = await sign_in(client, next="/page")
        assert (answer.status_code, answer.headers["location"]) == (303, "/page")
        token = client.cookies["niangjia_session"]
        assert (await client.get("/page")).status_code == 200
    [session] = shell.units.kept(Session)
    assert session.token_digest == hashlib.sha256(token.encode()).hexdigest()
    assert session.expires_at - session.created_at == timedelta(hours=1)
    [entry] = shell.units.kept(AuditEntry)
    assert (entry.staff_id, entry.action) == (member.id, "session.begin")


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
async def test_the_cookie_is_closed_to_scripts_and_other_sites(shell: Shell, scheme: str, secure: bool) -> None:
    await shell.hire()
    async with shell.browser(scheme) as client:
        cookie = (await sign_in(client)).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert ("secure" in cookie) is secure


async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client:
        wrong = await sign_in(client, "wrong")
        unknown = await sign_in(client, "wrong", username="nobody")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace('"li"', "") == unknown.text.replace('"nobody"', "")
    assert "用户名或密码不对" in wrong.text
    assert not shell.units.kept(Session)


async def test_who_was_barred_cannot_come_in(shell: Shell) -> None:
    await shell.hire(active=False)
    async with shell.browser() as client:
        assert (await sign_in(client)).status_code == 401


async def test_guessing_is_slowed_down_for_this_name_from_this_address_only(shell: Shell) -> None:
    await shell.hire()
    await shell.hire("wang")
    async with shell.browser() as guesser, shell.browser(address="10.0.0.8") as elsewhere:
        for _ in range(5):
            assert (await sign_in(guesser, "wrong")).status_code == 401
        slowed = await sign_in(guesser)
        assert slowed.status_code == 429
        assert "请等 2 秒" in slowed.text
        assert (await sign_in(guesser, username="LI")).status_code == 429
        assert (await sign_in(guesser, username="wang")).status_code == 303
        assert (await sign_in(elsewhere)).status_code == 303


async def test_one_address_that_tries_many_names_is_slowed_down(shell: Shell) -> None:
    await shell.hire()
    attempts = shell.site.state.door.attempts
    for number in range(30):
        await attempts.begin(f"name{number}", "10.0.0.7")
    async with shell.browser() as guesser, shell.browser(address="10.0.0.8") as elsewhere:
        assert (await sign_in(guesser)).status_code == 429
        assert (await sign_in(elsewhere)).status_code == 303


async def test_one_name_tried_from_many_addresses_is_slowed_down_for_half_a_minute_at_most(shell: Shell) -> None:
    await shell.hire()
    await shell.hire("wang")
    attempts = shell.site.state.door.attempts
    for number in range(50):
        await attempts.begin("LI", f"10.0.1.{number}")
    for number in range(50, 60):
        shell.clock.advance(timedelta(seconds=30))
        await attempts.begin("li", f"10.0.1.{number}")
    async with shell.browser() as client:
        slowed = await sign_in(client)
        assert (slowed.status_code, "请等 30 秒" in slowed.text) == (429, True)
        assert (await sign_in(client, username="wang")).status_code == 303
        shell.clock.advance(timedelta(seconds=30))
        assert (await sign_in(client)).status_code == 303


async def test_a_desk_that_starts_anew_has_forgotten_no_guesser(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as guesser:
        for _ in range(5):
            assert (await sign_in(guesser, "wrong")).status_code == 401
    door = shell.site.state.door
    shell.site.state.door = replace(door, attempts=Attempts(shell.tries, door.sealer))
    async with shell.browser() as guesser:
        assert (await sign_in(guesser)).status_code == 429


async def test_without_redis_the_right_password_still_opens_the_desk(shell: Shell) -> None:
    await shell.hire()
    shell.tries.available = False
    with capture_logs() as logs:
        async with shell.browser() as client:
            assert (await sign_in(client, "wrong")).status_code == 401
            assert (await sign_in(client)).status_code == 303
    assert [log["event"] for log in logs] == ["tries not counted"] * 2 + ["tries not forgotten"]


async def test_neither_name_nor_address_is_kept_with_the_tries(shell: Shell) -> None:
    async with shell.browser() as client:
        await sign_in(client, "wrong", username="my-password-by-mistake")
    kept = repr(vars(shell.tries))
    assert not any(clear in kept for clear in ("by-mistake", "10.0.0.7"))


async def test_an_office_behind_one_address_signs_in_all_morning(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client:
        for _ in range(35):
            assert (await sign_in(client)).status_code == 303


async def test_the_pauses_grow_and_the_right_password_ends_them(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client:
        for tries in range(9):
            shell.clock.advance(timedelta(seconds=300 if tries >= 5 else 0))
            assert (await sign_in(client, "wrong")).status_code == 401
        shell.clock.advance(timedelta(seconds=31))
        assert (await sign_in(client)).status_code == 429
        shell.clock.advance(timedelta(seconds=2))
        assert (await sign_in(client)).status_code == 303
        assert (await sign_in(client, "wrong")).status_code == 401


async def test_wrong_passwords_stand_in_the_audit_trail_whether_the_name_exists_or_not(shell: Shell) -> None:
    member = await shell.hire()
    async with shell.browser() as client:
        await sign_in(client, "wrong")
        await sign_in(client, "wrong", username="who-is-this")
    assert [(entry.staff_id, entry.action) for entry in shell.units.kept(AuditEntry)] == [
        (member.id, "session.refuse"),
        ("nobody", "session.refuse"),
    ]


async def test_a_hash_with_old_parameters_is_renewed(shell: Shell) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    member = await shell.hire(password_hash=old.hash(PASSWORD))
    async with shell.browser() as client:
        await sign_in(client, "wrong")
        assert shell.units.kept(Staff) == [member]
        assert (await sign_in(client)).status_code == 303
    [kept] = shell.units.kept(Staff)
    assert "t=1" in kept.password_hash


@pytest.mark.parametrize("change", [{"active": False}, {"password_hash": QUICK.hash("given by the office")}])
async def test_what_was_ended_while_the_password_was_checked_does_not_begin_again(
    shell: Shell, change: dict[str, Any]
) -> None:
    """An administrator is quicker than the check of a hash, which takes a while on purpose."""
    member = await shell.hire()

    class Slow(Passwords):
        async def check(self, password: str, kept: str | None) -> Verdict:
            async with shell.units() as uow:
                await uow.staff.save(replace(member, **change))
                await uow.sessions.end_all(member.id)
                await uow.commit()
            return await super().check(password, kept)

    shell.site.state.door = replace(shell.site.state.door, passwords=Slow(QUICK))
    async with shell.browser() as client:
        answer = await sign_in(client)
    assert (answer.status_code, "用户名或密码不对" in answer.text) == (401, True)
    assert not shell.units.kept(Session)
    [kept] = shell.units.kept(Staff)
    assert kept == replace(member, **change)


async def test_a_session_that_nobody_uses_ends_after_an_hour(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
        shell.clock.advance(timedelta(seconds=59))
        assert (await client.get("/page")).status_code == 200
        [session] = shell.units.kept(Session)
        assert session.expires_at - session.created_at == timedelta(hours=1), "it is not put off at each request"
        shell.clock.advance(timedelta(minutes=58))
        assert (await client.get("/page")).status_code == 200
        shell.clock.advance(timedelta(minutes=59, seconds=59))
        assert (await client.get("/page")).status_code == 200
        shell.clock.advance(timedelta(minutes=60))
        assert (await client.get("/page")).status_code == 303


async def test_an_open_live_stream_keeps_its_session(shell: Shell) -> None:
    member = await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
    [session] = shell.units.kept(Session)
    for _ in range(11):
        shell.clock.advance(timedelta(minutes=59))
        assert await sessions.still_holds(sessions.Visit(member, session), shell.site.state.door)
    shell.clock.advance(timedelta(hours=2))
    assert not await sessions.still_holds(sessions.Visit(member, session), shell.site.state.door)


async def test_a_session_runs_out_after_twelve_hours_even_in_use(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
        for _ in range(12):
            shell.clock.advance(timedelta(minutes=59))
            assert (await client.get("/page")).status_code == 200
        shell.clock.advance(timedelta(minutes=12, seconds=1))
        answer = await client.get("/page")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/page")


async def test_signing_out_ends_the_session_and_the_presence(shell: Shell) -> None:
    member = await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
        token = (await client.get("/page")).json()
        await shell.queue.arrive(member.id)
        kept = dict(client.cookies)
        answer = await client.post("/sign-out", data={"csrf_token": token})
        assert answer.headers["location"] == "/sign-in"
        client.cookies.update(kept)
        assert (await client.get("/page")).status_code == 303
    assert not await shell.queue.present()


async def test_a_token_of_a_cookie_is_no_use_without_the_bearer_header(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
        assert (await client.get("/api/v1/me")).status_code == 401
        bearer = {"Authorization": f"Bearer {client.cookies['niangjia_session']}"}
        assert (await client.get("/api/v1/me", headers=bearer)).json() == "li"


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "\t//evil.example", "javascript:alert(1)"]
)
async def test_the_sign_in_leads_only_to_pages_of_this_site(shell: Shell, wanted: str) -> None:
    await shell.hire()
    async with shell.browser() as client:
        assert (await sign_in(client, next=wanted)).headers["location"] == "/"


async def test_another_site_cannot_sign_anybody_in(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client:
        client.headers["Sec-Fetch-Site"] = "cross-site"
        assert (await sign_in(client)).status_code == 403


async def test_without_the_database_the_form_says_so(shell: Shell) -> None:
    await shell.hire()
    shell.units.available = False
    async with shell.browser() as client:
        answer = await sign_in(client)
    assert answer.status_code == 503
    assert "暂时连不上" in answer.text
    assert 'value="li"' in answer.text
