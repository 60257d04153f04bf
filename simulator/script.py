"""Scripts: what many people do and when, as YAML."""

from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from simulator.errors import BadScript
from simulator.gestures import Gesture
from simulator.messages import Message

SHIPPED = Path(__file__).parent / "scripts"
_MOST_PEOPLE = 5000

Seconds = Annotated[float, Field(ge=0)]
Span = Seconds | tuple[Seconds, Seconds]
"""Seconds, or two between which they are drawn."""


class Step(BaseModel):
    """One thing that a person does.

    say: words, or several of which one is drawn. send: any other message. do: an event. tap: the n-th item of the last
    menu message. wait_s: pause. reply_s: wait until the account has answered, so long at most.
    """

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    say: str | list[str] | None = Field(None, min_length=1)
    send: Message | None = None
    do: Gesture | None = None
    tap: Annotated[int, Field(ge=1)] | None = None
    wait_s: Span | None = None
    reply_s: Annotated[float, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError("a step says exactly one thing")
        return self


class Role(BaseModel):
    """One person, or `count` people alike, who begin at `start_s` and play their steps `repeat` times."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=30)
    account: str | None = None
    count: Annotated[int, Field(ge=1, le=_MOST_PEOPLE)] = 1
    start_s: Span = 0.0
    repeat: Annotated[int, Field(ge=1, le=10_000)] = 1
    steps: list[Step] = Field(min_length=1)


class Script(BaseModel):
    """A whole script; everything drawn in it comes from `seed`."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1)
    seed: int = 1
    people: list[Role] = Field(min_length=1)


def read_script(text: str) -> Script:
    """A script from YAML; BadScript tells where it is wrong."""
    try:
        data: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadScript(f"not YAML: {error}") from error
    try:
        script = Script.model_validate(data)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)
        lines = (f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in wrong)
        raise BadScript("; ".join(lines)) from error
    if sum(role.count for role in script.people) > _MOST_PEOPLE:
        raise BadScript(f"more than {_MOST_PEOPLE} people")
    return script
