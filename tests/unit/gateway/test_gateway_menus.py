"""`menu.yml`: what is read and what is refused; and its way to the platform and back."""

from __future__ import annotations

import httpx
import pytest
import yaml
from wechat_api import ACCOUNTS, TROUBLES, UNTYPED_BYTES, Platform, calling, failing

from bot.conversation.errors import InvalidData, PlatformUnavailable
from bot.gateway.menus import (
    Button,
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

KEYS = frozenset({"human", "divorce/custody", "k" * 128, "k" * 129})
HUMAN = {"name": "我要找人", "click": "human"}
PROGRAM = {"app_id": "wx0", "page": "pages/index", "url": "https://x.test/"}
MENU: Menu = (
    Button("问问题", items=(Button("孩子会跟谁", Click("divorce/custody")), Button("网站", View("https://x.test/")))),
    Button("我要找人", Click("human")),
    Button("小程序", MiniProgram("wx0", "pages/index", "https://x.test/")),
)


def read(data: object) -> Menus:
    return parse_menus(yaml.safe_dump(data, allow_unicode=True), {"hunan", "changsha"}, KEYS)


def test_every_kind_of_button_is_read() -> None:
    questions = [{"name": "孩子会跟谁", "click": "divorce/custody"}, {"name": "网站", "view": "https://x.test/"}]
    menu = [{"name": "问问题", "items": questions}, HUMAN, {"name": "小程序", "miniprogram": PROGRAM}]
    assert read({"default": menu}).of("hunan") == MENU


def test_an_account_may_have_its_own() -> None:
    menus = read({"default": [HUMAN], "accounts": {"changsha": [HUMAN, {"name": "网站", "view": "https://x.test/"}]}})
    assert len(menus.of("hunan")) == 1
    assert len(menus.of("changsha")) == 2


@pytest.mark.wechat("8.1", "8.2")
def test_what_just_fits_is_taken() -> None:
    item = {"name": "二" * 20, "click": "k" * 128}
    page = {"name": "一" * 5, "view": "https://x.test/" + "a" * (1024 - 15)}
    assert read({"default": [{"name": "abcdefghijklmnop", "items": [item] * 5}, page, page]})


@pytest.mark.wechat("8.1", "8.2", "8.4")
@pytest.mark.parametrize(
    ("button", "named"),
    [
        ("我要找人", "needs a name"),
        ({"click": "human"}, "needs a name"),
        ({"name": " ", "click": "human"}, "needs a name"),
        ({"name": 3, "click": "human"}, "needs a name"),
        ({"name": "两\n行", "click": "human"}, "needs a name"),
        ({"name": "六个汉字太长", "click": "human"}, "16 bytes"),
        ({"name": "x"}, "exactly one of"),
        ({"name": "x", "click": "human", "view": "https://x.test/"}, "exactly one of"),
        ({"name": "x", "click": "human", "colour": "red"}, "exactly one of"),
        ({"name": "x", "scancode_push": "k"}, "exactly one of"),
        ({"name": "x", "miniprogram": "wx0"}, "exactly one of"),
        ({"name": "x", "miniprogram": {"app_id": "wx0", "page": "p"}}, "exactly one of"),
        ({"name": "x", "miniprogram": PROGRAM | {"more": "x"}}, "exactly one of"),
        ({"name": "x", "miniprogram": PROGRAM | {"url": "x.test"}}, "http"),
        ({"name": "x", "click": "divorce/nothing"}, "click must be human or an article"),
        ({"name": "x", "click": None}, "click must be human or an article"),
        ({"name": "x", "click": "k" * 129}, "128 bytes"),
        ({"name": "x", "view": "x.test"}, "http"),
        ({"name": "x", "view": "https://x.test/ y"}, "http"),
        ({"name": "x", "view": 3}, "http"),
        ({"name": "x", "view": "https://x.test/" + "a" * 1010}, "1024 bytes"),
        ({"name": "x", "items": []}, "1 to 5 items"),
        ({"name": "x", "items": [HUMAN] * 6}, "1 to 5 items"),
        ({"name": "x", "items": HUMAN}, "1 to 5 items"),
        ({"name": "x", "items": [HUMAN], "click": "human"}, "no action of its own"),
        ({"name": "x", "items": [HUMAN, {"name": "二" * 21, "click": "human"}]}, "item 2.*60 bytes"),
        ({"name": "x", "items": [{"name": "y", "items": [HUMAN]}]}, "item 1.*exactly one of"),
    ],
)
def test_a_wrong_button_is_named_by_its_place(button: object, named: str) -> None:
    with pytest.raises(InvalidData, match=f"menu.yml, changsha, button 2.*{named}"):
        read({"default": [HUMAN], "accounts": {"changsha": [HUMAN, button]}})


@pytest.mark.wechat("8.1")
@pytest.mark.parametrize(
    ("data", "named"),
    [
        (None, "default"),
        ([HUMAN], "default"),
        ({"accounts": {}}, "default"),
        ({"default": [HUMAN], "menus": {}}, "nothing else"),
        ({"default": []}, "1 to 3 buttons"),
        ({"default": [HUMAN] * 4}, "1 to 3 buttons"),
        ({"default": HUMAN}, "1 to 3 buttons"),
        ({"default": [HUMAN], "accounts": [HUMAN]}, "by account id"),
        ({"default": [HUMAN], "accounts": {"yueyang": [HUMAN]}}, "no account yueyang"),
        ({"default": [HUMAN], "accounts": {"hunan": []}}, "hunan.*1 to 3 buttons"),
    ],
)
def test_another_shape_is_refused(data: object, named: str) -> None:
    with pytest.raises(InvalidData, match=named):
        read(data)


def test_broken_yaml_is_refused_with_its_line() -> None:
    with pytest.raises(InvalidData, match=r"not YAML \(line 2\)"):
        parse_menus("default:\n  - name: a: b\n", (), KEYS)


@pytest.mark.wechat("8.3")
async def test_a_menu_goes_to_the_platform_and_comes_back_the_same() -> None:
    platform = Platform()
    async with calling(platform) as api:
        await push_menu(api, ACCOUNTS["hunan"], MENU)
        assert await fetch_menu(api, ACCOUNTS["hunan"]) == MENU
    [body] = platform.bodies("menu/create")
    assert body == {
        "button": [
            {
                "name": "问问题",
                "sub_button": [
                    {"type": "click", "name": "孩子会跟谁", "key": "divorce/custody"},
                    {"type": "view", "name": "网站", "url": "https://x.test/"},
                ],
            },
            {"type": "click", "name": "我要找人", "key": "human"},
            {
                "type": "miniprogram",
                "name": "小程序",
                "appid": "wx0",
                "pagepath": "pages/index",
                "url": "https://x.test/",
            },
        ]
    }
    assert [request.method for request in platform.asked("menu/get")] == ["GET"]


async def test_an_account_without_a_menu_has_an_empty_one() -> None:
    async with calling(Platform()) as api:
        assert await fetch_menu(api, ACCOUNTS["hunan"]) == ()


async def test_what_somebody_else_set_is_read_too() -> None:
    buttons = [
        {"type": "scancode_push", "name": "扫一扫", "key": "k", "sub_button": []},
        {"type": "click", "name": "找人", "key": "human", "sub_button": []},
        {"name": "空的", "sub_button": []},
    ]
    async with calling(Platform(menu={"menu": {"button": buttons}, "conditionalmenu": []})) as api:
        assert await fetch_menu(api, ACCOUNTS["hunan"]) == (
            Button("扫一扫", Foreign("scancode_push")),
            Button("找人", Click("human")),
            Button("空的", Foreign("")),
        )


@pytest.mark.parametrize("errcode", [40018, 48001])
async def test_what_the_platform_refuses_is_told_by_its_number(errcode: int) -> None:
    async with calling(Platform(errcodes=[errcode, errcode])) as api:
        for call in (push_menu(api, ACCOUNTS["hunan"], MENU), fetch_menu(api, ACCOUNTS["hunan"])):
            with pytest.raises(PlatformRefused) as caught:
                await call
            assert caught.value.errcode == errcode


@pytest.mark.parametrize("trouble", [*TROUBLES, UNTYPED_BYTES], ids=repr)
async def test_trouble_on_the_way_is_told(trouble: Exception | httpx.Response) -> None:
    async with calling(failing(trouble)) as api:
        for call in (push_menu(api, ACCOUNTS["hunan"], MENU), fetch_menu(api, ACCOUNTS["hunan"])):
            with pytest.raises(PlatformUnavailable):
                await call
