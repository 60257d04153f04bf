"""One call to the platform's API: JSON in, JSON out, or one error of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

from bot.conversation.accounts import Account
from bot.conversation.errors import Unavailable

TIMEOUTS = httpx.Timeout(connect=3.0, read=8.0, write=5.0, pool=2.0)


class PlatformUnavailable(Unavailable):
    """The platform did not answer, or not in JSON."""


async def call(
    client: httpx.AsyncClient, account: Account, path: str, body: Mapping[str, Any], token: str | None = None
) -> dict[str, Any]:
    """POST the body to `/cgi-bin/<path>` and return the answer's fields; raises PlatformUnavailable."""
    try:
        response = await client.post(
            f"{account.api_base.rstrip('/')}/cgi-bin/{path}",
            params={"access_token": token} if token else None,
            # unescaped: the platform shows \uXXXX as it stands, or refuses it (40033)
            content=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=TIMEOUTS,
        )
        response.raise_for_status()
        answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise PlatformUnavailable(type(error).__name__) from None
    if not isinstance(answer, dict):
        raise PlatformUnavailable("not an object")
    return answer
