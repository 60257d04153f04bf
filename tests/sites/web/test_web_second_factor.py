"""The code beside the password: enrolling, signing in with it, and the day on which the phone is lost."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pyotp
import pytest

from bot.conversation.staff import AuditEntry, Role, SecondFactor, Session, Staff
from bot.web.second_factor import step_of
from tests.doubles.office import PASSWORD, QUICK
from tests.sites.web.shell import Shell, sign_in


async def csrf(client: httpx.AsyncClient) -> dict[str, str]:
    return {"csrf_token": (await client.get("/page")).json()}


def code_of(secret: str, shell: Shell, steps: int = 0) -> str:
    """What the phone shows so many half minutes from now."""
    return pyotp.TOTP(secret).at(shell.clock.now() + timedelta(seconds=30 * steps))


async def begin(client: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
    return await client.post("/account/second-factor", data={**await csrf(client), "password": password})


async def enrolled(shell: Shell, member: Staff) -> tuple[str, list[str]]:
    """Enrol through the pages; the secret and the recovery codes."""
    async with shell.browser() as client:
        await sign_in(client, username=member.username)
        secret = secret_in((await begin(client)).text)
        form = {**await csrf(client), "code": code_of(secret, shell)}
        answer = await client.post("/account/second-factor/confirm", data=form)
        assert answer.status_code == 200
    shell.clock.advance(timedelta(minutes=2))
    return secret, re.findall(r"<code>([a-z2-7-]{19})</code>", answer.text)


def secret_in(page: str) -> str:
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', page)
    assert found
    return found[1].replace(" ", "")


async def ticket_of(client: httpx.AsyncClient, **form: str) -> str:
    """The password is right: what the form for the code carries."""
    answer = await sign_in(client, **form)
    assert answer.status_code == 200
    assert "niangjia_session" not in client.cookies
    found = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    assert found
    return found[1]


async def give(client: httpx.AsyncClient, ticket: str, code: str) -> httpx.Response:
    return await client.post("/sign-in/code", data={"ticket": ticket, "code": code, "next": "/page"})


# RFC 6238, appendix B, for SHA-1; the last six of its eight digits.
@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    secret, at = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", datetime.fromtimestamp(seconds, UTC)
    assert step_of(secret, code, at) == seconds // 30
    assert step_of(secret, f" {code[:3]} {code[3:]}", at) == seconds // 30
    assert step_of(secret, code, at, after=seconds // 30) is None
    for drift in (-30, 30):
        assert step_of(secret, code, at + timedelta(seconds=drift)) == seconds // 30
    for drift in (-60, 60):
        assert step_of(secret, code, at + timedelta(seconds=drift)) is None
    assert step_of(secret, "", at) is None


async def test_from_enrolment_on_the_password_alone_opens_nothing(shell: Shell) -> None:
    member = await shell.hire()
    secret, codes = await enrolled(shell, member)
    before = len(shell.units.kept(Session))
    async with shell.browser() as client:
        ticket = await ticket_of(client)
        assert len(shell.units.kept(Session)) == before
        answer = await give(client, ticket, code_of(secret, shell))
        assert (answer.status_code, answer.headers["location"]) == (303, "/page")
        assert (await client.get("/page")).status_code == 200
        account = (await client.get("/account")).text
    assert "已开启" in account
    assert "恢复码还剩 10 个" in account
    assert len(set(codes)) == 10
    assert ("second-factor.enrol", member.id) in [(one.action, one.staff_id) for one in shell.units.kept(AuditEntry)]


async def test_enrolling_ends_every_sign_in_that_the_password_alone_opened_but_this_one(shell: Shell) -> None:
    await shell.hire()
    await shell.hire("wang")
    async with shell.browser() as client, shell.browser() as thief, shell.browser() as colleague:
        await sign_in(client)
        await sign_in(thief)
        await sign_in(colleague, username="wang")
        form = {**await csrf(client), "code": code_of(secret_in((await begin(client)).text), shell)}
        answer = await client.post("/account/second-factor/confirm", data=form)
        assert (answer.status_code, "其他电脑和手机上的登录都已退出" in answer.text) == (200, True)
        assert (await client.get("/page")).status_code == 200
        assert (await colleague.get("/page")).status_code == 200
        assert (await thief.get("/page")).status_code == 303
        bearer = {"Authorization": f"Bearer {thief.cookies['niangjia_session']}"}
        assert (await thief.get("/api/v1/me", headers=bearer)).status_code == 401


async def test_a_code_is_good_once_and_so_is_a_recovery_code(shell: Shell) -> None:
    secret, codes = await enrolled(shell, await shell.hire())
    async with shell.browser() as client:
        for code in (code_of(secret, shell), codes[3], codes[4].upper().replace("-", " ")):
            ticket = await ticket_of(client)
            assert (await give(client, ticket, code)).status_code == 303
            client.cookies.clear()
            again = await give(client, ticket, code)
            assert again.status_code == 401
            assert "验证码不对" in again.text
        assert (await give(client, ticket, code_of(secret, shell, -1))).status_code == 401, (
            "older than one that was used"
        )
    [factor] = shell.units.kept(SecondFactor)
    assert len(factor.recovery) == 8
    assert sha256(codes[0].replace("-", "").encode()).hexdigest() in factor.recovery
    assert [one.action for one in shell.units.kept(AuditEntry)].count("second-factor.recover") == 2


async def test_a_wrong_code_stands_in_the_audit_trail_for_her_password_is_known_to_somebody(shell: Shell) -> None:
    member = await shell.hire()
    await enrolled(shell, member)
    async with shell.browser() as client:
        await give(client, await ticket_of(client), "000000")
    last = shell.units.kept(AuditEntry)[-1]
    assert (last.staff_id, last.action, last.target) == (member.id, "second-factor.refuse", member.id)


async def test_guessing_codes_is_slowed_down_from_wherever(shell: Shell) -> None:
    secret, _ = await enrolled(shell, await shell.hire())
    async with shell.browser() as client, shell.browser(address="10.0.0.8") as elsewhere:
        ticket = await ticket_of(client)
        for _ in range(5):
            assert (await give(client, ticket, "000000")).status_code == 401
        slowed = await give(client, ticket, code_of(secret, shell))
        assert slowed.status_code == 429
        assert "验证码错得太多，请等 2 秒" in slowed.text
        assert (await give(elsewhere, await ticket_of(elsewhere), code_of(secret, shell))).status_code == 429


@pytest.mark.parametrize("minutes", [4, 6])
async def test_the_code_must_follow_the_password_within_five_minutes(shell: Shell, minutes: int) -> None:
    secret, _ = await enrolled(shell, await shell.hire())
    async with shell.browser() as client:
        ticket = await ticket_of(client)
        shell.clock.advance(timedelta(minutes=minutes))
        answer = await give(client, ticket, code_of(secret, shell))
    assert answer.status_code == (303 if minutes < 5 else 401)
    assert ("隔得太久了" in answer.text) is (minutes > 5)


@pytest.mark.parametrize("ticket", ["", "gAAAAA", "姓名", "{}"])
async def test_a_ticket_that_is_none_opens_nothing(shell: Shell, ticket: str) -> None:
    async with shell.browser() as client:
        assert (await give(client, ticket, "000000")).status_code == 401


async def test_who_is_barred_after_the_password_does_not_come_in(shell: Shell) -> None:
    member = await shell.hire()
    secret, _ = await enrolled(shell, member)
    async with shell.browser() as client:
        ticket = await ticket_of(client)
        member.active = False
        async with shell.units() as uow:
            await uow.staff.save(member)
            await uow.commit()
        assert (await give(client, ticket, code_of(secret, shell))).status_code == 401


async def test_a_password_that_was_changed_since_leads_to_no_code(shell: Shell) -> None:
    member = await shell.hire()
    secret, _ = await enrolled(shell, member)
    async with shell.browser() as client:
        ticket = await ticket_of(client)
        async with shell.units() as uow:
            await uow.staff.save(replace(member, password_hash=QUICK.hash("given by the office")))
            await uow.commit()
        answer = await give(client, ticket, code_of(secret, shell))
        assert (answer.status_code, "请再登录一次" in answer.text) == (401, True)
        again = await ticket_of(client, password="given by the office")
        assert (await give(client, again, code_of(secret, shell))).status_code == 303, "the code was not used up"


async def test_another_site_cannot_give_a_code(shell: Shell) -> None:
    secret, _ = await enrolled(shell, await shell.hire())
    async with shell.browser() as client:
        ticket = await ticket_of(client)
        client.headers["Sec-Fetch-Site"] = "cross-site"
        assert (await give(client, ticket, code_of(secret, shell))).status_code == 403


async def test_enrolling_needs_the_password_and_a_first_code(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
        wrong = await begin(client, "wrong")
        assert (wrong.status_code, "密码不对" in wrong.text) == (401, True)
        assert not shell.units.kept(SecondFactor)
        page = (await begin(client)).text
        wrong = await client.post("/account/second-factor/confirm", data={**await csrf(client), "code": "000000"})
        assert wrong.status_code == 422
        assert secret_in(wrong.text) == secret_in(page)
        assert (await client.post("/account/second-factor", data={"password": PASSWORD})).status_code == 403
    async with shell.browser() as client:
        assert (await sign_in(client)).status_code == 303, "nothing is asked for before the first code"


async def test_the_picture_says_what_the_text_says(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
        page = (await begin(client)).text
    assert page.count("<svg") == 2  # the house of the brand, and the picture
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert "style=" not in page


async def test_a_thief_of_a_session_cannot_put_another_phone_in_place(shell: Shell) -> None:
    member = await shell.hire()
    secret, _ = await enrolled(shell, member)
    async with shell.browser() as client:
        await give(client, await ticket_of(client), code_of(secret, shell))
        assert (await begin(client)).status_code == 409
        form = {**await csrf(client), "code": code_of(secret, shell)}
        assert (await client.post("/account/second-factor/confirm", data=form)).status_code == 404
    [factor] = shell.units.kept(SecondFactor)
    assert factor.secret == secret


@pytest.mark.parametrize("role", list(Role))
async def test_who_sees_much_is_told_to_enrol_at_each_sign_in(shell: Shell, role: Role) -> None:
    member = await shell.hire(role=role)
    advised = role in (Role.SUPERVISOR, Role.ADMIN)
    async with shell.browser() as client:
        answer = await sign_in(client, next="/page")
        assert answer.headers["location"] == ("/account?next=/page" if advised else "/page")
        page = (await client.get(answer.headers["location"])).text
        assert ("这次先不开" in page) is advised
    secret, _ = await enrolled(shell, member)
    async with shell.browser() as client:
        answer = await give(client, await ticket_of(client), code_of(secret, shell))
        assert answer.headers["location"] == "/page"


async def test_without_the_database_the_form_for_the_code_says_so(shell: Shell) -> None:
    secret, _ = await enrolled(shell, await shell.hire())
    async with shell.browser() as client:
        ticket = await ticket_of(client)
        shell.units.available = False
        answer = await give(client, ticket, code_of(secret, shell))
        assert (answer.status_code, "暂时连不上" in answer.text) == (503, True)
        shell.units.available = True
        assert (await give(client, ticket, code_of(secret, shell))).status_code == 303
