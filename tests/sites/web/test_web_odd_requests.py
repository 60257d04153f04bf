"""Requests that no browser sends: an honest refusal, and never a 500."""

from __future__ import annotations

import pytest
from starlette.types import Message

from tests.sites.web.shell import Shell

FORM = b'--XX\r\nContent-Disposition: form-data; name="username"\r\n\r\n%s\r\n--XX--\r\n'


@pytest.mark.parametrize("charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "idna", "undefined", '"UTF-16"'])
async def test_a_form_in_any_other_character_set_is_refused(shell: Shell, charset: str) -> None:
    async with shell.browser() as client:
        kind = f"multipart/form-data; boundary=XX; charset={charset}"
        answer = await client.post("/sign-in", content=FORM % b"\\ud800", headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert "编码不对" in answer.text


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", '; charset="UTF-8"'])
async def test_a_form_in_utf_8_is_read(shell: Shell, charset: str) -> None:
    async with shell.browser() as client:
        kind = f"multipart/form-data; boundary=XX{charset}"
        answer = await client.post("/sign-in", content=FORM % "李".encode(), headers={"Content-Type": kind})
    assert answer.status_code == 401
    assert 'value="李"' in answer.text


@pytest.mark.parametrize("path", ["/page", "/nothing", "/sign-in", "/api/v1/me", "/api/v1/nothing"])
@pytest.mark.parametrize(
    ("query", "host"), [(b"\xff=\xfe", b"desk"), (b"", b"["), (b"", b"\xff"), (b"", b"a b@c:99999999"), (b"", b"")]
)
async def test_a_query_or_host_that_is_none_gets_an_answer(shell: Shell, path: str, query: bytes, host: bytes) -> None:
    assert await status_of(shell, path, query, host) in {200, 303, 401, 404}


async def test_where_she_wanted_to_go_is_written_as_an_address(shell: Shell) -> None:
    async with shell.browser() as client:
        answer = await client.get("/page%3Fa=1%26next=//evil%23x")
        assert answer.status_code == 404
        location = (await client.get("/page")).headers["location"]
    assert location == "/sign-in?next=/page"


async def status_of(shell: Shell, path: str, query: bytes, host: bytes) -> int:
    """The status that the server would send; httpx itself would refuse to ask so."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": ""}
    scope |= {"method": "GET", "path": path, "raw_path": path.encode(), "query_string": query}
    scope |= {"headers": [(b"host", host)], "client": ("10.0.0.7", 1234), "server": ("desk", 80)}
    await shell.site(scope, receive, send)
    return int(sent[0]["status"])
