"""Messages that could not be handled, for supervisors and administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot.api.models import Input
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.ports import DeadLetter
from bot.turns.dead_letters import dead_letters, drop, revive
from bot.web.access import Caller

routes = APIRouter(prefix=f"{ROOT}/dead-letters", tags=["dead letters"], responses=problems(401, 403, 503))


class LetterView(BaseModel):
    """A message that could not be handled, without what she wrote."""

    key: str
    account_id: str
    kind: str = Field(description="kind of its content; `unreadable` if no key opens it")
    urgent: bool
    received_at: datetime
    buried_at: datetime
    reason: str = Field(description="a code: `unreadable`, or the kind of error")

    @staticmethod
    def of(letter: DeadLetter) -> LetterView:
        """The JSON of one dead letter."""
        return LetterView(**{name: getattr(letter, name) for name in LetterView.model_fields})


class LetterKeys(Input):
    """Which dead letters are meant."""

    keys: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(min_length=1, max_length=1000)


class Moved(BaseModel):
    """How many dead letters were moved; those that somebody else has just moved do not count."""

    moved: int


@routes.get("")
async def show_letters(visit: Caller, ports: Ports) -> list[LetterView]:
    """Those of the caller's scope, the oldest first."""
    visit.staff.check_may_oversee()
    return [LetterView.of(letter) for letter in await dead_letters(visit.staff.scope, ports.dead_letters)]


@routes.post("/retry", responses=problems(404, 422))
async def try_again(asked: LetterKeys, visit: Caller, ports: Ports) -> Moved:
    """Let these be taken once more; 404, and nothing changes, if one is not there."""
    visit.staff.check_may_oversee()
    return Moved(moved=await revive(asked.keys, visit.staff.id, visit.staff.scope, ports.dead_letters))


@routes.post("/drop", responses=problems(404, 422))
async def delete(asked: LetterKeys, visit: Caller, ports: Ports) -> Moved:
    """Delete these for good; 404, and nothing changes, if one is not there."""
    visit.staff.check_may_oversee()
    return Moved(moved=await drop(asked.keys, visit.staff.id, visit.staff.scope, ports.dead_letters))
