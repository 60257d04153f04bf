"""Speech to text over HTTP, in the request that most self-hosted services understand (POST audio/transcriptions)."""

from __future__ import annotations

import logging

import httpx

from bot.conversation.errors import TranscriberUnavailable
from bot.conversation.media import Body

TIMEOUT = httpx.Timeout(connect=2.0, read=60.0, write=20.0, pool=5.0)
"""Seconds; a minute of speech takes a small machine about as long."""

_NAMES = {"audio/mpeg": "voice.mp3", "audio/amr": "voice.amr", "audio/amr-wb": "voice.awb", "audio/ogg": "voice.ogg"}


class HttpTranscriber:
    """A service at a base URL such as http://127.0.0.1:9000/v1; `key` is its bearer token, if it asks for one."""

    def __init__(
        self, base_url: str, model: str, key: str | None = None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._model = model
        self._client = httpx.AsyncClient(
            base_url=base_url, headers=headers, timeout=TIMEOUT, transport=transport, trust_env=False
        )

    async def transcribe(self, body: Body) -> str:
        """The words, "" if there are none; raises TranscriberUnavailable."""
        file = (_NAMES.get(body.content_type, "voice"), body.data, body.content_type)
        fields = {"model": self._model, "language": "zh", "response_format": "json"}
        try:
            response = await self._client.post("audio/transcriptions", data=fields, files={"file": file})
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise TranscriberUnavailable(type(error).__name__) from None
        if response.status_code != httpx.codes.OK:
            raise TranscriberUnavailable(f"status {response.status_code}")
        match answer:
            case {"text": str(text)}:
                return text
        raise TranscriberUnavailable("answer not understood")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()
