"""The phones as a JSON API: for the phone page, for tests and for drills."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Form, Header, HTTPException, Query, Request, UploadFile
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent

from simulator import contents, inbound
from simulator.cgi import Here
from simulator.contents import Content
from simulator.markup import Fields
from simulator.media import Media
from simulator.people import Announcement, Person
from simulator.platform import Platform

router = APIRouter()


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class NewPhone(_Request):
    """Whose phone, on which account."""

    account: str
    name: str | None = Field(None, max_length=40)


class TextMessage(_Request):
    """Words; `bizmsgmenuid` when an item of a menu message was tapped."""

    type: Literal["text"]
    text: str = Field(min_length=1)
    bizmsgmenuid: str | None = None


class MediaMessage(_Request):
    """A picture or a voice message, uploaded before."""

    type: Literal["image", "voice"]
    media_id: str


class LocationMessage(_Request):
    """A place, in degrees."""

    type: Literal["location"]
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    label: str = ""
    scale: int = 15


class Event(_Request):
    """What a person does other than writing; `key` is the menu key, the page's address or the QR scene."""

    type: Literal["subscribe", "unsubscribe", "click", "scan", "view"]
    key: str | None = Field(None, min_length=1)


Message = Annotated[TextMessage | MediaMessage | LocationMessage, Field(discriminator="type")]


async def person_of(here: Here, openid: str) -> Person:
    """The person whose phone the address names, or 404."""
    person = here.people.get(openid)
    if person is None:
        raise HTTPException(404, "no such phone")
    return person


Whose = Annotated[Person, Depends(person_of)]


@router.post("/phones", status_code=201)
async def join(here: Here, new: NewPhone) -> dict[str, Any]:
    """A phone of somebody who has followed the account for long."""
    account = here.accounts.get(new.account)
    if account is None:
        raise HTTPException(404, "no such account")
    return {"openid": here.join(account, new.name).openid}


@router.get("/phones/{openid}")
async def phone(here: Here, person: Whose) -> dict[str, Any]:
    """Who it is, and what the account may still send her."""
    live = person.windows.live(here.clock.now())
    return {
        "openid": person.openid,
        "account": person.account.id,
        "name": person.name,
        "following": person.following,
        "windows": [
            {"scene": window.scene.label, "left": window.left, "closes_at": window.closes.isoformat()}
            for window in live
        ],
    }


@router.post("/phones/{openid}/messages", status_code=202)
async def say(here: Here, person: Whose, message: Message, request: Request) -> dict[str, Any]:
    """Send a message; answers with its MsgId before the account has."""
    fields, content = _written(here, person, message, str(request.base_url))
    return {"msg_id": str(here.say(person, fields, content))}


@router.post("/phones/{openid}/media", status_code=201)
async def upload(
    here: Here,
    person: Whose,
    media: Annotated[UploadFile, Form()],
    type: Literal["image", "voice"] = "image",
) -> dict[str, Any]:
    """Keep a picture or a voice recording, to be sent by its id."""
    return {"media_id": here.media.add(person.account.id, type, await media.read()).id}


@router.post("/phones/{openid}/events", status_code=202)
async def act(here: Here, person: Whose, event: Event) -> dict[str, Any]:
    """Follow, unfollow, tap the menu or scan; answers with the simulator's number of the push."""
    if event.key is None and event.type in ("click", "scan", "view"):
        raise HTTPException(422, "key is missing")
    return {"msg_id": str(_act(here, person, event.type, event.key or ""))}


@router.get("/phones/{openid}/chat")
async def chat(person: Whose) -> list[dict[str, Any]]:
    """All bubbles, the oldest first."""
    return [bubble.as_json() for bubble in person.chat]


@router.get("/phones/{openid}/events")
async def events(
    person: Whose,
    after: Annotated[int | None, Query()] = None,
    last_event_id: Annotated[int | None, Header()] = None,
) -> EventSourceResponse:
    """New bubbles as they come (event `bubble`), with `delivery`, `typing` and `follow` between them."""
    return EventSourceResponse(_stream(person, after if last_event_id is None else last_event_id), ping=15)


@router.get("/switches")
async def switches(here: Here) -> dict[str, Any]:
    """How the platform behaves now."""
    return dict(vars(here.switches))


@router.put("/switches")
async def change(here: Here, changes: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Set the switches named, leave the others."""
    try:
        here.switches.change(changes)
    except ValidationError as error:
        raise HTTPException(422, error.errors(include_url=False, include_input=False)) from error
    return dict(vars(here.switches))


@router.post("/accounts/{account_id}/verification")
async def verify(here: Here, account_id: str) -> dict[str, bool]:
    """Verify the gateway's address, as saving the server settings does."""
    account = here.accounts.get(account_id)
    if account is None:
        raise HTTPException(404, "no such account")
    return {"verified": await here.pusher.verify(account)}


async def _stream(person: Person, after: int | None) -> AsyncIterator[ServerSentEvent]:
    queue = person.watch(after)
    try:
        while True:
            yield _sse(await queue.get())
    finally:
        person.unwatch(queue)


def _sse(announcement: Announcement) -> ServerSentEvent:
    # Only bubbles carry an id: they alone are sent again to a page that was away.
    number = announcement.data["id"] if announcement.name == "bubble" else None
    data = json.dumps(announcement.data, ensure_ascii=False)
    return ServerSentEvent(data, event=announcement.name, id=number)


def _written(
    here: Platform, person: Person, message: TextMessage | MediaMessage | LocationMessage, base_url: str
) -> tuple[Fields, Content]:
    match message:
        case TextMessage():
            return inbound.text(message.text, message.bizmsgmenuid), contents.text(message.text)
        case MediaMessage():
            media: Media = here.media.get(person.account.id, message.media_id)
            if message.type == "voice":
                return inbound.voice(media.id), contents.voice(media.id)
            return inbound.image(media.id, f"{base_url}files/{media.id}"), contents.image(media.id)
        case LocationMessage():
            place, label = (message.latitude, message.longitude), message.label
            return inbound.location(*place, message.scale, label), contents.location(*place, label)


def _act(here: Platform, person: Person, kind: str, key: str) -> int:
    match kind:
        case "subscribe":
            return here.follow(person)
        case "unsubscribe":
            return here.unfollow(person)
        case "click":
            return here.click(person, key)
        case "scan":
            return here.scan(person, key)
        case _:
            return here.view(person, key)
