"""The application: platform API, phones and pages on one port."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse

from simulator import cgi, control, drills, pages, phones, shows
from simulator.accounts import Account
from simulator.cgi.gate import Here, refuse
from simulator.clock import Clock, SystemClock
from simulator.drilling import Coach
from simulator.errors import ApiError, NotFollowing
from simulator.faults import CallFaults
from simulator.platform import Platform
from simulator.playing import Player
from simulator.pools import Pools
from simulator.switches import Switches

_health = APIRouter()


def create_app(
    accounts: Sequence[Account],
    gateway_url: str,
    switches: Switches | None = None,
    *,
    clock: Clock | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """A WeChat with these accounts that pushes to `{gateway_url}/wechat/{account id}`.

    The platform is `app.state.platform`. clock and transport stand in for time and network in tests.
    """
    client = httpx.AsyncClient(transport=transport or Pools(), trust_env=False)
    platform = Platform(accounts, client, gateway_url, switches or Switches(), clock or SystemClock())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        await app.state.coach.close()
        await app.state.player.close()
        await platform.close()
        await client.aclose()

    app = FastAPI(title="WeChat simulator", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.platform = platform
    app.state.player = Player(platform)
    app.state.coach = Coach(platform)
    app.add_middleware(CallFaults)
    app.add_exception_handler(ApiError, refuse)
    app.add_exception_handler(NotFollowing, _refuse_stranger)
    for router in (_health, cgi.router, phones.router, control.router, shows.router, drills.router, pages.router):
        app.include_router(router)
    app.mount("/static", pages.static_files(), "static")
    return app


@_health.get("/healthz")
async def healthz() -> dict[str, str]:
    """Alive."""
    return {"status": "alive"}


@_health.get("/readyz")
async def readyz(here: Here) -> JSONResponse:
    """Whether there is a gateway to push to."""
    up = await here.pusher.gateway_is_up()
    return JSONResponse({"gateway": "up" if up else "down"}, 200 if up else 503)


async def _refuse_stranger(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 409)
