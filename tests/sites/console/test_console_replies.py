"""An operator's picture, and the sign that she is writing."""

from __future__ import annotations

import pytest

from bot.conversation.conversations import Conversation
from tests.doubles.office import Office
from tests.sites.console.pages import opened, taken, words

PNG = b"\x89PNG\r\n\x1a\n and so on"
HTMX = {"HX-Request": "true"}


async def send(office: Office, talk: Conversation, data: bytes, kind: str, who: str = "li") -> tuple[int, str]:
    """What the page gets when the form with this picture is sent."""
    async with office.browser(who) as client:
        address = f"/desk/conversations/{talk.id}/pictures"
        answer = await client.post(address, files={"picture": ("x.png", data, kind)}, headers=HTMX)
    return answer.status_code, answer.text


async def test_a_picture_is_lined_up_and_shown(office: Office) -> None:
    talk = await taken(office, "你好")
    status, box = await send(office, talk, PNG, "image/png")
    assert status == 200
    assert 'id="picture"' in box
    page = await opened(office, talk)
    assert page.count('<img src="/media/') == 1
    assert "工作人员来了" in words(page)
    async with office.units() as uow:
        due = await uow.deliveries.due(office.clock.now(), 10)
    assert len(due) == 1  # one a person at a time: who writes is said before


@pytest.mark.parametrize(
    ("data", "kind", "told"),
    [
        (b"<script>alert(1)</script>", "image/png", "图片须为 JPG 或 PNG"),
        (PNG, "image/gif", "图片须为 JPG 或 PNG"),
        (PNG + b"x" * 2 * 1024 * 1024, "image/png", "图片不能超过 2 MB"),
    ],
)
async def test_why_a_picture_is_not_taken_stands_beside_the_form(
    office: Office, data: bytes, kind: str, told: str
) -> None:
    talk = await taken(office, "你好")
    status, box = await send(office, talk, data, kind)
    assert status == 422
    assert told in words(box)
    assert '<img src="/media/' not in await opened(office, talk)


async def test_a_colleague_cannot_send_a_picture_here(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.hire("wang")
    status, box = await send(office, talk, PNG, "image/png", "wang")
    assert (status, "不在您手里" in box) == (409, True)
    assert '<img src="/media/' not in await opened(office, talk)


async def test_a_form_without_a_picture_is_refused(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.browser("li") as client:
        answer = await client.post(f"/desk/conversations/{talk.id}/pictures", data={"text": "x"}, headers=HTMX)
    assert answer.status_code == 422


@pytest.mark.wechat("5.40")
async def test_she_sees_that_somebody_writes(office: Office) -> None:
    talk = await taken(office, "你好")
    async with office.browser("li") as client:
        answer = await client.post(f"/desk/conversations/{talk.id}/typing")
    assert (answer.status_code, answer.content) == (204, b"")
    async with office.units() as uow:
        assert office.sender.typed_to == [(await uow.contacts.get(talk.contact_id)).openid]


async def test_only_while_the_conversation_is_hers_and_the_person_is_there(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.hire("wang")
    address = f"/desk/conversations/{talk.id}/typing"
    async with office.browser("wang") as client:
        assert (await client.post(address)).status_code == 404
    await office.change_contact(talk, following=False)
    async with office.browser("li") as client:
        assert (await client.post(address)).status_code == 204
    assert office.sender.typed_to == []
