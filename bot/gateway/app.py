"""The internet-facing site: `/wechat/{account id}`, and the pages that tell how the process is."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.routing import Route

from bot.gateway.ports import GatewayPorts as GatewayPorts
from bot.gateway.webhook import Webhook


def create_gateway(ports: GatewayPorts, routes: Sequence[Route] = ()) -> Starlette:
    """The site; `routes` are served beside the webhook (health, never metrics)."""
    webhook = Webhook(ports)
    site = Starlette(routes=[Route("/wechat/{account_id}", webhook.answer, methods=["GET", "POST"]), *routes])
    # the platform follows no redirect, and Starlette fails to write one for a query that is no UTF-8
    site.router.redirect_slashes = False
    return site
