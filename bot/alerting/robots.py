"""The robots' webhooks: one text in, what the platform said out.

WeCom (https://developer.work.weixin.qq.com/document/path/91770): a text of at most 2048 bytes, 20 messages a minute,
45009 when there were more. DingTalk (https://open.dingtalk.com/document/orgapp/custom-robot-access): signed by
timestamp and HMAC-SHA256 where 加签 is on, 20 messages a minute, and ten minutes of silence when there were more. Both
answer 200 with an errcode that is not 0 for what they did not take.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from bot.conversation.alerts import AlertRobot, RobotKind

MAX_BYTES = 2048
TIMEOUT = httpx.Timeout(5.0, connect=3.0)
WHOLE_S = 8.0
"""For one message in all: who answers a byte now and then would keep every other group waiting."""

MAX_ANSWER_BYTES = 64 * 1024
"""Both platforms answer with some fifty bytes; what goes on and on must not fill the memory."""

_MAX_ERRCODE = 10**9
_PLAIN = {"Accept-Encoding": "identity"}
"""A few bytes need no packing, and a packed answer may be a thousand times longer than what came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one message: told, or a code for the trouble (an errcode, an HTTP status, or a word)."""

    told: bool
    trouble: str | None = None


class Robots:
    """Sends texts to robots; no call raises for what platform or network do."""

    def __init__(self, client: httpx.AsyncClient | None = None, whole_s: float = WHOLE_S) -> None:
        """`client` stays its owner's to close."""
        self._whole_s = whole_s
        logging.getLogger("httpx").setLevel(logging.WARNING)  # it would log the address, which is the key
        self._own = client is None
        self._client = client or httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, follow_redirects=False)

    async def send(self, robot: AlertRobot, text: str, now: datetime, *, calls_everybody: bool = False) -> Answer:
        """Say this in the robot's group; `calls_everybody` makes every phone there sound (@所有人)."""
        try:
            async with (
                asyncio.timeout(self._whole_s),
                self._client.stream(
                    "POST",
                    robot.url,
                    params=_signature(robot, now),
                    json=_message(robot.kind, text, calls_everybody),
                    headers=_PLAIN,
                ) as response,
            ):
                return await _answer(response)
        except (httpx.TimeoutException, TimeoutError):
            return Answer(told=False, trouble="timeout")
        except (httpx.HTTPError, httpx.InvalidURL):
            return Answer(told=False, trouble="unreachable")

    async def close(self) -> None:
        """Close the connections, if they are ours."""
        if self._own:
            await self._client.aclose()


def _message(kind: RobotKind, text: str, calls_everybody: bool) -> dict[str, Any]:
    if kind is RobotKind.WECOM:
        mentioned = {"mentioned_list": ["@all"]} if calls_everybody else {}
        return {"msgtype": "text", "text": {"content": text, **mentioned}}
    return {"msgtype": "text", "text": {"content": text}, "at": {"isAtAll": calls_everybody}}


def _signature(robot: AlertRobot, now: datetime) -> Mapping[str, str] | None:
    """DingTalk's 加签: HMAC-SHA256 of timestamp, line feed and secret, keyed by the secret."""
    if robot.secret is None:
        return None
    timestamp = str(int(now.timestamp() * 1000))
    mac = hmac.digest(robot.secret.encode(), f"{timestamp}\n{robot.secret}".encode(), hashlib.sha256)
    # httpx puts these in place of the address's own parameters
    own = dict(httpx.URL(robot.url).params)
    return {**own, "timestamp": timestamp, "sign": base64.b64encode(mac).decode()}


async def _answer(response: httpx.Response) -> Answer:
    """Told only if the platform says so in its own way; whatever else came is a trouble, and tried again."""
    if response.status_code != httpx.codes.OK:
        return Answer(told=False, trouble=f"http {response.status_code}")
    try:
        answer = json.loads(await _body(response))
    except (ValueError, RecursionError):
        return Answer(told=False, trouble="not understood")
    match answer:
        case {"errcode": bool()}:  # equal to 0 or 1, and yet no errcode
            pass
        case {"errcode": int(errcode)} if abs(errcode) < _MAX_ERRCODE:
            return Answer(told=True) if errcode == 0 else Answer(told=False, trouble=str(errcode))
    return Answer(told=False, trouble="not understood")


async def _body(response: httpx.Response) -> bytes:
    """What was answered, or nothing if it is longer than any answer of a platform."""
    body = b""
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            return b""
    return body
