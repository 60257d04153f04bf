"""Scripts over HTTP: start one, see how it goes, stop it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request

from simulator.errors import BadScript
from simulator.playing import Player, Playing
from simulator.script import read_script

router = APIRouter(prefix="/scripts")


async def player_of(request: Request) -> Player:
    """Who plays the scripts of this application."""
    player: Player = request.app.state.player
    return player


Plays = Annotated[Player, Depends(player_of)]


async def playing_of(player: Plays, number: int) -> Playing:
    """The playing that the address names, or 404."""
    playing = player.find(number)
    if playing is None:
        raise HTTPException(404, "no such script")
    return playing


@router.post("", status_code=201)
async def start(player: Plays, request: Request, speed: Annotated[float, Query(gt=0, le=1000)] = 1.0) -> dict[str, int]:
    """Play the script in the body (YAML); `speed` shortens its pauses."""
    try:
        script = read_script((await request.body()).decode())
        return {"id": player.start(script, str(request.base_url), speed)}
    except (UnicodeDecodeError, BadScript) as error:
        raise HTTPException(422, str(error)) from error


@router.get("/{number}")
async def report(playing: Annotated[Playing, Depends(playing_of)]) -> dict[str, Any]:
    """How far it has come: per person what was sent, answered, and shown as failed."""
    return playing.as_json()


@router.delete("/{number}", status_code=204)
async def stop(player: Plays, number: int, playing: Annotated[Playing, Depends(playing_of)]) -> None:
    """Stop it; what has been sent goes its way."""
    await player.stop(number)
