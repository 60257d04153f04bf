"""The internet-facing site: `/wechat/{account id}`, and the pages that tell how the process is."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.gateway.ports import GatewayPorts as GatewayPorts
from bot.gateway.webhook import answer


def create_gateway(ports: GatewayPorts, routes: Sequence[Route] = ()) -> Starlette:
    """The site; `routes` are served beside the webhook (health, never metrics)."""

    async def webhook(request: Request) -> Response:
        return await answer(request, ports)

    return Starlette(routes=[Route("/wechat/{account_id}", webhook, methods=["GET", "POST"]), *routes])
