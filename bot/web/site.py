"""Makes the site on which console, studio and API put their routes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import structlog
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from bot.conversation.clock import Clock
from bot.conversation.ports import Queue
from bot.conversation.repositories import UnitsOfWork
from bot.web import sign_in
from bot.web.attempts import Attempts
from bot.web.body import BodyLimit
from bot.web.headers import SecurityHeaders
from bot.web.pages import Pages
from bot.web.passwords import Passwords
from bot.web.problems import handle_errors
from bot.web.sessions import Door, FindSession, RenewHash

log = structlog.get_logger(__name__)

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True, slots=True)
class SitePorts:
    """What the shell of the site needs."""

    units: UnitsOfWork
    queue: Queue
    clock: Clock
    find_session: FindSession
    renew_hash: RenewHash
    passwords: Passwords = field(default_factory=Passwords)


def create_site(ports: SitePorts) -> FastAPI:
    """The site with its sign-in, errors, headers and assets, and no pages yet."""
    app = FastAPI(
        title="娘家 API",
        version="1.0",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.door = Door(
        units=ports.units,
        queue=ports.queue,
        clock=ports.clock,
        find_session=ports.find_session,
        renew_hash=ports.renew_hash,
        passwords=ports.passwords,
        attempts=Attempts(ports.clock),
    )
    handle_errors(app, Pages())
    app.add_middleware(SecurityHeaders)
    app.add_middleware(BodyLimit)
    app.include_router(sign_in.routes)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    if not (STATIC / "vendor").is_dir():
        log.error("browser assets are missing: run `npm ci && npm run assets`")
    return app
