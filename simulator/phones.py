"""The phones as a JSON API: for the phone page, for tests and for drills."""

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Header, HTTPException, Query, Request, UploadFile
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from simulator import contents, gestures, messages, sending
from simulator.cgi.gate import Here
from simulator.gestures import Gesture
from simulator.messages import Message
from simulator.people import Announcement, Person

router = APIRouter()


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewPhone(_Request):
    """Whose phone, on which account."""

    account: str
    name: str | None = Field(None, max_length=40)


class Traits(_Request):
    """What may change about a person; what is not named stays."""

    receives: bool | None = None
    blacklisted: bool | None = None
    protected: bool | None = None


class Session(_Request):
    """Which agent speaks with the person."""

    kf_account: str = ""


class Spoken(_Request):
    """What the agent says."""

    text: str = Field(min_length=1)


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
    session = here.agents.current(person)
    return {
        "openid": person.openid,
        "account": person.account.id,
        "name": person.name,
        "following": person.following,
        "receives": person.receives,
        "blacklisted": person.blacklisted,
        "protected": person.protected,
        "consents": +person.consents,
        "agent": None if session is None else session.kf_account,
        "windows": [
            {"scene": window.scene.label, "left": window.left, "closes_at": window.closes.isoformat()}
            for window in person.windows.live(here.clock.now())
        ],
    }


@router.patch("/phones/{openid}")
async def change(here: Here, person: Whose, traits: Traits) -> dict[str, Any]:
    """Change how the person stands with the account."""
    for name, value in traits.model_dump(exclude_none=True).items():
        setattr(person, name, value)
    return await phone(here, person)


@router.post("/phones/{openid}/messages", status_code=202)
async def say(here: Here, person: Whose, message: Message, request: Request) -> dict[str, Any]:
    """Send a message; answers with its MsgId before the account has."""
    return {"msg_id": str(messages.write(here, person, message, str(request.base_url)))}


@router.post("/phones/{openid}/media", status_code=201)
async def upload(
    here: Here,
    person: Whose,
    media: Annotated[UploadFile, Form()],
    type: Literal["image", "voice", "video"] = "image",
) -> dict[str, Any]:
    """Keep a picture, a voice recording or a video, to be sent by its id."""
    return {"media_id": here.media.add(person.account.id, type, await media.read()).id}


@router.post("/phones/{openid}/events", status_code=202)
async def act(here: Here, person: Whose, gesture: Gesture, request: Request) -> dict[str, Any]:
    """Follow, unfollow, tap the menu, scan and the like; answers with the simulator's number of the push."""
    return {"msg_id": str(gestures.act(here, person, gesture, str(request.base_url)))}


@router.put("/phones/{openid}/agent")
async def take(here: Here, person: Whose, session: Session) -> dict[str, str]:
    """An agent of the account's own desk takes the person: her messages are no longer pushed."""
    here.agents.take(person, session.kf_account)
    return {"agent": session.kf_account}


@router.delete("/phones/{openid}/agent", status_code=204)
async def release(here: Here, person: Whose) -> None:
    """The agent ends the session."""
    here.agents.close(person)


@router.post("/phones/{openid}/agent/messages", status_code=202)
async def speak(here: Here, person: Whose, spoken: Spoken) -> dict[str, Any]:
    """The agent writes to the person; 409 when there is no session."""
    if here.agents.current(person) is None:
        raise HTTPException(409, "no agent speaks with this person")
    here.agents.touch(person)
    return {"id": str(here.show(person, "account", contents.text(spoken.text), via="agent").id)}


@router.get("/phones/{openid}/chat")
async def chat(person: Whose) -> list[dict[str, Any]]:
    """All bubbles, the oldest first."""
    return [bubble.as_json() for bubble in person.chat]


@router.get("/phones/{openid}/events")
async def stream(
    here: Here,
    person: Whose,
    after: Annotated[int | None, Query()] = None,
    last_event_id: Annotated[int | None, Header()] = None,
) -> EventSourceResponse:
    """New bubbles as they come (event `bubble`), with `delivery`, `typing` and `follow` between them."""
    typing = sending.is_typing(here, person)
    return EventSourceResponse(_stream(person, after if last_event_id is None else last_event_id, typing), ping=15)


async def _stream(person: Person, after: int | None, typing: bool) -> AsyncIterator[ServerSentEvent]:
    queue = person.watch(after)
    try:
        if typing:
            yield _sse(Announcement("typing", {"on": True}))
        while (announcement := await queue.get()) is not None:
            yield _sse(announcement)
    finally:
        person.unwatch(queue)


def _sse(announcement: Announcement) -> ServerSentEvent:
    # Only bubbles carry an id: they alone are sent again to a page that was away.
    number = announcement.data["id"] if announcement.name == "bubble" else None
    data = json.dumps(announcement.data, ensure_ascii=False)
    return ServerSentEvent(data, event=announcement.name, id=number)
