"""Calls to the API that go wrong on demand, and a count of how each call was answered."""

import json
from typing import Any

import anyio
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator.errors import ApiError
from simulator.people import Bubble
from simulator.platform import Platform
from simulator.switches import Fault

API = "/cgi-bin/"


class CallFaults:
    """ASGI middleware around the API: spoils calls as the switches `fail_calls`, `fail_sends` and `down` say."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; those outside the API pass untouched."""
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self._app(scope, receive, send)
            return
        platform: Platform = scope["app"].state.platform
        path = scope["path"].removeprefix(API)
        if platform.switches.down:
            platform.counts.called(path, "http 503")
            await PlainTextResponse("", 503)(scope, receive, send)
            return
        fault = platform.switches.take_fault(path)
        answer: list[Message] = []
        if fault is None or fault.taken or fault.delay_s is not None:
            answer = await self._carry_out(scope, receive, platform, fault)
        if fault is None or fault.delay_s is not None:
            told = await _tell(answer, receive, send)
            platform.counts.called(path, _errcode(answer))
        else:
            told = False
            platform.counts.called(path, _kind(fault))
            await _spoil(fault, scope, receive, send)
        _note(scope, platform, told=told)

    async def _carry_out(
        self, scope: Scope, receive: Receive, platform: Platform, fault: Fault | None
    ) -> list[Message]:
        """The application's own answer, kept back."""
        delay_s = fault.delay_s if fault is not None else None
        if fault is not None and delay_s is not None and not fault.taken:
            await platform.clock.sleep(delay_s)
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        if fault is not None and delay_s is not None and fault.taken:
            await platform.clock.sleep(delay_s)
        return answer


async def _tell(answer: list[Message], receive: Receive, send: Send) -> bool:
    """Send the answer on; whether the caller was still there to hear it."""
    heard = not await _gone(receive)
    for message in answer:
        await send(message)
    return heard


async def _gone(receive: Receive) -> bool:
    message: Message = {"type": ""}
    with anyio.CancelScope() as scope:
        # Cancelled at its first wait: only what is known already counts.
        scope.cancel()
        message = await receive()
    return bool(message["type"] == "http.disconnect")


async def _spoil(fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
    if fault.errcode is not None:
        await JSONResponse(ApiError(fault.errcode).as_json())(scope, receive, send)
    elif fault.status is not None:
        await PlainTextResponse("", fault.status)(scope, receive, send)
    elif fault.drop == "hang":
        while (await receive())["type"] != "http.disconnect":
            pass
    else:
        # A promise of one byte that never comes: the server can only close the connection.
        headers = [(b"content-type", b"application/json"), (b"content-length", b"1")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})


def _kind(fault: Fault) -> str:
    if fault.errcode is not None:
        return str(fault.errcode)
    return f"http {fault.status}" if fault.status is not None else str(fault.drop)


def _errcode(answer: list[Message]) -> str:
    status: int = answer[0]["status"]
    if status != 200:
        return f"http {status}"
    body: bytes = b"".join(message.get("body", b"") for message in answer[1:])
    if not body.startswith(b'{"errcode"'):
        return "0"
    data: dict[str, Any] = json.loads(body)
    return str(data["errcode"])


def _note(scope: Scope, platform: Platform, *, told: bool) -> None:
    """Keep whether the sender of a message was told that the platform took it."""
    bubble: Bubble | None = scope.get("state", {}).get("bubble")
    if bubble is not None:
        bubble.acknowledged = told
        platform.counts.unacknowledged += not told
