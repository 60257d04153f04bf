"""Makes the site on which console, studio and API put their routes."""

from __future__ import annotations

from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from bot.web import account, sign_in
from bot.web.access import check_known
from bot.web.body import STRANGER_BYTES, BodyLimit
from bot.web.cookies import PlainCookies
from bot.web.door import Door
from bot.web.headers import SecurityHeaders
from bot.web.pages import Pages
from bot.web.problems import handle_errors

log = structlog.get_logger(__name__)

MAX_PICTURE_BYTES = 2_500_000
"""A picture of 2 MB, the most that the platform surely takes (wechat.md section 7), with its form."""

_LIMITS = {"/pictures": MAX_PICTURE_BYTES} | dict.fromkeys(("/sign-in", "/sign-in/code", "/tokens"), STRANGER_BYTES)

STATIC = Path(__file__).parent / "static"


def create_site(door: Door) -> FastAPI:
    """The site with its sign-in, errors, headers and assets, and no pages yet."""
    app = FastAPI(
        title="娘家 API",
        version="1.0",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.door = door
    handle_errors(app, Pages())
    app.add_middleware(SecurityHeaders)
    app.add_middleware(BodyLimit, check_known=check_known, limits=_LIMITS)
    app.add_middleware(PlainCookies)
    app.include_router(sign_in.routes)
    app.include_router(account.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    if not (STATIC / "vendor").is_dir():
        log.error("browser assets are missing: run `npm ci && npm run assets`")
    return app
