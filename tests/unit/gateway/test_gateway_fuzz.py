"""Anything may come over the wire: the webhook never fails, and stores nothing that is not signed."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from wechat_platform import ACCOUNTS, fixture

from bot.conversation.content import Text
from bot.conversation.ports import Slot
from tests.fuzz.inputs import FAMILIES, signed
from tests.fuzz.target import Knock, Trial, attempt, authentic

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
"""`make fuzz` throws a hundred thousand."""


@pytest.mark.parametrize("name", list(FAMILIES))
def test_the_webhook_stands(name: str) -> None:
    family, _ = FAMILIES[name]
    with asyncio.Runner() as runner:

        @QUICK
        @given(family())
        def throw(trial: Trial) -> None:
            runner.run(attempt(trial))

        throw()


def knock(account: str) -> Knock:
    request = signed(ACCOUNTS[account], fixture("text").encode())
    query = "&".join(f"{name}={value}" for name, value in request.query.items())
    return Knock(account, query.encode(), (request.body,))


@pytest.mark.parametrize("account", list(ACCOUNTS))
async def test_the_judge_knows_a_signed_request_from_a_forged_one(account: str) -> None:
    true = knock(account)
    assert authentic(true)
    assert not authentic(replace(true, query=true.query.replace(b"nonce=7", b"nonce=8")))
    stored = await attempt(Trial("signed", (true, true), Slot(Text("在"))))
    assert stored == {"200 stored": 1, "200": 1}
