"""Programs of who is enrolled for codes give one beside the password."""

from __future__ import annotations

import pyotp

from bot.conversation.staff import SecondFactor
from bot.web.body import STRANGER_BYTES
from tests.doubles.office import PASSWORD, Office


async def test_what_is_too_long_for_name_and_password_is_not_read(office: Office) -> None:
    who = {"username": "li", "password": PASSWORD, "code": "0" * STRANGER_BYTES}
    async with office.visitor() as client:
        assert (await client.post("/api/v1/tokens", json=who)).status_code == 413


async def test_a_token_needs_the_code_too(office: Office) -> None:
    member, secret = await office.hire("li"), pyotp.random_base32()
    async with office.units() as uow:
        await uow.second_factors.save(SecondFactor(member.id, secret, office.clock.now(), confirmed=True))
        await uow.commit()
    who = {"username": "li", "password": PASSWORD}
    async with office.visitor() as client:
        without = await client.post("/api/v1/tokens", json=who)
        wrong = await client.post("/api/v1/tokens", json={**who, "code": "000000"})
        right = {**who, "code": pyotp.TOTP(secret).at(office.clock.now())}
        given = await client.post("/api/v1/tokens", json=right)
        again = await client.post("/api/v1/tokens", json=right)
    assert (without.status_code, without.json()["detail"]) == (401, "a code of the second factor is wanted too")
    assert (wrong.status_code, given.status_code, again.status_code) == (401, 201, 401)
