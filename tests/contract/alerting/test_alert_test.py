"""`niangjia alert-test`: each group gets a message, and the command says which did not and why."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from bot.alerting import Robots
from bot.cli.alerts import send_tests
from bot.conversation.accounts import Account
from bot.conversation.alerts import AlertRobot
from tests.contract.alerting.conftest import Platform
from tests.doubles.clock import SettableClock


async def tested(*robots: AlertRobot) -> tuple[bool, str]:
    said, sending = StringIO(), Robots()
    accounts = {"hunan": Account("hunan", "湖南妇联", "430000", "", "", "", "", alert_robots=robots)}
    told = await send_tests(accounts, sending, SettableClock(), Console(file=said, width=200))
    await sending.close()
    return told, said.getvalue()


async def test_every_group_gets_a_test_message(platform: Platform) -> None:
    told, said = await tested(platform.wecom(), platform.dingtalk())
    assert told
    assert said == "✓ hunan，值班群（企业微信）：收到了\n✓ hunan，钉钉群（钉钉）：收到了\n"
    assert len(platform.texts) == 2
    assert all("测试消息" in text and "娘家" in text for text in platform.texts)


async def test_a_group_that_did_not_get_it_is_named_with_the_reason(platform: Platform) -> None:
    told, said = await tested(platform.wecom(key="wrong"), platform.dingtalk(secret=None))
    assert not told
    assert "✗ hunan，值班群（企业微信）：没收到，地址不对，或者机器人已被移出群" in said
    assert "✗ hunan，钉钉群（钉钉）：没收到，安全设置不符" in said
    assert "wrong" not in said


async def test_without_any_group_it_says_what_that_means() -> None:
    told, said = await tested()
    assert not told
    assert "没有 alert_robots" in said
