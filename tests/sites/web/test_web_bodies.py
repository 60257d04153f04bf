"""What somebody may send before and after she has come in, and where it is kept while it is read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import httpx
import pytest
from fastapi import Body, Form, Request, UploadFile

from bot.web.access import Caller, Visitor
from bot.web.body import MAX_BODY_BYTES, STRANGER_BYTES
from bot.web.site import MAX_PICTURE_BYTES
from tests.sites.web.shell import Shell, make_shell, sign_in

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
STRANGERS, STAFFS = STRANGER_BYTES + 1, MAX_BODY_BYTES - 100


@pytest.fixture
async def shell() -> Shell:
    """A shell with a form, an operation and an upload of its own."""
    shell = make_shell()

    @shell.site.post("/form")
    async def form(visit: Visitor, words: Annotated[str, Form()] = "") -> int:
        return len(words)

    @shell.site.post("/api/v1/words")
    async def words(visit: Caller, words: Annotated[str, Body(embed=True)]) -> int:
        return len(words)

    @shell.site.post("/her/pictures")
    async def picture(visit: Visitor, picture: UploadFile) -> tuple[int, bool]:
        return len(await picture.read()), picture.file._rolled  # type: ignore[attr-defined]

    @shell.site.get("/cookies")
    async def cookies(request: Request) -> dict[str, str]:
        return request.cookies

    await shell.hire()
    return shell


async def csrf(client: httpx.AsyncClient) -> dict[str, str]:
    return {"X-CSRF-Token": (await client.get("/page")).json()}


async def in_pieces(*pieces: bytes) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


@pytest.mark.parametrize("announced", [True, False])
async def test_who_has_not_come_in_is_sent_to_the_sign_in_with_more_than_that_takes(
    shell: Shell, announced: bool
) -> None:
    form = b"words=" + b"x" * STRANGERS
    async with shell.browser() as client:
        client.cookies.set("niangjia_session", "made up")
        sent = form if announced else in_pieces(form[:1000], form[1000:])
        answer = await client.post("/form", content=sent, headers=FORM)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
        bearer = {"Authorization": "Bearer made-up"}
        answer = await client.post("/api/v1/words", json={"words": "x" * STRANGERS}, headers=bearer)
        assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code"])
async def test_the_sign_in_itself_takes_little_from_anybody(shell: Shell, path: str) -> None:
    async with shell.browser() as client:
        await sign_in(client)
        assert (await client.post(path, content=b"x" * STRANGERS, headers=FORM)).status_code == 413


async def test_the_longest_name_password_and_way_fit_into_a_sign_in(shell: Shell) -> None:
    form = {"username": "名" * 100, "password": "密" * 1000, "next": "/page?" + "x" * 2000}
    async with shell.browser() as client:
        assert (await sign_in(client, **form)).status_code == 401


async def test_who_has_come_in_sends_as_much_as_ever(shell: Shell) -> None:
    async with shell.browser() as client:
        await sign_in(client)
        bearer = {"Authorization": f"Bearer {client.cookies['niangjia_session']}"}
        words = {"words": "x" * STAFFS}
        assert (await client.post("/form", data=words, headers=await csrf(client))).json() == STAFFS
        assert (await client.post("/api/v1/words", json=words, headers=bearer)).json() == STAFFS
        words = {"words": "x" * (MAX_BODY_BYTES + 1)}
        assert (await client.post("/form", data=words, headers=await csrf(client))).status_code == 413
        assert (await client.post("/api/v1/words", json=words, headers=bearer)).status_code == 413


async def test_without_the_database_nobody_is_taken_for_a_stranger(shell: Shell) -> None:
    async with shell.browser() as client:
        await sign_in(client)
        headers = await csrf(client)
        shell.units.available = False
        assert (await client.post("/form", data={"words": "x" * STRANGERS}, headers=headers)).status_code == 503


async def test_a_picture_stays_in_memory_while_it_is_read(shell: Shell) -> None:
    picture = b"x" * (MAX_PICTURE_BYTES - 10_000)
    async with shell.browser() as client:
        assert (await client.post("/her/pictures", files={"picture": picture})).status_code == 303
        await sign_in(client)
        answer = await client.post("/her/pictures", files={"picture": picture}, headers=await csrf(client))
    assert answer.json() == [len(picture), False]


@pytest.mark.parametrize(
    "pieces",
    [(b"%" * STRANGER_BYTES,), (b"a=%",), (b"a=%4",), (b"a=%zz",), (b"a=%", b"%", b"41"), (b"a=%4", b"x")],
)
async def test_an_escape_that_is_none_is_refused(shell: Shell, pieces: tuple[bytes, ...]) -> None:
    async with shell.browser() as client:
        answer = await client.post("/sign-in", content=in_pieces(*pieces), headers=FORM)
    assert (answer.status_code, "编码不对" in answer.text) == (415, True)


@pytest.mark.parametrize("cut", range(1, 25))
async def test_an_escape_may_come_in_two_pieces(shell: Shell, cut: int) -> None:
    form = "username=%E6%9D%8Ea%25"
    async with shell.browser() as client:
        sent = in_pieces(form[:cut].encode(), form[cut:].encode())
        answer = await client.post("/sign-in", content=sent, headers=FORM)
    assert answer.status_code == 401
    assert 'value="李a%"' in answer.text


async def test_only_forms_are_looked_at_for_escapes(shell: Shell) -> None:
    who = {"username": "li", "password": "100%"}
    async with shell.browser() as client:
        assert (await client.post("/api/v1/words", json=who)).status_code == 401
        multipart = await client.post("/sign-in", files={"username": (None, "100%")})
        assert (multipart.status_code, 'value="100%"' in multipart.text) == (401, True)


async def test_a_cookie_with_a_backslash_is_left_out_and_the_others_count(shell: Shell) -> None:
    async with shell.browser() as client:
        await sign_in(client)
        token = client.cookies["niangjia_session"]
        client.cookies.clear()
        harm = '"' + '\\"' * 5000 + '"'
        header = {"Cookie": f'other="quoted"; harm={harm}; niangjia_session={token}'}
        assert (await client.get("/page", headers=header)).status_code == 200
        cookies = (await client.get("/cookies", headers=header)).json()
    assert cookies == {"other": "quoted", "niangjia_session": token}
