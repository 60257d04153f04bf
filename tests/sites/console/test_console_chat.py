"""One conversation on the screen: who said what, what became of it, and the file beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot import cases
from bot.conversation.case_work import CaseStep
from bot.conversation.cases import CaseStatus
from bot.conversation.content import Card, Choices, Link, Location, MenuClicked, Unsupported
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import Author, DeliveryStatus, Route, new_id
from tests.doubles.office import Office
from tests.sites.console.pages import lines, live_address, opened, taken, words


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
        (DeliveryStatus.HELD, None, Route.CUSTOMER_SERVICE, "等她再来信时发出"),
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


async def test_a_place_can_be_read(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting(Location(28.19409, 112.98228, "五一大道"))
    [place] = lines(await opened(office, talk))
    assert "［位置］五一大道（纬度 28.19409，经度 112.98228）" in place


async def test_a_tapped_item_of_the_menu_is_named_as_the_office_knows_it(office: Office) -> None:
    talk = await taken(office, MenuClicked("domestic_violence/disclosed"), MenuClicked("other/long_gone"))
    known, gone = lines(await opened(office, talk))
    assert "［点了菜单：正在被家暴］" in known
    assert "［点了菜单］" in gone


async def test_a_document_is_named_in_chinese(office: Office) -> None:
    talk = await taken(office, Unsupported("file"))
    assert "［无法显示的消息：文件］" in lines(await opened(office, talk))[0]


async def test_a_question_with_answers_to_tap_is_shown_as_she_sees_it(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.says(talk, Author.ASSISTANT, Choices("哪一方面？", (("1", "报警"), ("2", "离婚")), "也可以打字。"))
    assert "哪一方面？ 1. 报警 2. 离婚 也可以打字。" in lines(await opened(office, talk))[1]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.gov.cn/a?b=c#d", "www.gov.cn"),
        ("http://example.com:8080/女性", "example.com"),
        ("https://weixin.qq.com@evil.example/x", "evil.example"),
    ],
)
async def test_a_page_that_she_passed_on_shows_where_it_leads(office: Office, url: str, host: str) -> None:
    await office.hire("li")
    talk = await office.waiting(Link("看看<b>", url, "描述"))
    page = await opened(office, talk)
    assert f'<a href="{url}" target="_blank" rel="noopener noreferrer">看看&lt;b&gt;</a>' in page
    assert f"{host} · 外面的网页，不是我们的，打开要当心" in lines(page)[0]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "//evil.example",
        "https://",
        "https://evil.example\\@weixin.qq.com",
        "https://weixin.qq.com／evil.example",
        "https://\u202eexample.com",
        'https://example.com/"onclick="alert(1)',
        "",
    ],
)
async def test_what_is_no_page_of_the_web_becomes_no_link(office: Office, url: str) -> None:
    await office.hire("li")
    talk = await office.waiting(Link("看看", url))
    page = await opened(office, talk)
    assert "看看 地址不是正常的网页，没有做成链接。" in lines(page)[0]
    assert "evil.example" not in page
    assert "alert(1)" not in page


async def test_a_card_of_ours_needs_no_warning(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.says(talk, Author.OPERATOR, Card("服务指南", "https://www.women.org.cn/", "怎么求助"))
    card = lines(await opened(office, talk))[1]
    assert "服务指南 怎么求助 www.women.org.cn" in card
    assert "当心" not in card


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
    assert 'id="reply"' not in page
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
        await cases.advance(case.id, CaseStep(status, "已当面答复"), li, office.units, office.clock)
    page = await opened(office, talk)
    assert "状态 已归档" in words(page)
    assert "下一步" not in page


async def test_the_file_leads_to_what_she_said_to_the_assistant_before(office: Office) -> None:
    talk = await taken(office, "你好")
    begun = talk.opened_at - timedelta(days=30)
    before = Conversation(
        new_id(), talk.contact_id, "hunan", "430000", begun, mode=Mode.CLOSED, topic=Topic.PARENTING, closed_at=begun
    )
    async with office.units() as uow:
        await uow.conversations.add(before)
        await uow.commit()
    page = await opened(office, talk)
    section = page.partition("<h3>以前的会话</h3>")[2].partition("</section>")[0]
    assert f'href="/desk/conversations/{before.id}"' in section
    assert "亲子" in words(section)
    assert "以前的会话" not in await opened(office, before)
    async with office.program("li") as client:
        (told,) = (await client.get(f"/api/v1/conversations/{talk.id}")).json()["earlier"]
    assert (told["id"], told["topic"]) == (before.id, "parenting")


async def test_a_raised_level_is_shown(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好", level=Level.CRITICAL, reasons=("提到刀具",))
    seen = words(await opened(office, talk))
    assert "紧急" in seen
    assert "为什么要人工 提到刀具" in seen
