"""`niangjia menu`: brings `data/menu.yml` to the accounts, and shows how the two differ."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.bootstrap import DATA, connect_redis, make_sealer, read_accounts, read_knowledge
from bot.conversation.accounts import Account, Accounts
from bot.conversation.clock import SystemClock
from bot.conversation.errors import NotFound, PlatformUnavailable
from bot.conversation.flows import FLOWS
from bot.gateway.api import WeChatApi
from bot.gateway.menus import (
    Action,
    Click,
    Foreign,
    Menu,
    Menus,
    MiniProgram,
    View,
    fetch_menu,
    parse_menus,
    push_menu,
)
from bot.gateway.wire import PlatformRefused
from bot.knowledge import FLOW, KnowledgeBase, flow_of
from bot.settings import Settings
from bot.tokens import RedisTokenShelf
from bot.triage import HUMAN
from bot.turns.wishes import HIDE

_REFUSALS: Mapping[int, str] = {
    40001: "app_id 或 app_secret 不对，检查 accounts.yml",
    40013: "app_id 不对，检查 accounts.yml",
    40125: "app_secret 不对，检查 accounts.yml",
    40164: "这台机器的地址不在公众号的 IP 白名单里，到微信开发者平台加上",
    61004: "这台机器的地址不在公众号的 IP 白名单里，到微信开发者平台加上",
    40243: "app_secret 被冻结了，到微信开发者平台解冻",
    45009: "今天的调用次数用完了，明天再试",
    48001: "这个公众号没有自定义菜单的权限（未认证的订阅号没有）",
    50007: "这个公众号被冻结了",
}


@dataclass(frozen=True, slots=True)
class MenuDesk:
    """What the two commands work with."""

    console: Console
    api: WeChatApi
    menus: Menus
    knowledge: KnowledgeBase

    async def push(self, account: Account) -> bool:
        """Replace the account's menu; False, and a line that says why, if the platform did not take it."""
        menu = self.menus.of(account.id)
        try:
            await push_menu(self.api, account, menu)
        except PlatformUnavailable as error:
            self._complain(account, error)
            return False
        actions = sum(max(1, len(button.items)) for button in menu)
        size = f"{len(menu)} 个按钮，{actions} 个去处"
        self._print(f"[green]✓[/] {account.id}：菜单已换上（{size}），手机上最迟 5 分钟后看到")
        return True

    async def show(self, account: Account) -> bool:
        """Print the file's menu beside the platform's; False, and a line that says why, if it cannot be asked."""
        try:
            there = _lines(await fetch_menu(self.api, account), self.knowledge)
        except PlatformUnavailable as error:
            self._complain(account, error)
            return False
        here = _lines(self.menus.of(account.id), self.knowledge)
        title = escape(f"{account.id}（{account.name}）")
        table = Table("位置", "menu.yml", "公众号上", "", title=title, title_justify="left")
        for place in sorted(here.keys() | there.keys()):
            mark = "相同" if here.get(place) == there.get(place) else "[yellow]不同[/]"
            table.add_row(place, escape(here.get(place, "—")), escape(there.get(place, "—")), mark)
        self.console.print(table)
        if here == there:
            self._print("[green]✓[/] 公众号上的菜单和 menu.yml 一样")
        else:
            self._print(f"[yellow]![/] 不一样。要换成 menu.yml 里的：niangjia menu push {account.id}")
        return True

    def _complain(self, account: Account, error: PlatformUnavailable) -> None:
        if isinstance(error, PlatformRefused):
            known = _REFUSALS.get(error.errcode, "到微信公众平台的“全局返回码”里查这个数字")
            words = f"微信不同意（错误码 {error.errcode}）：{known}"
        else:
            words = f"微信没有回答（{error}），稍后再试"
        self._print(f"[red]✗[/] {account.id}：{words}")

    def _print(self, words: str) -> None:
        self.console.print(words, highlight=False, soft_wrap=True)


async def push(settings: Settings, console: Console, account_id: str | None) -> bool:
    """Bring the menu of the file to one account or all; True if all took it. Raises NotFound, InvalidData."""
    accounts = read_accounts(settings)
    chosen = _chosen(accounts, account_id)
    async with _menu_desk(settings, accounts, console) as desk:
        return all([await desk.push(account) for account in chosen])


async def show(settings: Settings, console: Console, account_id: str | None) -> bool:
    """Show the menu of one account or all; True if all could be asked. Raises NotFound, InvalidData."""
    accounts = read_accounts(settings)
    chosen = _chosen(accounts, account_id)
    async with _menu_desk(settings, accounts, console) as desk:
        return all([await desk.show(account) for account in chosen])


@asynccontextmanager
async def _menu_desk(settings: Settings, accounts: Accounts, console: Console) -> AsyncIterator[MenuDesk]:
    """The commands' tools; raises InvalidData for menu.yml and what it names."""
    knowledge = read_knowledge()
    menus = read_menus((DATA / "menu.yml").read_text(encoding="utf-8"), accounts, knowledge)
    async with connect_redis(settings) as redis:
        api = WeChatApi(accounts, RedisTokenShelf(redis, make_sealer(settings)), SystemClock())
        try:
            yield MenuDesk(console, api, menus, knowledge)
        finally:
            await api.close()


def read_menus(text: str, accounts: Accounts, knowledge: KnowledgeBase) -> Menus:
    """The menus of `menu.yml`; raises InvalidData."""
    flows = {f"{FLOW}{name}" for name in FLOWS}
    return parse_menus(text, accounts.keys(), {HUMAN, HIDE, *flows, *(article.key for article in knowledge)})


def _chosen(accounts: Accounts, account_id: str | None) -> list[Account]:
    """The account of this id, or all; raises NotFound."""
    if account_id is None:
        return list(accounts.values())
    if account_id not in accounts:
        raise NotFound(f"accounts.yml 里没有这个公众号：{account_id}")
    return [accounts[account_id]]


def _lines(menu: Menu, knowledge: KnowledgeBase) -> dict[str, str]:
    """What stands at each place of a menu, "2.1" being the first item of the second button."""
    return dict(_places(menu, knowledge))


def _places(menu: Menu, knowledge: KnowledgeBase) -> Iterator[tuple[str, str]]:
    for number, button in enumerate(menu, start=1):
        yield str(number), _line(button.name, button.action, knowledge)
        for place, item in enumerate(button.items, start=1):
            yield f"{number}.{place}", _line(item.name, item.action, knowledge)


def _line(name: str, action: Action | None, knowledge: KnowledgeBase) -> str:
    return name if action is None else f"{name} → {_words(action, knowledge)}"


def _words(action: Action, knowledge: KnowledgeBase) -> str:
    match action:
        case Click(key=key) if key == HIDE:
            return "变成普通对话"
        case Click(key=key) if key == HUMAN:
            return "找工作人员"
        case Click(key=key) if flow_of(key) in FLOWS:
            return f"开始“{knowledge.words_of_button(key)}”"
        case Click(key=key):
            titles = {article.key: article.title for article in knowledge}
            return f"答复“{titles[key]}”" if key in titles else f"没有这篇答复：{key}"
        case View(url=url):
            return url
        case MiniProgram(app_id=app_id, page=page):
            return f"小程序 {app_id} {page}"
        case Foreign(kind=kind):
            return f"别处设的：{kind}"
