"""What drills and harnesses steer and read: switches, accounts, counts and the ledger."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, HTTPException, Request
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from simulator import events, markup
from simulator.accounts import Account
from simulator.cgi.gate import Here
from simulator.errors import BadReply
from simulator.people import Person

router = APIRouter()

Changes = Annotated[dict[str, Any], Body()]


async def account_of(here: Here, account_id: str) -> Account:
    """The account that the address names, or 404."""
    account = here.accounts.get(account_id)
    if account is None:
        raise HTTPException(404, "no such account")
    return account


Which = Annotated[Account, Depends(account_of)]


@router.get("/switches")
async def switches(here: Here) -> dict[str, Any]:
    """How the platform behaves now."""
    return here.switches.model_dump()


@router.put("/switches")
async def change(here: Here, changes: Changes) -> dict[str, Any]:
    """Set the switches named, leave the others."""
    try:
        here.change(changes)
    except ValidationError as error:
        raise _wrong(error) from error
    return here.switches.model_dump()


@router.get("/accounts/{account_id}/condition")
async def condition(here: Here, account: Which) -> dict[str, Any]:
    """How the account stands with the platform."""
    return here.conditions[account.id].model_dump()


@router.put("/accounts/{account_id}/condition")
async def change_condition(here: Here, account: Which, changes: Changes) -> dict[str, Any]:
    """Set what is named: the account's kind, its list of addresses, its trouble."""
    try:
        here.conditions[account.id].change(changes)
    except ValidationError as error:
        raise _wrong(error) from error
    return here.conditions[account.id].model_dump()


@router.post("/accounts/{account_id}/verification")
async def verify(here: Here, account: Which) -> dict[str, bool]:
    """Verify the gateway's address, as saving the server settings does."""
    return {"verified": await here.pusher.verify(account)}


@router.post("/accounts/{account_id}/events", status_code=202)
async def tell(here: Here, account: Which, event: Changes) -> dict[str, str]:
    """Push an event about the account itself: `Event` and its own fields."""
    name = event.pop("Event", None)
    if not isinstance(name, str) or not all(isinstance(value, str | int) for value in event.values()):
        raise HTTPException(422, "needs Event, and fields that are words or numbers")
    return {"msg_id": str(here.tell(account, events.event(name, **event)))}


@router.post("/accounts/{account_id}/raw", status_code=202)
async def push_raw(here: Here, account: Which, request: Request, openid: str | None = None) -> dict[str, str]:
    """Push the body as it stands, signed and sealed: for what no phone can send."""
    try:
        document = (await request.body()).decode()
    except UnicodeDecodeError as error:
        raise HTTPException(422, "not UTF-8") from error
    return {"msg_id": str(here.push(account, document, _sender(document) if openid is None else openid).number)}


@router.get("/counts")
async def counts(here: Here) -> JSONResponse:
    """Running totals, and of each phone what it has sent, what of that is on its way, and how many bubbles it shows."""
    phones = {
        person.openid: {"sent": person.sequence, "open": person.open, "bubbles": person.shown}
        for person in here.people.values()
    }
    return JSONResponse({**here.counts.as_json(), "pending": here.pending, "phones": phones})


@router.get("/ledger")
async def ledger(here: Here, openid: str | None = None) -> JSONResponse:
    """All that was sent and shown, for each phone or for one."""
    if openid is not None and openid not in here.people:
        raise HTTPException(404, "no such phone")
    people = here.people.values() if openid is None else [here.people[openid]]
    return JSONResponse({"pending": here.pending, "phones": {person.openid: _account_for(person) for person in people}})


def _account_for(person: Person) -> dict[str, Any]:
    bubbles = [
        {
            "id": str(bubble.id),
            "from": bubble.sender,
            "type": bubble.content.type,
            "text": bubble.content.text,
            "via": bubble.via,
            "reply_to": None if bubble.reply_to is None else str(bubble.reply_to),
            "at": bubble.at.isoformat(),
            "acknowledged": bubble.acknowledged,
        }
        for bubble in person.chat
        if bubble.sender != "me"
    ]
    return {
        "account": person.account.id,
        "name": person.name,
        "sent": [entry.as_json() for entry in person.ledger],
        "bubbles": bubbles,
        "dropped": person.sequence - len(person.ledger) + person.shown - len(person.chat),
    }


def _sender(document: str) -> str:
    try:
        return markup.read(document.encode()).findtext("FromUserName") or ""
    except BadReply:
        return ""


def _wrong(error: ValidationError) -> HTTPException:
    return HTTPException(422, error.errors(include_url=False, include_input=False, include_context=False))
