"""Drills: what one made-up woman writes, turn by turn, for an operator to practise on."""

from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from simulator.errors import BadScript
from simulator.messages import Message

SHIPPED = Path(__file__).parents[1] / "data" / "drills"

Line = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True, frozen=True)


class Turn(_Part):
    """What she writes before she waits for an answer, and what a good operator does now."""

    say: list[Line | Message] = Field(min_length=1)
    hint: str = Field(min_length=1)


class Drill(_Part):
    """A whole drill; `about` says what is practised, `checks` is what to look back on at its end."""

    title: str = Field(min_length=1, max_length=30)
    about: str = Field(min_length=1)
    turns: list[Turn] = Field(min_length=1)
    checks: list[Line] = Field(min_length=1)


def read_drill(text: str) -> Drill:
    """A drill from YAML; BadScript tells where it is wrong."""
    try:
        return Drill.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise BadScript(f"not YAML: {error}") from error
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)
        lines = (f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in wrong)
        raise BadScript("; ".join(lines)) from error


def shipped_drills(folder: Path = SHIPPED) -> dict[str, Drill]:
    """The drills of a folder, by the names of their files. OSError, BadScript."""
    return {path.stem: read_drill(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yml"))}
