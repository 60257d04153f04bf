"""One conversation on the screen: who said what, what became of it, what may still be sent, and the file beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import cases, handoff
from bot.conversation.accounts import Scene, SendingWindow
from bot.conversation.cases import CaseStatus
from bot.conversation.content import Image, Location
from bot.conversation.conversations import Conversation
from bot.conversation.levels import Level
from bot.conversation.messages import Author, DeliveryStatus, Route
from tests.doubles.office import Office
from tests.sites.console.pages import lines, live_address, words


async def opened(office: Office, talk: Conversation, username: str = "li") -> str:
    """The page of the conversation."""
    async with office.browser(username) as client:
        return (await client.get(f"/desk/conversations/{talk.id}")).text


async def taken(office: Office, *said: str) -> Conversation:
    """A conversation that li holds."""
    member = await office.hire("li", name="李晓梅")
    talk = await office.waiting(*said)
    await handoff.claim(talk.id, member, office.ports.handoff)
    return talk


async def test_each_line_says_who_when_and_what_was_understood(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("他打我", minutes=0, intent="domestic_violence_disclosed", confidence=0.934)
    await office.says(talk, Author.ASSISTANT, "先保证安全。")
    hers, assistant = lines(await opened(office, talk))
    assert hers == "她 今天 09:05 重要 他打我 助手理解为：正在被家暴 93%"
    assert assistant == "智能助手 今天 09:05 先保证安全。 待发送"


async def test_who_spoke_for_the_office_is_named(office: Office) -> None:
    talk = await taken(office, "你好")
    wang = await office.hire("wang", name="王芳")
    async with office.units() as uow:
        li = await uow.staff.by_username("li")
    assert li
    await office.says(talk, Author.OPERATOR, "我写的", staff_id=li.id)
    await office.says(talk, Author.OPERATOR, "她写的", staff_id=wang.id)
    await office.says(talk, Author.SYSTEM, "提示")
    spoken = [line.split()[0] for line in lines(await opened(office, talk))]
    assert spoken == ["她", "我", "王芳", "系统"]


@pytest.mark.parametrize(
    ("status", "errcode", "route", "words_"),
    [
        (DeliveryStatus.PENDING, None, Route.CUSTOMER_SERVICE, "待发送"),
        (DeliveryStatus.SENT, 0, Route.PASSIVE, "已送达微信（免额度）"),
        (DeliveryStatus.SENT, 0, Route.CUSTOMER_SERVICE, "已送达微信（客服消息）"),
        (DeliveryStatus.HELD, None, Route.CUSTOMER_SERVICE, "暂存，等她下次来信时送出"),
        (
            DeliveryStatus.REFUSED,
            45015,
            Route.CUSTOMER_SERVICE,
            "微信拒收：超过 48 小时没有来信，或已取消关注（45015）",
        ),
        (DeliveryStatus.REFUSED, 45047, Route.CUSTOMER_SERVICE, "微信拒收：她来信之前最多发 5 条，已用完（45047）"),
        (DeliveryStatus.REFUSED, 12345, Route.CUSTOMER_SERVICE, "微信拒收：错误码 12345"),
    ],
)
async def test_the_fate_of_a_message_is_told_and_a_refusal_is_never_shown_as_sent(
    office: Office, status: DeliveryStatus, errcode: int | None, route: Route, words_: str
) -> None:
    talk = await taken(office, "你好")
    await office.says(talk, Author.OPERATOR, "回她的话")
    await office.settles(status, errcode, route)
    page = await opened(office, talk)
    assert lines(page)[1].endswith(f"回她的话 {words_}")
    assert ("已送达" in page) is (status is DeliveryStatus.SENT)


async def test_sends_left_and_time_left_are_in_plain_sight(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.window(talk, opened_at=office.clock.now() - timedelta(hours=5), sent=2)
    seen = words(await opened(office, talk))
    assert "她来信前还能发 3/5 条" in seen
    assert "还剩 1天19小时" in seen
    assert "先存着" not in seen


@pytest.mark.parametrize(
    ("ago", "sent", "following", "told"),
    [
        (timedelta(hours=49), 1, True, "超过 48 小时没有来信，微信不让发。现在写的话会先存着"),
        (timedelta(hours=1), 5, True, "能发的条数已用完。现在写的话会先存着"),
        (timedelta(hours=1), 0, False, "她已取消关注"),
    ],
)
async def test_what_happens_to_words_that_must_wait_is_told_before_they_are_written(
    office: Office, ago: timedelta, sent: int, following: bool, told: str
) -> None:
    talk = await taken(office, "你好")
    await office.window(talk, opened_at=office.clock.now() - ago, sent=sent, following=following)
    assert told in words(await opened(office, talk))


async def test_a_tap_on_the_menu_lets_only_a_minute(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.units() as uow:
        contact = await uow.contacts.get(talk.contact_id)
        contact.window = SendingWindow(Scene.GESTURE, office.clock.now())
        await uow.contacts.save(contact)
        await uow.commit()
    assert "还能发 3/3 条" in words(await opened(office, talk))
    office.clock.advance(timedelta(minutes=2))
    assert "只让在 1 分钟内发" in words(await opened(office, talk))


async def test_a_place_and_a_picture_can_be_read(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting(
        Location(28.19409, 112.98228, "五一大道"),
        Image("m1", "https://mmbiz.qpic.cn/a"),
        Image("m2", "javascript:alert(1)"),
    )
    page = await opened(office, talk)
    place, picture, trick = lines(page)
    assert "［位置］五一大道（纬度 28.19409，经度 112.98228）" in place
    assert 'href="https://mmbiz.qpic.cn/a" target="_blank" rel="noopener noreferrer"' in page
    assert "看图片" in picture
    assert "看图片" not in trick
    assert "javascript:" not in page


async def test_opening_is_written_to_the_audit_trail_and_refreshing_is_not(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting("你好")
    async with office.browser("li") as client:
        page = await client.get(f"/desk/conversations/{talk.id}")
        await office.hears(talk, "还在吗")
        fresh = await client.get(live_address(page.text))
    assert [line.rsplit(" ", 1)[1] for line in lines(fresh.text)] == ["你好", "还在吗"]
    assert await office.audited(talk.id) == [(li.id, "conversation.open")]


async def test_nobody_reads_past_the_audit_trail(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    talk, other = await office.waiting("你好"), await office.waiting("别人")
    async with office.browser("li") as client, office.browser("wang") as colleague:
        address = live_address((await client.get(f"/desk/conversations/{talk.id}")).text)
        for forged in (address.partition("?")[0], address.replace(talk.id, other.id), address[:-1]):
            assert (await client.get(forged)).status_code == 404
        assert (await colleague.get(address)).status_code == 404


async def test_a_colleagues_conversation_can_be_read_but_not_answered(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.hire("wang", name="王芳")
    page = await opened(office, talk, "wang")
    assert "这是 李晓梅 正在接的会话，您只能看，不能写" in words(page)
    assert "<textarea" not in page
    assert "/release" not in page


async def test_the_file_shows_the_workflow_and_earlier_files_lead_to_their_conversations(office: Office) -> None:
    talk = await taken(office, "你好")
    page = await opened(office, talk)
    case = await office.file_of(talk)
    assert f"办件 {case.number} 状态 已登记" in words(page)
    assert 'value="accepted"' in page
    assert 'value="archived"' not in page
    async with office.units() as uow:
        li = await uow.staff.by_username("li")
    assert li
    for status in (CaseStatus.ACCEPTED, CaseStatus.HANDLED, CaseStatus.ANSWERED, CaseStatus.ARCHIVED):
        await cases.advance(case.id, status, li, office.units, office.clock)
    page = await opened(office, talk)
    assert "状态 已归档" in words(page)
    assert "下一步" not in page


async def test_a_raised_level_is_shown(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好", level=Level.CRITICAL, reasons=("提到刀具",))
    seen = words(await opened(office, talk))
    assert "紧急" in seen
    assert "为什么要人工 提到刀具" in seen
