"""Sends customer-service messages and says what became of each."""

from __future__ import annotations

import asyncio
import logging

import httpx
import structlog

from bot.conversation.accounts import Account, Accounts
from bot.conversation.clock import Clock
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult
from bot.gateway.api import PlatformUnavailable, call
from bot.gateway.errcodes import KEEP_AND_ALARM, STALE_TOKEN, Reaction, reaction_to
from bot.gateway.markup import legible
from bot.gateway.metrics import SENDS
from bot.gateway.tokens import TokenRefused, Tokens

log = structlog.get_logger(__name__)

TOTAL_S = 20.0
"""For one message with all its calls; the courier's lease is longer, so that no second one sends meanwhile."""


class WeChatSender:
    """See `ports.Sender`. One connection pool and one token an account for the whole process."""

    def __init__(self, accounts: Accounts, clock: Clock, client: httpx.AsyncClient | None = None) -> None:
        """`client` stays its owner's to close; without one the sender makes and closes its own."""
        # httpx logs every address at INFO, and the token is part of the address
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._accounts = accounts
        self._own = client is None
        self._client = client or httpx.AsyncClient(trust_env=False)
        self._tokens = Tokens(self._client, clock)

    async def close(self) -> None:
        """Close the connections, if they are ours."""
        if self._own:
            await self._client.aclose()

    async def send_text(self, account_id: str, openid: str, text: str) -> SendResult:
        """Send one text of at most 2047 bytes; never raises for what the platform or the network does.

        When the platform took the message but its answer was lost, PENDING leads to a second sending: the call knows
        no key by which the platform could tell (wechat.md section 5).
        """
        account = self._accounts.get(account_id)
        if account is None or not account.customer_service:
            result = SendResult(DeliveryStatus.HELD)
        else:
            result = await self._attempt(account, openid, text)
        errcode = "" if result.errcode is None else str(result.errcode)
        SENDS.labels(account_id, result.status, errcode).inc()
        return result

    async def _attempt(self, account: Account, openid: str, text: str) -> SendResult:
        try:
            async with asyncio.timeout(TOTAL_S):
                errcode = await self._send(account, openid, text)
                return _result(account, errcode, reaction_to(errcode))
        except TokenRefused as refused:
            # here 40001 means that the secret is wrong
            rejected = refused.errcode in STALE_TOKEN
            return _result(account, refused.errcode, KEEP_AND_ALARM if rejected else reaction_to(refused.errcode))
        except (PlatformUnavailable, TimeoutError) as error:
            log.warning("platform away", account=account.id, error=str(error) or type(error).__name__)
            return SendResult(DeliveryStatus.PENDING)

    async def _send(self, account: Account, openid: str, text: str) -> int:
        token = await self._tokens.get(account)
        errcode = await self._post(account, token, openid, text)
        if errcode in STALE_TOKEN:
            token = await self._tokens.renew(account, stale=token)
            errcode = await self._post(account, token, openid, text)
        return errcode

    async def _post(self, account: Account, token: str, openid: str, text: str) -> int:
        message = {"touser": openid, "msgtype": "text", "text": {"content": legible(text)}}
        answer = await call(self._client, account, "message/custom/send", message, token)
        errcode = answer.get("errcode")
        if not isinstance(errcode, int):
            raise PlatformUnavailable("no errcode in the answer")
        return errcode


def _result(account: Account, errcode: int, reaction: Reaction) -> SendResult:
    if reaction.alarm:
        log.error("the account cannot send", account=account.id, errcode=errcode)
    return SendResult(reaction.status, errcode, reaction.unfollowed, reaction.window_over)
