"""The `frontdoor` channel: the bot's one door to Rasa, on loopback."""

from __future__ import annotations

import logging
from typing import Any, Awaitable, Callable

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from components import private_logs
from components.protocol import FrontDoorError, read_incoming
from components.turn import take_turn

logger = logging.getLogger(__name__)

WARM_UP_TEXT = "你好"


class FrontDoorInput(InputChannel):
    """Answers `POST /webhooks/frontdoor/webhook` with the turn's replies, or an error status if it failed.

    Unlike Rasa's `rest` channel it never gives 200 for a failed turn, and user text is never a command.
    """

    @classmethod
    def name(cls) -> str:
        return "frontdoor"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Rasa's hook at start-up; from here on, no log of this process holds anyone's words."""
        private_logs.install()
        return cls()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """See the parent class; `on_new_message` hands a message to the loaded agent."""
        door = Blueprint("frontdoor")
        door.listener("after_server_start")(warm_up)

        @door.get("/")
        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        @door.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            is_ready = request.app.ctx.agent.is_ready()
            return json({"status": "ready" if is_ready else "no_model"}, status=200 if is_ready else 503)

        @door.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            return await _answer(request, on_new_message)

        return door


async def _answer(request: Request, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> HTTPResponse:
    try:
        incoming = read_incoming(request.body)
        return json(await take_turn(request.app.ctx.agent, on_new_message, incoming))
    except FrontDoorError as refusal:
        return json({"error": refusal.code}, status=refusal.status)
    except Exception:
        # the log says where, never what: see private_logs
        logger.exception("A turn failed")
        return json({"error": "internal"}, status=500)


async def warm_up(app: Sanic, _loop: Any) -> None:
    """Parse once before anyone waits: the first parse after loading a model is much slower than the rest."""
    if app.ctx.agent.is_ready():
        await app.ctx.agent.parse_message(WARM_UP_TEXT)
