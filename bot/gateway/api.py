"""The platform's API for one process: each call with the account's token, which is renewed once if it is refused."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from bot.conversation.accounts import Account, Accounts
from bot.conversation.clock import Clock
from bot.conversation.errors import PlatformUnavailable
from bot.conversation.media import Body
from bot.conversation.ports import TokenShelf
from bot.gateway.errcodes import STALE_TOKEN
from bot.gateway.tokens import Tokens
from bot.gateway.wire import (
    Answer,
    PlatformRefused,
    address,
    exchange,
    is_file,
    json_part,
    opened,
    read_answer,
    read_body,
)


class WeChatApi:
    """One connection pool and one set of tokens for all who call.

    Every call raises PlatformUnavailable when the platform does not answer, and of these PlatformRefused when it
    answers with an errcode, and of these TokenRefused when it gives the account no token.
    """

    def __init__(
        self, accounts: Accounts, shelf: TokenShelf, clock: Clock, client: httpx.AsyncClient | None = None
    ) -> None:
        """`client` stays its owner's to close; without one the API makes and closes its own."""
        # httpx logs every address at INFO, and the token is part of the address
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self.accounts = accounts
        self.clock = clock
        self._own = client is None
        self.client = client or httpx.AsyncClient(trust_env=False)
        self._tokens = Tokens(self.client, shelf, clock)

    async def close(self) -> None:
        """Close the connections, if they are ours."""
        if self._own:
            await self.client.aclose()

    async def command(self, account: Account, path: str, body: Mapping[str, Any]) -> None:
        """POST an object; returns when the platform has said that it is done (errcode 0)."""
        answer = await self._exchange(account, "POST", path, {}, **json_part(body))
        if "errcode" not in answer:
            raise PlatformUnavailable("no errcode in the answer")

    async def query(self, account: Account, path: str) -> Answer:
        """GET the fields of an answer."""
        return await self._exchange(account, "GET", path, {})

    async def upload(self, account: Account, path: str, query: Mapping[str, str], name: str, file: Body) -> Answer:
        """POST a file; the fields of the answer."""
        return await self._exchange(account, "POST", path, query, files={"media": (name, file.data, file.content_type)})

    async def fetch(self, account: Account, path: str, query: Mapping[str, str], max_bytes: int) -> Body | Answer:
        """GET a file of at most `max_bytes`, or the fields that stand for it; raises InvalidData if it is larger."""

        async def attempt(token: str) -> Body | Answer:
            params = {**query, "access_token": token}
            async with opened(self.client, address(account, path), params) as response:
                body = await read_body(response, max_bytes)
            return body if is_file(body) else read_answer(body.data)

        return await self._with_token(account, attempt)

    async def _exchange(
        self, account: Account, method: str, path: str, query: Mapping[str, str], **parts: Any
    ) -> Answer:
        async def attempt(token: str) -> Answer:
            params = {**query, "access_token": token}
            return await exchange(self.client, method, address(account, path), params=params, **parts)

        return await self._with_token(account, attempt)

    async def _with_token[T](self, account: Account, attempt: Callable[[str], Awaitable[T]]) -> T:
        token = await self._tokens.get(account)
        try:
            return await attempt(token)
        except PlatformRefused as refused:
            if refused.errcode not in STALE_TOKEN:
                raise
            renewed = await self._tokens.renew(account, stale=token)
            if renewed == token:
                raise
        return await attempt(renewed)
