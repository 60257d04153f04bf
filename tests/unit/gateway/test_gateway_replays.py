"""A signed request carries one message: the platform may repeat it, nobody may use it for another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY
from wechat_platform import ACCOUNTS, OPENID, House, Request, fixture, house, opened, push

from bot.conversation.accounts import Account
from bot.conversation.content import Text
from bot.conversation.ports import Slot
from bot.triage import Rules

PLAIN, COMPATIBLE, SAFE_MODE = ACCOUNTS.values()
TEXT = fixture("text")

FORGERIES: dict[str, Callable[[str], str]] = {
    "other words": lambda xml: xml.replace("能退吗", "不能退吗"),
    "another number": lambda xml: xml.replace("24000000000000001", "24000000000000999"),
    "another person": lambda xml: xml.replace(OPENID, "oTest0Person0000000000000002"),
    "another time": lambda xml: xml.replace("1790000000", "1790000001"),
    "another kind": lambda xml: fixture("image"),
    "an event": lambda xml: fixture("unsubscribe"),
    "another order": lambda xml: fixture("user_authorization_cancellation"),
}


def replays() -> float:
    labels = {"account": "plain", "outcome": "refused_replayed"}
    return REGISTRY.get_sample_value("niangjia_gateway_requests_total", labels) or 0.0


async def carried(home: House, account: Account, request: Request) -> None:
    """A worker answers the message of this request."""
    answer, _ = await asyncio.gather(home.post(account, request), home.work(Slot(Text("好"))))
    assert answer.status_code == 200


@pytest.mark.wechat("1.12")
@pytest.mark.parametrize("name", list(FORGERIES))
async def test_another_body_under_the_same_query_is_refused(home: House, name: str) -> None:
    request = push(PLAIN, TEXT)
    await carried(home, PLAIN, request)
    before, stored = replays(), list(home.inbox.appended)
    forged = replace(request, body=FORGERIES[name](TEXT).encode())
    answer = await home.post(PLAIN, forged)
    assert (answer.status_code, answer.text) == (403, "this signed request has carried another message")
    assert home.inbox.appended == stored
    assert replays() == before + 1


@pytest.mark.wechat("1.12")
async def test_a_forged_list_under_the_same_query_is_refused_whole(home: House) -> None:
    one, several = fixture("subscribe_msg_popup_event"), fixture("subscribe_msg_popup_event__several")
    request = push(PLAIN, several)
    await home.post(PLAIN, request)
    for forged in (one, several.replace("reject", "accept"), several.replace("accept", "reject")):
        assert (await home.post(PLAIN, replace(request, body=forged.encode()))).status_code == 403
    assert len(home.inbox.appended) == 2


@pytest.mark.wechat("3.7")
@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))
async def test_the_same_request_again_joins_its_turn(home: House, account: Account) -> None:
    request = push(account, TEXT)
    assert (await home.post(account, request)).status_code == 503
    answer, _ = await asyncio.gather(home.post(account, request), home.work(Slot(Text("好"))))
    assert opened(account, answer.content).findtext("Content") == "好"
    assert len(home.inbox.appended) == 1


@pytest.mark.wechat("3.7")
@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))
async def test_the_same_message_signed_anew_joins_its_turn(home: House, account: Account) -> None:
    assert (await home.post(account, push(account, TEXT))).status_code == 503
    again = push(account, TEXT, nonce="77")
    answer, _ = await asyncio.gather(home.post(account, again), home.work(Slot(Text("好"))))
    assert opened(account, answer.content, nonce="77").findtext("Content") == "好"
    assert len(home.inbox.appended) == 1


async def test_accounts_that_share_a_token_do_not_share_what_a_query_has_carried(rules: Rules) -> None:
    twin = replace(PLAIN, id="twin")
    home = house(rules, PLAIN, twin)
    await home.inbox.attend("worker")
    request = push(PLAIN, TEXT)
    await carried(home, PLAIN, request)
    await carried(home, twin, request)
    assert [inbound.account_id for inbound in home.inbox.appended] == ["plain", "twin"]
