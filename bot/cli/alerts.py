"""`niangjia alert-test`: sends a test message to every group that is told of alerts, and says what came back."""

from __future__ import annotations

from rich.console import Console

from bot.alerting import Robots
from bot.alerting.words import TEST_WORDS
from bot.bootstrap import read_accounts
from bot.console.alert_wording import PLATFORMS, trouble_words
from bot.conversation.accounts import Accounts
from bot.conversation.clock import Clock, SystemClock
from bot.settings import Settings


async def alert_test(settings: Settings, console: Console) -> bool:
    """Send to each robot of accounts.yml; True if there is one and all took it. Raises InvalidData."""
    robots = Robots()
    try:
        return await send_tests(read_accounts(settings), robots, SystemClock(), console)
    finally:
        await robots.close()


async def send_tests(accounts: Accounts, robots: Robots, clock: Clock, console: Console) -> bool:
    """Send to each robot once, and print a line for it; True if there is one and all took it."""
    listed = {robot.id: (account, robot) for account in accounts.values() for robot in account.alert_robots}
    all_told = bool(listed)
    if not listed:
        console.print("accounts.yml 里没有 alert_robots：出了提醒，只有打开工作台的人看得到。", highlight=False)
    for account, robot in listed.values():
        answer = await robots.send(robot, TEST_WORDS, clock.now())
        where = f"{account.id}，{robot.name}（{PLATFORMS[robot.kind]}）"
        fate = "收到了" if answer.told else f"没收到，{trouble_words(answer.trouble or '')}"
        console.print(f"{'✓' if answer.told else '✗'} {where}：{fate}", markup=False, highlight=False, soft_wrap=True)
        all_told = all_told and answer.told
    return all_told
