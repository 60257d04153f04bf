"""The menus at the bottom of the chat: `data/menu.yml` in, the platform's JSON out, and back (wechat.md section 8)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from bot.conversation.accounts import Account
from bot.conversation.errors import InvalidData, PlatformUnavailable
from bot.gateway.api import WeChatApi
from bot.gateway.errcodes import NO_MENU
from bot.gateway.wire import PlatformRefused

MAX_BUTTONS, MAX_ITEMS = 3, 5
MAX_BUTTON_BYTES, MAX_ITEM_BYTES = 16, 60
MAX_KEY_BYTES, MAX_URL_BYTES = 128, 1024


@dataclass(frozen=True, slots=True)
class Click:
    """Sends this key to us."""

    key: str


@dataclass(frozen=True, slots=True)
class View:
    """Opens a page."""

    url: str


@dataclass(frozen=True, slots=True)
class MiniProgram:
    """Opens a page of a mini program; `url` on phones that know none."""

    app_id: str
    page: str
    url: str


@dataclass(frozen=True, slots=True)
class Foreign:
    """An action that is not ours, set by somebody else; `kind` as the platform names it."""

    kind: str


Action = Click | View | MiniProgram | Foreign


@dataclass(frozen=True, slots=True)
class Button:
    """One name of a menu, with an action or with items."""

    name: str
    action: Action | None = None
    items: tuple[Button, ...] = ()


type Menu = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Menus:
    """The menu of each account."""

    default: Menu
    own: Mapping[str, Menu]

    def of(self, account_id: str) -> Menu:
        """The account's own menu, or the one for all."""
        return self.own.get(account_id, self.default)


def parse_menus(text: str, accounts: Collection[str], keys: Collection[str]) -> Menus:
    """The menus of `menu.yml` for these accounts, whose clicks may send these keys.

    Raises InvalidData, which names the place, for what the platform would refuse or a person would tap in vain.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InvalidData(f"menu.yml is not YAML{f' (line {mark.line + 1})' if mark else ''}") from None
    if not isinstance(data, dict) or "default" not in data or data.keys() - {"default", "accounts"}:
        raise InvalidData("menu.yml needs `default:` and may have `accounts:`, and nothing else")
    own = data.get("accounts") or {}
    if not isinstance(own, dict):
        raise InvalidData("menu.yml, accounts: needs a menu by account id")
    strangers = sorted(str(name) for name in own.keys() - set(accounts))
    if strangers:
        raise InvalidData(f"menu.yml, accounts: accounts.yml has no account {strangers[0]}")
    reader = _Reader(keys)
    return Menus(reader.menu(data["default"], "default"), {name: reader.menu(menu, name) for name, menu in own.items()})


async def push_menu(api: WeChatApi, account: Account, menu: Menu) -> None:
    """Replace the account's menu; raises PlatformUnavailable, PlatformRefused."""
    await api.command(account, "menu/create", {"button": [_to_json(button) for button in menu]})


async def fetch_menu(api: WeChatApi, account: Account) -> Menu:
    """The menu that the platform has now, () for none; raises PlatformUnavailable, PlatformRefused."""
    try:
        answer = await api.query(account, "menu/get")
    except PlatformRefused as refused:
        if refused.errcode == NO_MENU:
            return ()
        raise
    match answer:
        case {"menu": {"button": list(buttons)}}:
            return tuple(_from_json(button) for button in buttons if isinstance(button, dict))
    raise PlatformUnavailable("no menu in the answer")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads buttons, and says where one is wrong."""

    keys: Collection[str]

    def menu(self, data: Any, where: str) -> Menu:
        where = f"menu.yml, {where}"
        if not isinstance(data, list) or not 1 <= len(data) <= MAX_BUTTONS:
            raise InvalidData(f"{where}: needs a list of 1 to {MAX_BUTTONS} buttons")
        return tuple(self._button(entry, f"{where}, button {place}") for place, entry in enumerate(data, start=1))

    def _button(self, entry: Any, where: str) -> Button:
        name = _name(entry, MAX_BUTTON_BYTES, where)
        if "items" not in entry:
            return Button(name, self._action(entry, where))
        rows = entry["items"]
        if entry.keys() != {"name", "items"}:
            raise InvalidData(f"{where}: a button with items has no action of its own")
        if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_ITEMS:
            raise InvalidData(f"{where}: needs 1 to {MAX_ITEMS} items")
        return Button(name, items=tuple(self._items(rows, where)))

    def _items(self, rows: list[Any], where: str) -> Iterator[Button]:
        for place, row in enumerate(rows, start=1):
            here = f"{where}, item {place}"
            yield Button(_name(row, MAX_ITEM_BYTES, here), self._action(row, here))

    def _action(self, entry: Mapping[str, Any], where: str) -> Action:
        match {name: value for name, value in entry.items() if name != "name"}:
            case {"click": key, **rest} if not rest:
                return Click(self._key(key, where))
            case {"view": url, **rest} if not rest:
                return View(_url(url, where))
            case {"miniprogram": {"app_id": str(app_id), "page": str(page), "url": url, **others}, **rest} if not (
                rest or others
            ):
                return MiniProgram(app_id, page, _url(url, where))
        raise InvalidData(f"{where}: needs exactly one of click, view, miniprogram {{app_id, page, url}}")

    def _key(self, key: Any, where: str) -> str:
        if not isinstance(key, str) or key not in self.keys:
            raise InvalidData(f"{where}: click must be human or an article of data/knowledge")
        if len(key.encode()) > MAX_KEY_BYTES:
            raise InvalidData(f"{where}: click may have {MAX_KEY_BYTES} bytes")
        return key


def _name(entry: Any, max_bytes: int, where: str) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise InvalidData(f"{where}: needs a name on one line")
    if len(name.encode()) > max_bytes:
        raise InvalidData(f"{where}: the name may have {max_bytes} bytes ({max_bytes // 3} 汉字)")
    return name


def _url(url: Any, where: str) -> str:
    if not isinstance(url, str) or not url.startswith(("http://", "https://")) or not url.isprintable() or " " in url:
        raise InvalidData(f"{where}: needs an address that starts with http:// or https://")
    if len(url.encode()) > MAX_URL_BYTES:
        raise InvalidData(f"{where}: an address may have {MAX_URL_BYTES} bytes")
    return url


def _to_json(button: Button) -> dict[str, Any]:
    match button.action:
        case None:
            return {"name": button.name, "sub_button": [_to_json(item) for item in button.items]}
        case Click(key=key):
            return {"type": "click", "name": button.name, "key": key}
        case View(url=url):
            return {"type": "view", "name": button.name, "url": url}
        case MiniProgram(app_id=app_id, page=page, url=url):
            return {"type": "miniprogram", "name": button.name, "appid": app_id, "pagepath": page, "url": url}
        case Foreign(kind=kind):
            raise InvalidData(f"the action {kind} is not ours to set")


def _from_json(data: Mapping[str, Any]) -> Button:
    name = str(data.get("name", ""))
    match data:
        case {"sub_button": [_, *_] as items}:
            return Button(name, items=tuple(_from_json(item) for item in items))
        case {"type": "click", "key": str(key)}:
            return Button(name, Click(key))
        case {"type": "view", "url": str(url)}:
            return Button(name, View(url))
        case {"type": "miniprogram", "appid": str(app_id), "pagepath": str(page)}:
            return Button(name, MiniProgram(app_id, page, str(data.get("url", ""))))
    return Button(name, Foreign(str(data.get("type", ""))))
