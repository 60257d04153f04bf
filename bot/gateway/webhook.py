"""One request of the platform: checked, stored, and answered within the five seconds it waits."""

from __future__ import annotations

import asyncio
import traceback
from contextlib import aclosing
from pathlib import Path

import structlog
from starlette.background import BackgroundTask
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.conversation.accounts import Account
from bot.conversation.content import SILENT_KINDS
from bot.conversation.errors import RedisUnavailable
from bot.conversation.ports import Inbox
from bot.gateway.inbound import content_of, inbound_of
from bot.gateway.metrics import REQUESTS, Outcome
from bot.gateway.ports import GatewayPorts
from bot.gateway.push import open_push, verify_address
from bot.gateway.refusal import Reason, Refusal
from bot.gateway.reply import passive_reply
from bot.gateway.waiting import NotYet, slot_in_time

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 64 * 1024
"""Many times the longest message (about 2 KiB of words, three times that in compatible mode)."""

BODY_S = 5.0
"""The platform waits no longer for the whole exchange."""

CONFIRM_TRIES = 20
CONFIRM_PAUSE_S = 0.5

Answer = tuple[Outcome, Response]


async def answer(request: Request, ports: GatewayPorts) -> Response:
    """Answer one request and count how it ended. No exception leaves: its text could quote what she wrote."""
    arrived = asyncio.get_running_loop().time()
    account = ports.accounts.get(request.path_params["account_id"])
    outcome: str
    try:
        outcome, response = await _handled(request, account, ports, arrived)
    except Refusal as refusal:
        outcome, response = _refused(refusal.reason, account)
    except ClientDisconnect:
        outcome, response = Outcome.GONE, Response(status_code=503)
    except NotYet:
        outcome, response = Outcome.RETRIED, Response(status_code=503)
    except RedisUnavailable as error:
        log.error("inbox away", error=str(error))
        outcome, response = Outcome.UNAVAILABLE, Response(status_code=503)
    except Exception as error:
        log.error("request failed", error=type(error).__name__, place=_place(error))
        outcome, response = Outcome.FAILED, Response(status_code=500)
    REQUESTS.labels(account.id if account else "", outcome).inc()
    return response


async def _handled(request: Request, account: Account | None, ports: GatewayPorts, arrived: float) -> Answer:
    if account is None:
        raise Refusal(Reason.UNKNOWN_ACCOUNT)
    if request.method != "POST":
        return Outcome.VERIFIED, PlainTextResponse(verify_address(account, request.query_params, ports.clock.now()))
    body = await _body(request)
    now = ports.clock.now()
    push = open_push(account, request.query_params, body, now)
    content = content_of(push.message)
    if content is None:
        return Outcome.IGNORED, _success()
    inbound = inbound_of(account, push.message, content, ports.sealer, ports.rules, now)
    accepted = await ports.inbox.append(inbound)
    if content.kind in SILENT_KINDS:
        return Outcome.STORED, _success()
    slot = await slot_in_time(request, ports.inbox, inbound.key, accepted.attempt, arrived, ports.timing)
    if slot is None:
        return Outcome.LATER, _success()
    if not slot.text:
        return Outcome.SILENT, _success()
    return Outcome.REPLIED, Response(
        passive_reply(account, push, slot.text, ports.clock.now()),
        media_type="text/xml",
        background=BackgroundTask(_confirm, ports.inbox, inbound.key),
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S), aclosing(request.stream()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise Refusal(Reason.TOO_LARGE)
    except TimeoutError:
        raise Refusal(Reason.TOO_SLOW) from None
    return bytes(body)


async def _confirm(inbox: Inbox, key: str) -> None:
    """Tell that the reply has gone over the wire; insist, for untold it would be sent to her a second time."""
    for _ in range(CONFIRM_TRIES):
        try:
            return await inbox.confirm_reply(key)
        except RedisUnavailable:
            await asyncio.sleep(CONFIRM_PAUSE_S)
    log.error("passive reply not confirmed", key=key)
    return None


def _success() -> Response:
    """What tells the platform that the message arrived and no reply follows."""
    return PlainTextResponse("success")


def _refused(reason: Reason, account: Account | None) -> tuple[str, Response]:
    name = reason.name.lower()
    log.info("request refused", account=account.id if account else None, reason=name)
    return f"refused_{name}", PlainTextResponse(reason.words, status_code=reason.status)


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
