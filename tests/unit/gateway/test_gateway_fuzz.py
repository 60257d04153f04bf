"""Anything may come over the wire: the webhook never fails, and stores nothing that is not signed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wechat_platform import ACCOUNTS, FIXTURES, House, Request, fixture, house, push

from bot.conversation.accounts import Account
from bot.gateway.ports import Timing
from bot.triage import Rules

CASES = sorted(path.stem for path in FIXTURES.glob("*.xml"))
QUIET = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

accounts = st.sampled_from(list(ACCOUNTS.values()))
fields = st.sampled_from(
    (
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "MsgId",
        "Content",
        "Event",
        "EventKey",
        "MediaId",
        "Ticket",
    )
)
values = st.one_of(
    st.text(max_size=20),
    st.integers().map(str),
    st.sampled_from(
        ["text", "event", "subscribe", "CLICK", "qrscene_", "device_text", "<a>1</a>", "<a/>", "]]>", "&lt;"]
    ),
)
made_up = st.lists(st.tuples(fields, values), max_size=12).map(
    lambda rows: "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in rows) + "</xml>"
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A real message with a piece cut out and something put in its place."""
    xml = fixture(draw(st.sampled_from(CASES)))
    start = draw(st.integers(0, len(xml)))
    end = draw(st.integers(start, min(len(xml), start + 40)))
    return xml[:start] + draw(values) + xml[end:]


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    """One loop for all examples of a test."""
    with asyncio.Runner() as made:
        yield made


@pytest.fixture
def home(rules: Rules) -> House:
    """One house for all examples of a test, where nobody waits."""
    return house(rules, timing=Timing(answer_s=0.0, hold_s=0.0))


@QUIET
@given(account=accounts, body=st.one_of(st.binary(max_size=300), made_up.map(str.encode)))
def test_an_unsigned_body_is_refused_and_not_stored(
    home: House, runner: asyncio.Runner, account: Account, body: bytes
) -> None:
    query = push(account, "").query | {"signature": "0" * 40, "msg_signature": "0" * 40}
    answer = runner.run(home.post(account, Request(query, body)))
    assert 400 <= answer.status_code < 500
    assert home.inbox.appended == []


@QUIET
@given(account=accounts, xml=st.one_of(made_up, damaged(), st.text(max_size=300)))
def test_a_signed_body_never_makes_the_webhook_fail(
    home: House, runner: asyncio.Runner, account: Account, xml: str
) -> None:
    answer = runner.run(home.post(account, push(account, xml)))
    # 503: stored, and its reply not there yet
    assert answer.status_code in (200, 400, 403, 503)
