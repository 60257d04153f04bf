"""`niangjia menu`, and the menu that we ship."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from rich.console import Console

from bot.bootstrap import read_knowledge
from bot.cli.menu import MenuDesk, push, read_menus
from bot.cli.trial import prepare_trial
from bot.conversation.accounts import Account, EncryptionMode
from bot.conversation.clock import SystemClock
from bot.conversation.errors import InvalidData, NotFound
from bot.gateway.api import WeChatApi
from bot.gateway.menus import Click
from bot.knowledge import KnowledgeBase
from bot.settings import Settings, load_settings
from tests.doubles.memory_tokens import MemoryTokenShelf

HUNAN = Account(
    id="hunan",
    name="湖南妇联12338",
    region="430000",
    app_id="wxhunan",
    app_secret="a secret",
    token="token",
    encoding_aes_key="",
    mode=EncryptionMode.PLAIN,
    api_base="https://api.test",
)
ACCOUNTS = {"hunan": HUNAN, "changsha": replace(HUNAN, id="changsha", app_id="wxchangsha")}
SHIPPED = Path("data/menu.yml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def knowledge() -> KnowledgeBase:
    """The articles as they are."""
    return read_knowledge()


class Platform:
    """Keeps one menu; `errcode` is what it says instead."""

    def __init__(self) -> None:
        self.errcode = 0
        self.menu: bytes | None = None

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/stable_token"):
            return httpx.Response(200, json={"access_token": "token-1", "expires_in": 7200})
        if self.errcode:
            return httpx.Response(200, json={"errcode": self.errcode})
        if request.url.path.endswith("/menu/create"):
            self.menu = request.content
            return httpx.Response(200, json={"errcode": 0})
        if self.menu is None:
            return httpx.Response(200, json={"errcode": 46003})
        return httpx.Response(200, content=b'{"menu": ' + self.menu + b"}")


@asynccontextmanager
async def desk(platform: Platform, knowledge: KnowledgeBase, text: str = SHIPPED) -> AsyncIterator[MenuDesk]:
    """The commands' tools, and what they print in `console.file`."""
    console = Console(file=io.StringIO(), width=100)
    menus = read_menus(text, ACCOUNTS, knowledge)
    async with httpx.AsyncClient(transport=httpx.MockTransport(platform)) as client:
        api = WeChatApi(ACCOUNTS, MemoryTokenShelf(), SystemClock(), client)
        yield MenuDesk(console, api, menus, knowledge)


def printed(desk: MenuDesk) -> str:
    assert isinstance(desk.console.file, io.StringIO)
    return desk.console.file.getvalue()


def test_the_shipped_menu_calls_a_person_with_one_tap_and_shows_help_first(knowledge: KnowledgeBase) -> None:
    menu = read_menus(SHIPPED, ACCOUNTS, knowledge).of("hunan")
    assert Click("human") in [button.action for button in menu]
    assert menu[0].items[0].action == Click("domestic_violence/in_danger_now")
    assert all(len(button.name) <= 4 for button in menu)
    assert all(len(item.name) <= 8 for button in menu for item in button.items)


@pytest.mark.wechat("8.4")
def test_a_key_that_no_article_has_is_refused(knowledge: KnowledgeBase) -> None:
    with pytest.raises(InvalidData, match="default, button 1"):
        read_menus("default: [{name: 错, click: divorce/nothing}]", ACCOUNTS, knowledge)


@pytest.mark.wechat("8.3")
async def test_a_pushed_menu_is_there_and_shown_as_the_same(knowledge: KnowledgeBase) -> None:
    async with desk(Platform(), knowledge) as tools:
        assert await tools.push(HUNAN)
        assert await tools.show(HUNAN)
        words = printed(tools)
    assert "✓ hunan：菜单已换上（3 个按钮，10 个去处）" in words
    assert "我要找人 → 找工作人员" in words
    assert "答复“现在有危险，马上怎么办”" in words
    assert "不同" not in words
    assert "一样" in words


async def test_differences_are_marked_and_the_remedy_named(knowledge: KnowledgeBase) -> None:
    platform = Platform()
    async with desk(platform, knowledge, "default: [{name: 找人, click: human}]") as tools:
        await tools.push(HUNAN)
    async with desk(platform, knowledge) as tools:
        assert await tools.show(HUNAN)
        words = printed(tools)
    assert words.count("不同") == 12
    assert "niangjia menu push hunan" in words


async def test_an_account_without_a_menu_is_shown_as_empty(knowledge: KnowledgeBase) -> None:
    async with desk(Platform(), knowledge) as tools:
        assert await tools.show(HUNAN)
        assert "niangjia menu push hunan" in printed(tools)


async def test_names_are_printed_as_they_are(knowledge: KnowledgeBase) -> None:
    text = "default: [{name: '[red]', view: 'https://x.test/[b]'}]"
    async with desk(Platform(), knowledge, text) as tools:
        await tools.push(HUNAN)
        await tools.show(HUNAN)
        assert "[red] → https://x.test/[b]" in printed(tools)


@pytest.mark.parametrize(
    ("errcode", "words"), [(48001, "没有自定义菜单的权限"), (40164, "IP 白名单"), (40018, "全局返回码")]
)
async def test_a_refusal_is_told_in_plain_words(knowledge: KnowledgeBase, errcode: int, words: str) -> None:
    platform = Platform()
    platform.errcode = errcode
    async with desk(platform, knowledge) as tools:
        assert not await tools.push(HUNAN)
        assert not await tools.show(HUNAN)
        said = printed(tools)
    assert f"错误码 {errcode}" in said
    assert words in said


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A trial whose platform and Redis are not running."""
    for name in ("DATABASE_URL", "REDIS_URL", "ACCOUNTS", "SECRET_KEY", "ENCRYPTION_KEYS"):
        monkeypatch.delenv(f"NIANGJIA_{name}", raising=False)
    monkeypatch.setenv("NIANGJIA_HOME", str(tmp_path))
    prepare_trial(tmp_path, 1)
    return load_settings()


async def test_a_platform_that_does_not_answer_is_told(settings: Settings) -> None:
    console = Console(file=io.StringIO(), width=100)
    assert not await push(settings, console, None)
    assert isinstance(console.file, io.StringIO)
    assert "✗ hunan：微信没有回答" in console.file.getvalue()


async def test_an_account_that_does_not_exist_is_told(settings: Settings) -> None:
    with pytest.raises(NotFound):
        await push(settings, Console(file=io.StringIO()), "nobody")
