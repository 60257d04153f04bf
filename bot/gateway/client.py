"""Sends to people outside the passive reply, and says what became of each send."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import structlog

from bot.conversation.accounts import Account
from bot.conversation.content import Choices, Outgoing, Picture, Sound, Text
from bot.conversation.errors import InvalidData, PlatformUnavailable
from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult, Uploaded
from bot.gateway.api import WeChatApi
from bot.gateway.errcodes import (
    NOT_TYPING,
    UPLOAD_AGAIN,
    WRONG_KIND_OF_ACCOUNT,
    reaction_to,
    reaction_to_no_token,
)
from bot.gateway.metrics import SENDS
from bot.gateway.sends import custom_message, notice
from bot.gateway.tokens import TokenRefused
from bot.gateway.uploads import Upload, checked
from bot.gateway.wire import PlatformRefused

log = structlog.get_logger(__name__)

TOTAL_S = 20.0
"""For one message with all its calls; the courier's lease is longer, so that no second one sends meanwhile."""

UPLOAD_LASTS = timedelta(days=3) - timedelta(hours=2)
"""Ids die after three days (wechat.md section 7); a message that waits must not be sent in the last moment."""

SEND = "message/custom/send"


class WeChatSender:
    """See `ports.Sender`."""

    def __init__(self, api: WeChatApi, total_s: float = TOTAL_S) -> None:
        self._api = api
        self._total_s = total_s
        self._without_menus: set[str] = set()

    async def send(
        self,
        account_id: str,
        openid: str,
        content: Outgoing,
        *,
        by_assistant: bool = False,
        uploaded_id: str | None = None,
    ) -> SendResult:
        """Send one message, text of at most 2047 bytes; choices go as text where the account knows no menus.

        When the platform took the message but its answer was lost, PENDING leads to a second sending: the call knows
        no key by which the platform could tell (wechat.md section 5).
        """
        account = self._api.accounts.get(account_id)
        if account is None or not account.customer_service:
            result = SendResult(DeliveryStatus.HELD)
        elif isinstance(content, Picture | Sound) and uploaded_id is None:
            result = UPLOAD_AGAIN
        else:
            result = await self._attempt(account, self._send(account, openid, content, by_assistant, uploaded_id))
        errcode = "" if result.errcode is None else str(result.errcode)
        SENDS.labels(account_id, result.status, errcode).inc()
        return result

    async def upload(self, account_id: str, kind: MediaKind, body: Body) -> Uploaded | SendResult:
        """Bring a picture or sound to the platform; REFUSED without a call for what it would not take."""
        account = self._api.accounts.get(account_id)
        if account is None:
            return SendResult(DeliveryStatus.HELD)
        try:
            upload = checked(kind, body)
        except InvalidData as error:
            log.warning("not uploaded", account=account_id, reason=str(error))
            return SendResult(DeliveryStatus.REFUSED)
        return await self._attempt(account, self._upload(account, kind, upload))

    async def typing(self, account_id: str, openid: str) -> None:
        """Show her for a moment that somebody is writing; trouble is only logged."""
        account = self._api.accounts.get(account_id)
        if account is None or not account.customer_service:
            return
        body = {"touser": openid, "command": "Typing"}
        try:
            async with asyncio.timeout(self._total_s):
                await self._api.command(account, "message/custom/typing", body)
        except PlatformRefused as refused:
            if refused.errcode not in NOT_TYPING:
                log.warning("typing not shown", account=account_id, errcode=refused.errcode)
        except (PlatformUnavailable, TimeoutError) as error:
            log.warning("typing not shown", account=account_id, error=type(error).__name__)

    async def remind(self, account_id: str, openid: str, template_id: str) -> SendResult:
        """Send the account's notice; REFUSED without a call if it has none, or no longer of this template."""
        account = self._api.accounts.get(account_id)
        if account is None or account.follow_up_template != template_id:
            return SendResult(DeliveryStatus.REFUSED)
        return await self._attempt(account, self._remind(account, openid))

    async def _send(
        self, account: Account, openid: str, content: Outgoing, by_assistant: bool, uploaded_id: str | None
    ) -> SendResult:
        if isinstance(content, Choices) and account.id in self._without_menus:
            content = Text(content.text)
        message = custom_message(openid, content, by_assistant=by_assistant, uploaded_id=uploaded_id)
        try:
            await self._api.command(account, SEND, message)
        except PlatformRefused as refused:
            if not isinstance(content, Choices) or refused.errcode != WRONG_KIND_OF_ACCOUNT:
                raise
            log.info("the account knows no menus in messages", account=account.id)
            self._without_menus.add(account.id)
            return await self._send(account, openid, content, by_assistant, uploaded_id)
        return reaction_to(0)

    async def _upload(self, account: Account, kind: MediaKind, upload: Upload) -> Uploaded:
        until = self._api.clock.now() + UPLOAD_LASTS
        answer = await self._api.upload(account, "media/upload", {"type": kind.value}, upload.name, upload.body)
        match answer:
            case {"media_id": str(platform_id)} if platform_id:
                return Uploaded(platform_id, until)
        raise PlatformUnavailable("no media_id in the answer")

    async def _remind(self, account: Account, openid: str) -> SendResult:
        await self._api.command(account, "message/subscribe/bizsend", notice(openid, account))
        return reaction_to(0)

    async def _attempt[T](self, account: Account, calls: Awaitable[T]) -> T | SendResult:
        """What the calls bring, or what their failure means for the message."""
        try:
            async with asyncio.timeout(self._total_s):
                return await calls
        except TokenRefused as refused:
            result = reaction_to_no_token(refused.errcode)
        except PlatformRefused as refused:
            result = reaction_to(refused.errcode)
        except (PlatformUnavailable, TimeoutError) as error:
            log.warning("platform away", account=account.id, error=str(error) or type(error).__name__)
            return SendResult(DeliveryStatus.PENDING)
        if result.account_fault:
            log.error("the account cannot send", account=account.id, errcode=result.errcode)
        return result
