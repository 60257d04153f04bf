"""The channel over HTTP, in a real Sanic server with a reduced agent."""

from __future__ import annotations

import io
import json
import logging
import socket
from contextlib import asynccontextmanager
from typing import Any, AsyncIterator

import aiohttp
import pytest
from agents import FAILED, FakeAgent
from rasa.core.channels.channel import register
from sanic import Sanic

from components.frontdoor import FrontDoorInput

MESSAGE = {"sender": "c1", "message_id": "m1", "text": "他昨晚又打我"}


@asynccontextmanager
async def door(agent: FakeAgent) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of a server that has the channel and nothing else."""
    Sanic.test_mode = True
    app = Sanic(f"door_{id(agent)}", configure_logging=False)
    app.ctx.agent = agent
    register([FrontDoorInput()], app, route="/webhooks/")
    listening = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    port = listening.getsockname()[1]
    async with aiohttp.ClientSession(base_url=f"http://127.0.0.1:{port}") as client:
        yield client
    await server.close()


async def post(agent: FakeAgent, data: bytes) -> tuple[int, Any]:
    async with door(agent) as client, client.post("/webhooks/frontdoor/webhook", data=data) as response:
        return response.status, await response.json()


async def test_a_message_is_answered() -> None:
    status, answer = await post(FakeAgent(), json.dumps(MESSAGE).encode())
    assert status == 200
    assert answer["message_id"] == "m1"
    assert answer["replies"] == [{"answer": "divorce/debts"}]


@pytest.mark.parametrize(
    ("agent", "data", "status", "code"),
    [
        (FakeAgent(), b"{", 400, "bad_request"),
        (FakeAgent(), json.dumps({**MESSAGE, "text": "我" * 6000}).encode(), 413, "too_large"),
        (FakeAgent(crash=ValueError(MESSAGE["text"])), json.dumps(MESSAGE).encode(), 500, "internal"),
        (FakeAgent(events=FAILED), json.dumps(MESSAGE).encode(), 502, "no_reply"),
        (FakeAgent(outputs=[]), json.dumps(MESSAGE).encode(), 502, "no_reply"),
        (FakeAgent(model=False), json.dumps(MESSAGE).encode(), 503, "no_model"),
    ],
    ids=["malformed", "long", "crash", "failed action", "silence", "no model"],
)
async def test_each_failure_has_its_status_and_none_of_her_words(
    agent: FakeAgent, data: bytes, status: int, code: str
) -> None:
    assert await post(agent, data) == (status, {"error": code})


async def test_ready_means_that_a_model_is_loaded() -> None:
    for agent, status in ((FakeAgent(), 200), (FakeAgent(model=False), 503)):
        async with door(agent) as client:
            assert (await client.get("/webhooks/frontdoor/ready")).status == status
            assert await (await client.get("/webhooks/frontdoor/")).json() == {"status": "ok"}


def test_rasa_finds_the_channel_by_its_class_path_and_it_guards_the_logs() -> None:
    from rasa.core.run import create_http_input_channels

    factory = logging.getLogRecordFactory()
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    logging.getLogger().addHandler(handler)
    try:
        (channel,) = create_http_input_channels(None, "credentials.yml")
        assert channel.name() == "frontdoor"
        try:
            raise ValueError(MESSAGE["text"])
        except ValueError:
            logging.getLogger("rasa").exception("failed")
        assert MESSAGE["text"] not in written.getvalue()
    finally:
        logging.getLogger().removeHandler(handler)
        logging.setLogRecordFactory(factory)
        logging.disable(logging.NOTSET)
