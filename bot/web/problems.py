"""Every error as an answer: a page, a notice for htmx, or problem JSON for the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.conversation.errors import Conflict, Forbidden, InvalidData, NiangjiaError, NotFound, Unavailable
from bot.web.errors import CsrfRefused, SignInRefused, SignInRequired, Told, TooManyAttempts
from bot.web.pages import Pages, by_htmx

log = structlog.get_logger(__name__)

API_ROOT = "/api/"
SIGN_IN = "/sign-in"

STALE = {"HX-Trigger": "stale"}
"""Tells the page that what it shows is old: its parts fetch themselves afresh."""

_STATUS: tuple[tuple[type[NiangjiaError], int], ...] = (
    (SignInRequired, 401),
    (SignInRefused, 401),
    (TooManyAttempts, 429),
    (Forbidden, 403),
    (NotFound, 404),
    (Conflict, 409),
    (InvalidData, 422),
    (Unavailable, 503),
)

_WORDS = {
    403: "页面放得太久了，或者这一步不归您做。请刷新页面再试。",
    404: "没有这一页，或者它不在您负责的范围里。",
    405: "没有这一页，或者它不在您负责的范围里。",
    409: "刚刚有人动过这条会话，请看最新情况再决定。",
    413: "内容太大，没有收下。",
    415: "内容的编码不对，没有收下。",
    422: "填写的内容不对，没有保存。",
    429: "试得太多了，请稍等一会儿再试。",
    500: "系统出了意外的问题，已经记录。请刷新页面再试。",
    503: "系统暂时连不上数据，刚才这一步没有做成。请过几秒再试。",
}


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """The page that says what went wrong."""

    status: int
    words: str


def handle_errors(app: FastAPI, pages: Pages) -> None:
    """Answer every error of ours, and of the framework, in the way of the site or of the API."""

    async def ours(request: Request, error: Exception) -> Response:
        return _answer(request, error, pages)

    async def of_framework(request: Request, error: Exception) -> Response:
        if isinstance(error.__cause__, NiangjiaError):
            return _answer(request, error.__cause__, pages)
        status = error.status_code if isinstance(error, HTTPException) else 422
        detail = _where(error) if isinstance(error, RequestValidationError) else ""
        return _plain(request, status, detail, pages, dict(getattr(error, "headers", None) or {}))

    app.add_exception_handler(NiangjiaError, ours)
    app.add_exception_handler(HTTPException, of_framework)
    app.add_exception_handler(RequestValidationError, of_framework)
    app.add_middleware(LastResort, pages=pages)


def _answer(request: Request, error: Exception, pages: Pages) -> Response:
    if isinstance(error, Told):
        return _plain(request, error.status, error.words, pages, {}, error.words)
    if isinstance(error, SignInRequired) and not _of_api(request):
        return _to_sign_in(request)
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    if status in (403, 404) and not _of_api(request) and not isinstance(error, CsrfRefused):
        status = 404  # a page outside her scope looks like one that does not exist
    if status in (500, 503):
        log.warning("request failed", path=request.scope["path"], error=type(error).__name__)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if isinstance(error, TooManyAttempts):
        headers["Retry-After"] = str(error.wait_s)
    # What is outside her scope is told in the very words of what there is not.
    detail = "" if isinstance(error, NotFound) else str(error)
    return _plain(request, status, detail, pages, headers)


def _plain(
    request: Request, status: int, detail: str, pages: Pages, headers: dict[str, str], words: str | None = None
) -> Response:
    if _of_api(request):
        return problem(status, detail, headers)
    said = words or _WORDS.get(status, "这一步没有做成，请再试一次。")
    if by_htmx(request):
        return pages.notice(said, status, {**headers, **(STALE if status == 409 else {})})
    return pages.show(request, "problem.html", ProblemPage(status, said), status, headers)


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A problem as JSON, in the manner of RFC 9457."""
    title = HTTPStatus(status).phrase
    body = json.dumps({"title": title, "detail": detail or title, "status": status}, ensure_ascii=False)
    return Response(body, status, headers, media_type="application/problem+json")


def _to_sign_in(request: Request) -> Response:
    wanted = str(request.scope["path"]) if request.method == "GET" and not by_htmx(request) else "/"
    location = SIGN_IN if wanted == "/" else f"{SIGN_IN}?next={quote(wanted)}"
    if by_htmx(request):
        return Response(status_code=401, headers={"HX-Redirect": location})
    return RedirectResponse(location, 303)


def _of_api(request: Request) -> bool:
    return str(request.scope["path"]).startswith(API_ROOT)  # `url` cannot be built of every query


def _where(error: RequestValidationError) -> str:
    """Which fields are wrong and why, without what was in them."""
    rows = [f"{'.'.join(str(part) for part in row['loc'])}: {row['msg']}" for row in error.errors()]
    return "; ".join(rows)


class LastResort:
    """Answers 500 to what nobody foresaw, and logs its kind and place but not its text, which may quote a person."""

    def __init__(self, app: ASGIApp, pages: Pages) -> None:
        self._app = app
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; nothing is raised to the server."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            log.error("unforeseen error", path=scope["path"], error=type(error).__name__, place=_place(error))
            if not started:
                await _plain(Request(scope), 500, "", self._pages, {})(scope, receive, send)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
