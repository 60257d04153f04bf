"""One request of the platform: checked, stored, and answered within the five seconds it waits."""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from bot.conversation.accounts import Account
from bot.conversation.content import Silent
from bot.conversation.errors import RedisUnavailable, Replayed
from bot.conversation.messages import Inbound
from bot.conversation.ports import Accepted, Slot
from bot.gateway.inbound import heard, inbounds
from bot.gateway.logbook import Logbook
from bot.gateway.metrics import INBOUND, NOTICES, REQUESTS, Outcome
from bot.gateway.notices import TROUBLE, Notice, Unaddressed, Unknown
from bot.gateway.ports import GatewayPorts
from bot.gateway.push import Push, admit, open_push, verify_address
from bot.gateway.refusal import Reason, Refusal
from bot.gateway.reply import Unfit, passive_reply
from bot.gateway.showing import Showing
from bot.gateway.waiting import NotYet, is_last, slot_at_once, slot_in_time

log = structlog.get_logger(__name__)

MAX_BODY_BYTES = 64 * 1024
"""Many times the longest message (about 2 KiB of words, three times that in compatible mode)."""

CONFIRM_TRIES = 20
CONFIRM_PAUSE_S = 0.5

Answer = tuple[str, Response]
"""How the request ended, for the metrics, and what goes back."""


class Webhook:
    """Answers the platform, for all accounts."""

    def __init__(self, ports: GatewayPorts) -> None:
        self._ports = ports
        self._inbox = ports.inbox
        self._logbook = Logbook(ports.clock)

    async def answer(self, request: Request) -> Response:
        """Answer one request and count how it ended. No exception leaves: its text could quote what she wrote."""
        arrived = asyncio.get_running_loop().time() - self._ports.pulse.late_s()
        account = self._ports.accounts.get(request.path_params["account_id"])
        name = account.id if account else None
        outcome: str
        try:
            outcome, response = await self._handled(request, account, arrived)
        except Refusal as refusal:
            outcome, response = self._refused(refusal.reason, name)
        except ClientDisconnect:
            outcome, response = Outcome.GONE, Response(status_code=503)
        except NotYet:
            outcome, response = Outcome.RETRIED, Response(status_code=503)
        except RedisUnavailable as error:
            self._logbook.write(logging.ERROR, "inbox away", reason=str(error))
            outcome, response = Outcome.UNAVAILABLE, Response(status_code=503)
        except Exception as error:
            self._logbook.write(logging.ERROR, "request failed", reason=type(error).__name__, place=_place(error))
            outcome, response = Outcome.FAILED, Response(status_code=500)
        REQUESTS.labels(name or "", outcome).inc()
        return response

    async def _handled(self, request: Request, account: Account | None, arrived: float) -> Answer:
        if account is None:
            raise Refusal(Reason.UNKNOWN_ACCOUNT)
        clock, fresh = self._ports.clock, self._ports.fresh
        if request.method != "POST":
            echostr = verify_address(account, request.query_params, clock.now(), fresh)
            # who caught a signature on its way can have anything repeated here: it must stay plain text everywhere
            return Outcome.VERIFIED, PlainTextResponse(echostr, headers={"X-Content-Type-Options": "nosniff"})
        admit(account, request.query_params, clock.now(), fresh)
        body = await _body(request, self._ports.timing.body_s)
        now = clock.now()
        push = open_push(account, request.query_params, body, now, fresh)
        told = heard(push.fields)
        if isinstance(told, Notice):
            self._note(account, told)
            return Outcome.IGNORED, _success()
        records = inbounds(account, told, self._ports.sealer, self._ports.rules, now)
        accepted = await self._store(records, push.request)
        if isinstance(records[0].content, Silent):
            return Outcome.STORED, _success()
        last = is_last(accepted.attempt, (now - records[0].sent_at).total_seconds())
        return await self._replied(request, account, push, records[0].key, accepted, last, arrived)

    async def _store(self, records: Sequence[Inbound], request: str) -> Accepted:
        """Store all of them, the one that stands for all first; returns its receipt. Raises Refusal."""
        try:
            first = await self._append(records[0], request)
        except Replayed:
            raise Refusal(Reason.REPLAYED) from None
        for record in records[1:]:
            await self._append(record, None)
        return first

    async def _append(self, record: Inbound, request: str | None) -> Accepted:
        accepted = await self._inbox.append(record, request)
        if accepted.attempt == 1:
            INBOUND.labels(record.account_id, record.content.kind).inc()
        return accepted

    async def _replied(
        self, request: Request, account: Account, push: Push, key: str, accepted: Accepted, last: bool, arrived: float
    ) -> Answer:
        if accepted.attended or not account.customer_service:
            slot = await slot_in_time(request, self._inbox, key, last, arrived, self._ports.timing)
            missed = Outcome.LATER
        else:
            slot = await slot_at_once(self._inbox, key)
            missed = Outcome.UNATTENDED
        if slot is None:
            return missed, _success()
        return self._shown(account, push, key, slot, arrived)

    def _shown(self, account: Account, push: Push, key: str, slot: Slot, arrived: float) -> Answer:
        if slot.reply is None:
            return Outcome.SILENT, _success()
        try:
            body = passive_reply(account, push, slot.reply, slot.uploaded_id, self._ports.clock.now())
        except Unfit as unfit:
            # never confirmed, and so sent by the courier; asking again would get the platform the same reply
            self._logbook.write(logging.ERROR, "reply unfit", reason=str(unfit), account=account.id)
            return Outcome.UNFIT, _success()
        return Outcome.REPLIED, Showing(body, arrived, self._ports.timing, partial(self._told, account, key))

    async def _told(self, account: Account, key: str, shown: bool) -> None:
        if shown:
            await self._confirm(key)
        else:
            self._logbook.write(logging.WARNING, "reply came too late to be shown", reason="late", account=account.id)

    async def _confirm(self, key: str) -> None:
        """Tell that the reply has gone over the wire; insist, for untold it would be sent to her a second time."""
        for _ in range(CONFIRM_TRIES):
            try:
                return await self._inbox.confirm_reply(key)
            except RedisUnavailable:
                await asyncio.sleep(CONFIRM_PAUSE_S)
        log.error("passive reply not confirmed", key=key)
        return None

    def _note(self, account: Account, notice: Notice) -> None:
        event = "unknown" if isinstance(notice, Unknown) else notice.event
        NOTICES.labels(account.id, event).inc()
        if event in TROUBLE or isinstance(notice, Unaddressed):
            log.warning("account needs attention", account=account.id, told=event)

    def _refused(self, reason: Reason, account: str | None) -> Answer:
        name = reason.name.lower()
        self._logbook.write(logging.INFO, "request refused", reason=name, account=account)
        return f"refused_{name}", PlainTextResponse(reason.words, status_code=reason.status)


async def _body(request: Request, limit_s: float) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(limit_s), aclosing(request.stream()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise Refusal(Reason.TOO_LARGE)
    except TimeoutError:
        raise Refusal(Reason.TOO_SLOW) from None
    return bytes(body)


def _success() -> Response:
    """What tells the platform that the message arrived and no reply follows."""
    return PlainTextResponse("success")


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
