"""The three pages that tell how a process is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

Check = Callable[[], Awaitable[bool]]
"""Whether one thing that the process needs is up; it may raise, which counts as down."""

CHECK_TIMEOUT_S = 2.0


def status_routes(needs: Mapping[str, Check], wants: Mapping[str, Check] | None = None) -> list[Route]:
    """`/healthz` and `/readyz`: ready when all that it needs is up; what it merely wants is shown too."""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(request: Request) -> Response:
        needed, wanted = await asyncio.gather(_look(needs), _look(wants or {}))
        ready = all(needed.values())
        things = {name: "up" if up else "down" for name, up in {**needed, **wanted}.items()}
        return JSONResponse({"ready": ready, "checks": things}, status_code=200 if ready else 503)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def metrics_route() -> Route:
    """`/metrics` in Prometheus's text format."""

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", metrics)


async def _look(checks: Mapping[str, Check]) -> dict[str, bool]:
    results = await asyncio.gather(*(_up(check) for check in checks.values()))
    return dict(zip(checks, results, strict=True))


async def _up(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return await check()
    except Exception:  # any failure of a check means the thing is down; that is the answer
        return False
