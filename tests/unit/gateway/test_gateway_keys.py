"""A change of the EncodingAESKey: the platform may use the old and the new one at the same time."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest
from wechat_platform import SAFE, House, fixture, house, opened, push

from bot.conversation.accounts import Account, EncryptionMode
from bot.conversation.content import Outgoing, Picture, Text
from bot.conversation.ports import Slot
from bot.triage import Rules

OLD = SAFE
NEW = replace(SAFE, encoding_aes_key="Z" * 43)
CHANGING = replace(NEW, previous_encoding_aes_key=OLD.encoding_aes_key)
MODES = [EncryptionMode.SAFE, EncryptionMode.COMPATIBLE]


async def answered(home: House, sealed_for: Account, xml: str, slot: Slot) -> httpx.Response:
    """Push under one key, and let a worker answer."""
    answer, _ = await asyncio.gather(home.post(sealed_for, push(sealed_for, xml)), home.work(slot))
    return answer


async def attended(rules: Rules, account: Account) -> House:
    home = house(rules, account)
    await home.inbox.attend("worker")
    return home


@pytest.mark.wechat("1.22")
@pytest.mark.parametrize("mode", MODES)
async def test_the_answer_is_sealed_with_the_key_that_opened_the_message(rules: Rules, mode: EncryptionMode) -> None:
    home = await attended(rules, replace(CHANGING, mode=mode))
    for number, sealed_for in enumerate((OLD, NEW, OLD, NEW)):
        platform = replace(sealed_for, mode=mode)
        xml = fixture("text").replace("24000000000000001", f"2400000000000100{number}")
        answer = await answered(home, platform, xml, Slot(Text(f"第{number}次")))
        assert opened(platform, answer.content).findtext("Content") == f"第{number}次"


@pytest.mark.wechat("1.22")
@pytest.mark.parametrize(("content", "path"), [(Text("好"), "Content"), (Picture("m"), "Image/MediaId")])
async def test_every_kind_of_answer_is_sealed_so(rules: Rules, content: Outgoing, path: str) -> None:
    home = await attended(rules, CHANGING)
    answer = await answered(home, OLD, fixture("text"), Slot(content, "uploaded"))
    assert opened(OLD, answer.content).findtext(path) in ("好", "uploaded")


@pytest.mark.wechat("1.22", "3.7")
async def test_a_retry_under_the_other_key_joins_the_same_turn(rules: Rules) -> None:
    home = await attended(rules, CHANGING)
    assert (await home.post(OLD, push(OLD, fixture("text")))).status_code == 503
    answer = await answered(home, NEW, fixture("text"), Slot(Text("在")))
    assert opened(NEW, answer.content).findtext("Content") == "在"
    assert len(home.inbox.appended) == 1


@pytest.mark.wechat("1.22")
async def test_when_the_change_is_over_the_old_key_opens_nothing(rules: Rules) -> None:
    home = await attended(rules, NEW)
    assert (await home.post(OLD, push(OLD, fixture("text")))).status_code == 400
    assert home.inbox.appended == []


async def test_a_third_key_opens_nothing(rules: Rules) -> None:
    home = await attended(rules, CHANGING)
    stranger = replace(SAFE, encoding_aes_key="Y" * 43)
    assert (await home.post(stranger, push(stranger, fixture("text")))).status_code == 400
    assert home.inbox.appended == []


async def test_the_old_key_opens_nothing_of_another_account(rules: Rules) -> None:
    home = await attended(rules, CHANGING)
    foreign = replace(OLD, app_id="wxfedcba9876543210")
    assert (await home.post(foreign, push(foreign, fixture("text")))).status_code == 403
    assert home.inbox.appended == []
