"""Makes the site of the pages."""

from __future__ import annotations

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from bot.pages import bills, entry, papers
from bot.pages.ports import PagesPorts, check_visit, pages
from bot.web.body import BodyLimit
from bot.web.cookies import PlainCookies
from bot.web.headers import SecurityHeaders
from bot.web.problems import handle_errors

MAX_BILL_BYTES = 21_000_000
"""A file of 20 MB with its form."""

MAX_CHOICE_BYTES = 4_000_000
"""What was found in a bill, sealed in the form, comes back with her choice: thousands of payments must fit."""

STATIC = Path(__file__).parent / "static"


def create_pages(ports: PagesPorts) -> FastAPI:
    """The site; everything of it lies under /p, so that a proxy can put it beside the webhook."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.ports = ports
    handle_errors(app, pages)
    app.add_middleware(SecurityHeaders)
    limits = {"/bill": MAX_BILL_BYTES, "/payments": MAX_CHOICE_BYTES}
    app.add_middleware(BodyLimit, check_known=check_visit, limits=limits)
    app.add_middleware(PlainCookies)
    app.mount("/p/static", StaticFiles(directory=STATIC), name="static")
    for room in (papers, bills, entry):  # the entry's /p/{token} comes last
        app.include_router(room.routes)
    return app
