"""The world outside the house: the simulator's phones, its switches and its ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from tests.faults.records import Seen, Sent, Shown

ACCOUNT = "hunan"
"""The account of a trial."""

SEND = "message/custom/send"
"""The call that sends a customer-service message."""


@dataclass(frozen=True, slots=True)
class _Spoken:
    words: str
    menu: str | None = None
    cry: bool = False


class Outside:
    """Speaks with the simulator at `url`; knows what it let people say."""

    def __init__(self, url: str) -> None:
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        self._web = httpx.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits)
        self._phones: list[str] = []
        self._spoken: dict[str, _Spoken] = {}

    async def close(self) -> None:
        """Hang up."""
        await self._web.aclose()

    async def join(self) -> str:
        """A new phone; returns its OpenID."""
        openid = str((await self._post("/phones", {"account": ACCOUNT}))["openid"])
        self._phones.append(openid)
        return openid

    async def say(self, openid: str, words: str, *, cry: bool = False) -> None:
        """Write."""
        answer = await self._post(f"/phones/{openid}/messages", {"type": "text", "text": words})
        self._spoken[answer["msg_id"]] = _Spoken(words, cry=cry)

    async def tap(self, openid: str, key: str) -> None:
        """Tap an item of the menu."""
        answer = await self._post(f"/phones/{openid}/events", {"type": "click", "key": key})
        self._spoken[answer["msg_id"]] = _Spoken("", menu=key)

    async def switch(self, **switches: Any) -> None:
        """Change how the platform behaves."""
        (await self._web.put("/switches", json=switches)).raise_for_status()

    async def pending(self) -> int:
        """How many pushes are on their way."""
        return int((await self._web.get("/counts")).raise_for_status().json()["pending"])

    async def look(self, seen: Seen) -> None:
        """Add what every phone sent and showed."""
        for openid in self._phones:
            answer = (await self._web.get("/ledger", params={"openid": openid})).raise_for_status()
            phone = answer.json()["phones"][openid]
            seen.sent += [self._sent(openid, entry) for entry in phone["sent"]]
            bubbles = [bubble for bubble in phone["bubbles"] if bubble["from"] == "account"]
            seen.shown += [_shown(openid, place, bubble) for place, bubble in enumerate(bubbles)]

    def _sent(self, openid: str, entry: dict[str, Any]) -> Sent:
        spoken, pushes = self._spoken[entry["msg_id"]], entry["deliveries"]
        first = min(pushes, key=lambda push: _moment(push["at"]), default=None)
        return Sent(
            person=openid,
            words=spoken.words,
            menu=spoken.menu,
            key=entry["msg_id"],
            at=_moment(first["at"] if first else entry["at"]),
            accepted=any(push["result"] == "taken" for push in pushes),
            reached=first is not None and first["result"] == "taken",
            cry=spoken.cry,
            pushes=tuple(f"{push['at']} {push['result']} after {push['ms']} ms" for push in pushes),
        )

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict((await self._web.post(path, json=body)).raise_for_status().json())


def _shown(openid: str, place: int, bubble: dict[str, Any]) -> Shown:
    return Shown(
        person=openid,
        place=place,
        text=bubble["text"],
        via=bubble["via"],
        reply_to=bubble["reply_to"],
        at=_moment(bubble["at"]),
        acknowledged=bubble["acknowledged"],
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
