"""Reading `alert_robots` of an account: the robots in groups of staff that are told of its alerts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.conversation.alerts import AlertRobot, RobotKind
from bot.conversation.errors import InvalidData

_FIELDS = frozenset({"name", "url", "secret"})
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,20}")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

# The path by which each platform takes a group robot's messages, and the parameter that names the robot.
_PATHS: Mapping[str, tuple[RobotKind, str]] = {
    "/cgi-bin/webhook/send": (RobotKind.WECOM, "key"),
    "/robot/send": (RobotKind.DINGTALK, "access_token"),
}


def parse_robots(entries: Any, where: str) -> tuple[AlertRobot, ...]:
    """The robots of a list of `{name, url, secret?}`; raises InvalidData, which never shows an address."""
    if entries is None:
        return ()
    if not isinstance(entries, list):
        raise InvalidData(f"{where}: alert_robots must be a list of robots with name and url")
    robots = tuple(_robot(entry, f"{where}, robot {place}") for place, entry in enumerate(entries, start=1))
    if len({robot.name for robot in robots}) < len(robots) or len({robot.url for robot in robots}) < len(robots):
        raise InvalidData(f"{where}: alert_robots: each robot needs its own name and url")
    return robots


def _robot(entry: Any, where: str) -> AlertRobot:
    if not isinstance(entry, dict) or entry.keys() - _FIELDS:
        raise InvalidData(f"{where}: a robot has name, url, and secret where 加签 is switched on")
    name, url, secret = entry.get("name"), entry.get("url"), entry.get("secret") or None
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InvalidData(f"{where}: name must be 1 to 20 characters")
    if not isinstance(url, str):
        raise InvalidData(f"{where}: url is missing")
    kind = _kind(url, where)
    if secret is not None and (not isinstance(secret, str) or kind is not RobotKind.DINGTALK):
        raise InvalidData(f"{where}: secret is text, and only DingTalk's robots have one")
    return AlertRobot(name, kind, url, secret)


def _kind(url: str, where: str) -> RobotKind:
    """Whose robot it is; raises InvalidData for an address that is none, or that others could read on the way."""
    try:
        parts = urlsplit(url)
        found = _PATHS.get(parts.path)
        host = parts.hostname
    except ValueError:
        raise InvalidData(f"{where}: url is no address") from None
    if parts.scheme != "https" and (parts.scheme != "http" or host not in _LOOPBACK):
        raise InvalidData(f"{where}: url must start with https://")
    if not host or found is None or not parse_qs(parts.query).get(found[1]):
        raise InvalidData(f"{where}: url must be the whole address that WeCom or DingTalk shows for a group's robot")
    return found[0]
