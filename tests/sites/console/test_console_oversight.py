"""What supervisors and administrators look after: accounts in trouble, and messages that could not be handled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.alarms import AlarmKind
from bot.conversation.content import Voice
from bot.conversation.staff import Role, Scope
from tests.doubles.office import Office
from tests.sites.console.pages import words

LETTERS = "/desk/dead-letters"


async def banner(office: Office, username: str = "boss") -> str:
    """The words of the banner, "" if there is none."""
    async with office.browser(username) as client:
        page = (await client.get("/desk")).text
    _, found, rest = page.partition('<section id="alarms"')
    return words("<" + rest.partition("</section>")[0]) if found else ""


@pytest.mark.wechat("5.59", "9.4")
async def test_which_account_cannot_send_why_and_what_to_do(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    assert "要处理" not in await banner(office)
    await office.raises_alarm("changsha", AlarmKind.SENDING, "40164")
    office.clock.advance(timedelta(minutes=5))
    await office.raises_alarm("hunan", AlarmKind.SENDING, "48001")
    told = await banner(office)
    assert "有 2 件事要处理" in told
    assert "长沙市妇联：发不出消息：服务器的 IP 不在公众号的白名单里（40164）" in told
    assert "怎么办：到微信公众平台“设置与开发 - 基本配置 - IP 白名单”" in told
    assert "今天 09:05 起" in told
    assert "湖南女性之声：发不出消息：" in told


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("12345", "发不出消息：错误码 12345 怎么办：请把这个号码告诉系统管理员。"),
        ("-1", "发不出消息：微信繁忙（-1）"),
        ("None", "发不出消息：原因不明"),
    ],
)
async def test_what_nobody_foresaw_is_told_with_its_code(office: Office, detail: str, told: str) -> None:
    await office.hire("boss", Role.ADMIN)
    await office.raises_alarm("hunan", AlarmKind.SENDING, detail)
    assert told in await banner(office)


async def test_operators_are_not_bothered(office: Office) -> None:
    await office.hire("li")
    await office.raises_alarm("hunan", AlarmKind.SENDING, "40164")
    await office.buries("hunan:1")
    assert await banner(office, "li") == ""


async def test_alarms_of_other_accounts_are_not_hers(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR, Scope(accounts=frozenset({"hunan"})))
    await office.raises_alarm("changsha", AlarmKind.SENDING, "40164")
    assert "要处理" not in await banner(office)


async def test_the_banner_counts_dead_letters_by_account(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    for key in ("hunan:1", "hunan:2", "changsha:1"):
        await office.buries(key)
    told = await banner(office)
    assert "有 2 件事要处理" in told
    assert "湖南女性之声：有 2 条消息没能处理" in told


async def test_without_redis_the_desk_still_opens(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    await office.raises_alarm("hunan", AlarmKind.SENDING, "48001")
    await office.buries("hunan:1")
    office.inbox.down = True
    assert "有 1 件事要处理" in await banner(office)


async def test_the_list_tells_all_but_her_words(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    await office.buries("hunan:1", "他要杀我", urgent=True)
    office.clock.advance(timedelta(days=1))
    await office.buries("changsha:2", Voice("m"), reason="unreadable")
    async with office.browser("boss") as client:
        page = (await client.get(LETTERS)).text
    seen = words(page)
    assert "他要杀我" not in page
    assert "文字 紧急 湖南女性之声 收到 昨天 09:05 放到这里 昨天 09:05" in seen
    assert "原因 程序出了意外的错误（ValueError），请告诉系统管理员 编号 hunan:1" in seen
    assert "语音 长沙市妇联 收到 今天 09:05" in seen
    assert "原因 现在的密钥打不开它。请管理员把以前的密钥放回设置里，再试一次" in seen


async def test_a_message_is_tried_again(office: Office) -> None:
    boss = await office.hire("boss", Role.SUPERVISOR)
    await office.buries("hunan:1")
    await office.buries("hunan:2")
    async with office.browser("boss") as client:
        answer = await client.post(f"{LETTERS}/retry", data={"key": "hunan:1"}, follow_redirects=True)
    assert "已放回去再处理一次。" in words(answer.text)
    assert "编号 hunan:1" not in words(answer.text)
    claim = await office.inbox.claim("worker", 0)
    assert claim is not None
    assert (claim.inbound.key, claim.tries) == ("hunan:1", 1)
    assert await office.audited("hunan:1") == [(boss.id, "letter.revive")]


async def test_a_message_is_deleted_for_good(office: Office) -> None:
    boss = await office.hire("boss", Role.ADMIN)
    await office.buries("hunan:1")
    async with office.browser("boss") as client:
        answer = await client.post(f"{LETTERS}/drop", data={"key": "hunan:1"}, follow_redirects=True)
        again = await client.post(f"{LETTERS}/drop", data={"key": "hunan:1"})
    assert "已删除。 没能处理的消息" in words(answer.text)
    assert "没有这样的消息，一切正常。" in words(answer.text)
    assert again.status_code == 404
    assert await office.inbox.depth() == 0
    assert await office.audited("hunan:1") == [(boss.id, "letter.drop")]


async def test_the_alarm_of_an_account_ends_with_its_last_dead_letter(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    for key in ("hunan:1", "hunan:2"):
        await office.buries(key)
    await office.raises_alarm("hunan", AlarmKind.DEAD_LETTER, "ValueError")
    await office.raises_alarm("changsha", AlarmKind.DEAD_LETTER, "ValueError")
    left = []
    async with office.browser("boss") as client:
        for path, key in (("retry", "hunan:1"), ("drop", "hunan:2")):
            await client.post(f"{LETTERS}/{path}", data={"key": key})
            async with office.units() as uow:
                left.append([alarm.account_id for alarm in await uow.alarms.all()])
    assert left == [["changsha", "hunan"], ["changsha"]]


async def test_without_redis_nothing_is_lost_and_the_reason_is_told(office: Office) -> None:
    await office.hire("boss", Role.SUPERVISOR)
    await office.buries("hunan:1")
    office.inbox.down = True
    async with office.browser("boss") as client:
        assert (await client.get(LETTERS)).status_code == 503
        assert (await client.post(f"{LETTERS}/drop", data={"key": "hunan:1"})).status_code == 503
    office.inbox.down = False
    assert len(await office.inbox.dead()) == 1
