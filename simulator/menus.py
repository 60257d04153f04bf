"""Custom menus as an account creates them, with the limits the platform sets."""

from collections.abc import Mapping
from typing import Any

from simulator.errors import ApiError

_TOP, _SUB = 3, 5
_TOP_NAME_BYTES, _SUB_NAME_BYTES = 16, 60
_KEY_BYTES, _URL_BYTES = 128, 1024
_WITH_KEY = {
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
}
_OTHER = {"view", "media_id", "article_id", "article_view_limited", "miniprogram"}
_NEEDS = {
    "media_id": (("media_id", 40007),),
    "article_id": (("article_id", 40007),),
    "article_view_limited": (("article_id", 40007),),
    "miniprogram": (("appid", 40013), ("pagepath", 40035)),
}


def check_menu(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a menu; ApiError 40016-40025 for what exceeds a limit, 47001 for what is no menu.

    40007, 40013 and 40035 for a button that lacks its article, its mini program or the path in it.
    """
    buttons = _list(data.get("button"))
    if not 1 <= len(buttons) <= _TOP:
        raise ApiError(40016)
    for button in buttons:
        _check_name(button, _TOP_NAME_BYTES, 40018)
        children = _list(button.get("sub_button", []))
        if len(children) > _SUB:
            raise ApiError(40023)
        for child in children:
            _check_name(child, _SUB_NAME_BYTES, 40025)
            _check_action(child)
        if not children:
            _check_action(button)
    return buttons


def _list(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ApiError(47001)
    return value


def _check_name(button: Mapping[str, Any], limit: int, errcode: int) -> None:
    name = button.get("name")
    if not isinstance(name, str) or not 0 < len(name.encode()) <= limit:
        raise ApiError(errcode)


def _check_action(button: Mapping[str, Any]) -> None:
    kind = button.get("type")
    if kind not in _WITH_KEY | _OTHER:
        raise ApiError(40017)
    if kind in _WITH_KEY and not 0 < len(str(button.get("key", "")).encode()) <= _KEY_BYTES:
        raise ApiError(40019)
    for name, errcode in _NEEDS.get(str(kind), ()):
        if not button.get(name):
            raise ApiError(errcode)
    if kind in ("view", "miniprogram") and not 0 < len(str(button.get("url", "")).encode()) <= _URL_BYTES:
        raise ApiError(40020)
