"""Pages and fragments from templates: everything is escaped and harmless, an unknown name an error."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.web.harmless import harmless
from bot.web.times import date_words, moment_words, span_words

SHELL = Path(__file__).parent / "templates"

NOTICE_HEADERS = {
    "HX-Retarget": "#notice",
    "HX-Reswap": "innerHTML",
    "HX-Reselect": "#said",
    "HX-Push-Url": "false",
}
"""Whatever the form or link aimed at, these words go to the notice of the page, and nothing else changes."""


class Pages:
    """The templates of one room, and those of the shell."""

    def __init__(self, *folders: Path, names: Mapping[str, Any] | None = None) -> None:
        """`names` are known to every template of the room."""
        self._environment = Environment(
            loader=FileSystemLoader([*folders, SHELL]),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=harmless,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(date=date_words, moment=moment_words, span=span_words)
        self._environment.globals.update(names or {})

    def show(
        self,
        request: Request,
        template: str,
        page: object,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> HTMLResponse:
        """The template's text; in it, `page` is the context, `path` the address, `visit` who is signed in (or None)."""
        text = self.render(template, page=page, path=request.scope["path"], visit=getattr(request.state, "visit", None))
        return HTMLResponse(text, status, dict(headers or {}))

    def notice(self, words: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        """Words for the notice of the page that htmx is on."""
        text = self.render("_notice.html", words=words, troubled=status >= 400)
        return HTMLResponse(text, status, {**NOTICE_HEADERS, **(headers or {})})

    def render(self, template: str, **names: Any) -> str:
        """The template's text with these names."""
        return self._environment.get_template(template).render(**names)


def by_htmx(request: Request) -> bool:
    """Whether htmx asks, and a fragment is enough."""
    return request.headers.get("HX-Request") == "true"
