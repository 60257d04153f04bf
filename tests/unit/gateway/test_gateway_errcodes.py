"""Every number of the platform's table (wechat.md section 5), and what it makes of a message."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from wechat_api import Platform, calling
from wechat_platform import OPENID

from bot.conversation.content import Text
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult
from bot.gateway.client import WeChatSender
from bot.gateway.errcodes import REACTIONS

SENT, PENDING, HELD, REFUSED = (
    DeliveryStatus.SENT,
    DeliveryStatus.PENDING,
    DeliveryStatus.HELD,
    DeliveryStatus.REFUSED,
)

FAULTS = (
    *(40002, 40013, 40125, 41001, 41002, 41004, 40164, 40200, 40243, 45009, 48001, 48004, 48006),
    *(50002, 50004, 50007, 61004, 61024, 89501, 89503, 89506, 89507),
    *(40037, 47003),  # of notices, from the page of bizsend
)
REFUSALS = (
    *(40004, 40008, 40033, 43101, 44004, 45002, 45008, 45072, 45080, 45081, 70000, 87014),
    *(40005, 40006, 40009, 40010, 41005),  # of uploads
)


def table() -> Iterator[tuple[int, SendResult]]:
    """The column "reaction" of the reference, line by line."""
    yield 0, SendResult(SENT, 0)
    yield -1, SendResult(PENDING, -1)
    for errcode in (40001, 40014, 42001, 45011):
        yield errcode, SendResult(PENDING, errcode)
    for errcode in (45015, 45047):
        yield errcode, SendResult(HELD, errcode, window_over=True)
    for errcode in FAULTS:
        yield errcode, SendResult(PENDING, errcode, account_fault=True)
    for errcode in (40003, 43004, 50005):
        yield errcode, SendResult(REFUSED, errcode, unfollowed=True)
    for errcode in (43019, 48002):
        yield errcode, SendResult(REFUSED, errcode, unreachable=True)
    yield 40007, SendResult(PENDING, 40007, upload_expired=True)
    for errcode in REFUSALS:
        yield errcode, SendResult(REFUSED, errcode)


@pytest.mark.wechat("5.51", "5.53", "5.54", "5.55", "5.57", "5.59", "5.60", "5.61", "5.62", "5.63", "5.64", "5.65")
@pytest.mark.wechat("5.66", "5.67", "5.68", "5.69", "5.70", "5.71", "5.72", "5.73", "5.74", "5.75", "5.76", "5.77")
@pytest.mark.wechat("5.78", "6.9", "9.4")
@pytest.mark.parametrize(("errcode", "result"), list(table()))
async def test_every_number_has_its_result(errcode: int, result: SendResult) -> None:
    platform = Platform(errcodes=[errcode, errcode])
    async with calling(platform) as api:
        assert await WeChatSender(api).send("hunan", OPENID, Text("x")) == result


def test_the_table_holds_the_numbers_of_the_reference_and_no_others() -> None:
    assert set(REACTIONS) == {errcode for errcode, _ in table()}


@pytest.mark.wechat("5.79")
async def test_a_number_that_nobody_knows_is_tried_again() -> None:
    async with calling(Platform(errcodes=[99999])) as api:
        assert await WeChatSender(api).send("hunan", OPENID, Text("x")) == SendResult(PENDING, 99999)


@pytest.mark.wechat("5.54", "6.9")
@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ({"errcode": 40001, "errmsg": "invalid credential"}, SendResult(PENDING, 40001, account_fault=True)),
        ({"errcode": 40125, "errmsg": "invalid appsecret"}, SendResult(PENDING, 40125, account_fault=True)),
        ({"errcode": 40164, "errmsg": "invalid ip"}, SendResult(PENDING, 40164, account_fault=True)),
        ({"errcode": 45009, "errmsg": "quota"}, SendResult(PENDING, 45009, account_fault=True)),
        ({"errcode": -1, "errmsg": "system error"}, SendResult(PENDING, -1)),
        ({"access_token": "", "expires_in": 7200}, SendResult(PENDING)),
        ({"access_token": "x"}, SendResult(PENDING)),
        ({"access_token": "x", "expires_in": 0}, SendResult(PENDING)),
        ({"access_token": "x", "expires_in": "soon"}, SendResult(PENDING)),
    ],
)
async def test_without_a_token_nothing_is_sent(answer: dict[str, object], result: SendResult) -> None:
    platform = Platform(token_answer=answer)
    async with calling(platform) as api:
        assert await WeChatSender(api).send("hunan", OPENID, Text("x")) == result
    assert platform.asked("message/custom/send") == []
