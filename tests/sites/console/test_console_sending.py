"""What may still be sent, until when, what becomes of words that must wait, and the reminder outside the chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.accounts import Scene, SendingWindow
from bot.conversation.conversations import Conversation
from bot.conversation.messages import Author, DeliveryStatus
from bot.conversation.ports import SendResult
from tests.doubles.office import TEMPLATE, Office
from tests.sites.console.pages import lines, opened, taken, words

BUTTON = "发一条订阅提醒"


async def with_words_held(office: Office, left: int = 1) -> Conversation:
    """Her window is over, an operator's words wait for her, and she allowed so many notices."""
    talk = await taken(office, "你好")
    await office.says(talk, Author.OPERATOR, "我在")
    await office.settles(DeliveryStatus.HELD)
    await office.window(talk, opened_at=office.clock.now() - timedelta(hours=49))
    if left:
        await office.allows(talk, TEMPLATE, left)
    return talk


async def test_sends_left_and_until_when_are_in_plain_sight(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.window(talk, opened_at=office.clock.now() - timedelta(hours=5), sent=2)
    seen = words(await opened(office, talk))
    assert "她来信前还能发 3/5 条" in seen
    assert "可发到 后天 04:05 （还剩 1天19小时 ）" in seen
    assert "先存着" not in seen


@pytest.mark.parametrize(
    ("ago", "sent", "told"),
    [
        (timedelta(hours=49), 1, "超过 48 小时没有来信，微信不让发。现在写的话先存着，等她再来信时发出。"),
        (timedelta(hours=1), 5, "能发的条数已用完。现在写的话先存着，等她再来信时发出。"),
    ],
)
async def test_what_happens_to_words_that_must_wait_is_told_before_they_are_written(
    office: Office, ago: timedelta, sent: int, told: str
) -> None:
    talk = await taken(office, "你好")
    await office.window(talk, opened_at=office.clock.now() - ago, sent=sent)
    seen = words(await opened(office, talk))
    assert told in seen
    assert "还能发 0/5 条" in seen


async def test_a_tap_on_the_menu_lets_only_a_minute(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.change_contact(talk, window=SendingWindow(Scene.GESTURE, office.clock.now()))
    assert "还能发 3/3 条 可发到 今天 09:06" in words(await opened(office, talk))
    office.clock.advance(timedelta(minutes=2))
    assert "只让在 1 分钟内发" in words(await opened(office, talk))


async def test_a_window_that_the_platform_declared_over_is_not_blamed_on_her_silence(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.change_contact(talk, window=None)
    seen = words(await opened(office, talk))
    assert "微信说现在不能主动发给她。现在写的话先存着，等她再来信时发出。" in seen
    assert "48 小时" not in seen


async def test_no_number_of_sends_is_promised_where_none_would_reach_her(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.window(talk, opened_at=office.clock.now())
    await office.change_contact(talk, refusal=43019)
    seen = words(await opened(office, talk))
    assert "黑名单" in seen
    assert "还能发" not in seen


async def test_who_has_left_cannot_be_written_to_and_her_data_will_go(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.change_contact(talk, following=False, window=None, erase_asked_at=office.clock.now())
    seen = words(await opened(office, talk))
    assert "她已取消关注，现在写的话她收不到。" in seen
    assert "按规定要删除她的资料（今天 09:05 起）" in seen
    assert "条 可发到" not in seen


@pytest.mark.parametrize(
    ("errcode", "told"),
    [
        (43019, "她在这个公众号的黑名单里"),
        (48002, "她关闭了接收这个公众号的消息"),
        (70000, "因未成年人保护，微信不让主动发给她"),
        (99999, "微信说发不到她那里：错误码 99999"),
    ],
)
async def test_why_nothing_reaches_her_is_told(office: Office, errcode: int, told: str) -> None:
    talk = await taken(office, "你好")
    await office.change_contact(talk, refusal=errcode)
    assert told in words(await opened(office, talk))


async def test_an_account_without_customer_service_only_answers(office: Office) -> None:
    talk = await taken(office, "你好", account_id="xiangtan")
    seen = words(await opened(office, talk))
    assert "这个公众号没有客服消息权限，不能主动发。现在写的话先存着，等她再来信时发出。" in seen
    assert "还能发" not in seen


async def test_held_words_stay_in_order_before_new_ones(office: Office) -> None:
    talk = await with_words_held(office)
    await office.window(talk, opened_at=office.clock.now())
    page = await opened(office, talk)
    assert lines(page)[1].endswith("我在 等她再来信时发出")
    assert "前面还有话存着没发出，会按先后发给她。" in words(page)
    assert BUTTON not in page


# --- the reminder -----------------------------------------------------------------------------------------------


async def remind(office: Office, talk: Conversation) -> tuple[int, str]:
    """What an operator's page says to the tap on the button."""
    async with office.browser("li") as client:
        answer = await client.post(f"/desk/conversations/{talk.id}/reminder", headers={"HX-Request": "true"})
    return answer.status_code, words(answer.text)


async def test_a_reminder_goes_out_once_for_each_consent(office: Office) -> None:
    talk = await with_words_held(office)
    page = words(await opened(office, talk))
    assert f"{BUTTON} 她还同意收 1 次" in page
    assert await remind(office, talk) == (200, "已请微信通知她。通知里只说有新的进展，不写内容。 知道了")
    [(_, template)] = office.sender.reminded
    assert template == TEMPLATE
    assert BUTTON not in await opened(office, talk)
    status, told = await remind(office, talk)
    assert status == 409
    assert "她没有同意接收通知，或者同意的次数用完了。" in told
    assert len(office.sender.reminded) == 1


async def test_what_the_platform_says_to_the_reminder_is_told(office: Office) -> None:
    talk = await with_words_held(office, left=2)
    office.sender.answers = [
        SendResult(DeliveryStatus.REFUSED, errcode=47003),
        SendResult(DeliveryStatus.PENDING),
    ]
    status, told = await remind(office, talk)
    assert (status, told.split(" 知道了")[0]) == (409, "通知没有发出：订阅通知的内容跟模板对不上（47003）。")
    assert "通知没有发出：微信没有回音。" in (await remind(office, talk))[1]
    assert "她还同意收 2 次" in words(await opened(office, talk))


async def test_without_consent_there_is_no_button(office: Office) -> None:
    talk = await with_words_held(office, left=0)
    await office.allows(talk, "another template", 3)
    assert BUTTON not in await opened(office, talk)


async def test_without_words_that_wait_there_is_no_button(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.window(talk, opened_at=office.clock.now() - timedelta(hours=49))
    await office.allows(talk, TEMPLATE, 1)
    assert BUTTON not in await opened(office, talk)
    status, told = await remind(office, talk)
    assert (status, "没有等着她看的回复" in told) == (409, True)


async def test_only_who_holds_the_conversation_may_remind(office: Office) -> None:
    talk = await with_words_held(office)
    await office.hire("wang")
    async with office.browser("wang") as client:
        assert BUTTON not in (await client.get(f"/desk/conversations/{talk.id}")).text
        answer = await client.post(f"/desk/conversations/{talk.id}/reminder", headers={"HX-Request": "true"})
    assert (answer.status_code, "不在您手里" in answer.text) == (409, True)
    assert office.sender.reminded == []
