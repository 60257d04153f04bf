"""The speech-to-text service is asked as it expects, and its trouble is told as ours."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from bot.conversation.errors import TranscriberUnavailable
from bot.conversation.media import Body
from bot.speech import HttpTranscriber

VOICE = Body("audio/mpeg", b"ID3 sound")

Answer = Callable[[httpx.Request], httpx.Response]


def a_service(answer: Answer, key: str | None = None) -> HttpTranscriber:
    return HttpTranscriber("http://speech.test/v1", "paraformer", key, httpx.MockTransport(answer))


async def test_the_words_come_back() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"text": "他昨晚又打我了"})

    service = a_service(answer, key="bearer-key")
    assert await service.transcribe(VOICE) == "他昨晚又打我了"
    await service.close()
    (request,) = asked
    body = request.read()
    assert request.url == "http://speech.test/v1/audio/transcriptions"
    assert request.headers["authorization"] == "Bearer bearer-key"
    assert b"ID3 sound" in body
    assert b'filename="voice.mp3"' in body
    assert b"paraformer" in body
    assert b"zh" in body


def broken(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody there", request=request)


@pytest.mark.parametrize(
    "answer",
    [
        broken,
        lambda _: httpx.Response(500, json={"text": "他打我"}),
        lambda _: httpx.Response(200, text="no json"),
        lambda _: httpx.Response(200, json=["他打我"]),
        lambda _: httpx.Response(200, json={"text": None}),
    ],
)
async def test_trouble_of_the_service_is_told_without_her_words(answer: Answer) -> None:
    service = a_service(answer)
    with pytest.raises(TranscriberUnavailable) as raised:
        await service.transcribe(VOICE)
    assert "他打我" not in str(raised.value)
    await service.close()
