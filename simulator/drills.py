"""Drills over HTTP: which there are, start one, see how it goes, stop it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict

from simulator.drill import shipped_drills
from simulator.drilling import Coach, Drilling
from simulator.errors import BadScript

router = APIRouter(prefix="/drills")


class Chosen(BaseModel):
    """Which drill."""

    model_config = ConfigDict(extra="forbid")

    drill: str


async def coach_of(request: Request) -> Coach:
    """Who plays the drills of this application."""
    coach: Coach = request.app.state.coach
    return coach


Coaches = Annotated[Coach, Depends(coach_of)]


async def drilling_of(coach: Coaches, number: int) -> Drilling:
    """The drilling that the address names, or 404."""
    drilling = coach.find(number)
    if drilling is None:
        raise HTTPException(404, "no such drill")
    return drilling


Which = Annotated[Drilling, Depends(drilling_of)]


@router.get("")
async def listed() -> list[dict[str, str]]:
    """The drills there are."""
    return [{"drill": name, "title": drill.title, "about": drill.about} for name, drill in shipped_drills().items()]


@router.post("", status_code=201)
async def start(
    coach: Coaches, chosen: Chosen, request: Request, speed: Annotated[float, Query(gt=0, le=1000)] = 1.0
) -> dict[str, int]:
    """Play it on the account that is for drills; `speed` shortens her pauses."""
    drill = shipped_drills().get(chosen.drill)
    if drill is None:
        raise HTTPException(404, "no such drill")
    try:
        return {"id": coach.start(drill, str(request.base_url), speed)}
    except BadScript as error:
        raise HTTPException(409, str(error)) from error


@router.get("/{number}")
async def report(drilling: Which) -> dict[str, Any]:
    """How far it has come, and at its end what to look back on."""
    return drilling.as_json()


@router.delete("/{number}", status_code=204)
async def stop(coach: Coaches, number: int, drilling: Which) -> None:
    """Stop it; what has been sent goes its way."""
    await coach.stop(number)
