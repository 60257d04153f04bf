"""Parametric QR codes: an account asks for a ticket, a person scans it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from simulator.clock import Clock
from simulator.errors import ApiError

_LONGEST = 2_592_000
_SHORTEST = 30
_PERMANENT_IDS = 100_000
_PERMANENT_CODES = 100_000
_BY_NUMBER = {"QR_SCENE", "QR_LIMIT_SCENE"}
_BY_WORDS = {"QR_STR_SCENE", "QR_LIMIT_STR_SCENE"}
_PERMANENT = {"QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"}


@dataclass(frozen=True)
class QrCode:
    """One code; `expires` None is a permanent one."""

    ticket: str
    account_id: str
    scene: str
    expires: datetime | None


class QrCodes:
    """The codes of all accounts."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, QrCode] = {}

    def create(self, account_id: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The platform's answer with a ticket; ApiError 40052 unknown action, 40053 wrong scene or duration."""
        action = data.get("action_name")
        if action not in _BY_NUMBER | _BY_WORDS:
            raise ApiError(40052)
        scene = _scene(str(action), data)
        if action in _PERMANENT:
            if sum(code.expires is None and code.account_id == account_id for code in self._codes.values()) >= (
                _PERMANENT_CODES
            ):
                raise ApiError(45029)
            return self._add(account_id, scene, None)
        seconds = data.get("expire_seconds", _SHORTEST)
        if not isinstance(seconds, int) or not 0 < seconds <= _LONGEST:
            raise ApiError(40053)
        return self._add(account_id, scene, seconds)

    def find(self, ticket: str) -> QrCode:
        """The code of a ticket; ApiError 40053 when there is none or its time is over."""
        code = self._codes.get(ticket)
        if code is None or (code.expires is not None and self._clock.now() >= code.expires):
            raise ApiError(40053)
        return code

    def _add(self, account_id: str, scene: str, seconds: int | None) -> dict[str, Any]:
        ticket = new_ticket()
        expires = None if seconds is None else self._clock.now() + timedelta(seconds=seconds)
        self._codes[ticket] = QrCode(ticket, account_id, scene, expires)
        answer = {"ticket": ticket, "url": f"http://weixin.qq.com/q/{secrets.token_urlsafe(15)}"}
        return answer if seconds is None else {**answer, "expire_seconds": seconds}


def new_ticket() -> str:
    """What the platform hands out for a code, and pushes when it is scanned."""
    return "gQH" + secrets.token_urlsafe(60)


def _scene(action: str, data: Mapping[str, Any]) -> str:
    info = data.get("action_info")
    scene = info.get("scene") if isinstance(info, dict) else None
    if not isinstance(scene, dict):
        raise ApiError(40053)
    if action in _BY_WORDS:
        words = scene.get("scene_str")
        if not isinstance(words, str) or not 1 <= len(words) <= 64:
            raise ApiError(40053)
        return words
    number = scene.get("scene_id")
    most = _PERMANENT_IDS if action in _PERMANENT else 2**32 - 1
    if not isinstance(number, int) or not 1 <= number <= most:
        raise ApiError(40053)
    return str(number)
