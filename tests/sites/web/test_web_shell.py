"""What every answer carries, how every error is told, and what a page must prove before it changes something."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from bot.conversation.errors import Conflict, Forbidden, InvalidData, NotFound, StoreUnavailable
from bot.web.body import MAX_BODY_BYTES
from tests.sites.web.shell import Shell, sign_in

SECRET_WORDS = "他把我锁在屋里"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/static/desk.css", "/nowhere", "/api/v1/me", "/api/openapi.json", "/broken"]
)
async def test_every_answer_forbids_inline_code_framing_and_sniffing(shell: Shell, path: str) -> None:
    @shell.site.get("/broken")
    async def broken() -> None:
        raise RuntimeError(SECRET_WORDS)

    async with shell.browser() as client:
        headers = (await client.get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")


@pytest.mark.parametrize(("given", "status"), [(None, 403), ("", 403), ("wrong", 403), ("é", 403), ("right", 200)])
async def test_a_change_needs_the_csrf_token_in_header_or_form(shell: Shell, given: str | None, status: int) -> None:
    await shell.hire()
    async with shell.browser() as client:
        await sign_in(client)
        right = (await client.get("/page")).json()
        token = right if given == "right" else given
        as_field = await client.post("/page", data={} if token is None else {"csrf_token": token})
        header = {} if token is None else {"X-CSRF-Token": token.encode()}
        as_header = await client.post("/page", headers=header)
    assert (as_field.status_code, as_header.status_code) == (status, status)


async def test_the_csrf_token_of_another_session_does_not_count(shell: Shell) -> None:
    await shell.hire()
    async with shell.browser() as client, shell.browser() as another:
        await sign_in(client)
        await sign_in(another)
        token = (await another.get("/page")).json()
        assert (await client.post("/page", headers={"X-CSRF-Token": token})).status_code == 403


async def test_what_nobody_foresaw_is_answered_and_logged_without_its_text(shell: Shell) -> None:
    @shell.site.get("/broken")
    async def broken() -> None:
        raise RuntimeError(SECRET_WORDS)

    @shell.site.get("/api/v1/broken")
    async def broken_api() -> None:
        raise RuntimeError(SECRET_WORDS)

    with capture_logs() as logs:
        async with shell.browser() as client:
            page, answer = await client.get("/broken"), await client.get("/api/v1/broken")
    assert (page.status_code, answer.status_code) == (500, 500)
    assert answer.json() == {"title": "Internal Server Error", "detail": "Internal Server Error", "status": 500}
    assert [log["event"] for log in logs] == ["unforeseen error"] * 2
    assert logs[0]["place"].startswith("test_web_shell.py:")
    assert SECRET_WORDS not in page.text + answer.text + repr(logs)


@pytest.mark.parametrize(
    ("error", "on_page", "in_api"),
    [
        (NotFound("no such conversation"), 404, 404),
        (Forbidden("not hers"), 404, 403),
        (Conflict("somebody was first"), 409, 409),
        (InvalidData("line 3"), 422, 422),
        (StoreUnavailable("away"), 503, 503),
    ],
)
async def test_our_errors_are_pages_for_people_and_problems_for_programs(
    shell: Shell, error: Exception, on_page: int, in_api: int
) -> None:
    @shell.site.get("/fails")
    @shell.site.get("/api/v1/fails")
    async def fails() -> None:
        raise error

    async with shell.browser() as client:
        page, answer = await client.get("/fails"), await client.get("/api/v1/fails")
        fragment = await client.get("/fails", headers={"HX-Request": "true"})
    assert (page.status_code, fragment.status_code, answer.status_code) == (on_page, on_page, in_api)
    assert "<!doctype html>" in page.text
    assert str(error) not in page.text
    assert fragment.headers["hx-retarget"] == "#notice"
    assert "<html" not in fragment.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == ("Not Found" if in_api == 404 else str(error))
    assert answer.json()["status"] == in_api


async def test_without_a_session_htmx_is_sent_to_the_sign_in(shell: Shell) -> None:
    async with shell.browser() as client:
        answer = await client.get("/page", headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == "/sign-in"


async def test_an_oversized_form_is_refused(shell: Shell) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"username=" + b"x" * (MAX_BODY_BYTES // 2)

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    async with shell.browser() as client:
        whole = await client.post("/sign-in", data={"username": "x" * (MAX_BODY_BYTES + 1), "password": "x"})
        pieces = await client.post("/sign-in", content=in_pieces(), headers=form)
    for answer in (whole, pieces):
        assert answer.status_code == 413
        assert "内容太大" in answer.text


async def test_a_malformed_request_is_told_where_but_not_what(shell: Shell) -> None:
    @shell.site.get("/api/v1/number/{number}")
    async def number(number: int) -> int:
        return number

    async with shell.browser() as client:
        answer = await client.get(f"/api/v1/number/{SECRET_WORDS}")
    assert answer.status_code == 422
    assert "path.number" in answer.json()["detail"]
    assert SECRET_WORDS not in answer.text
