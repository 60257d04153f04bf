"""What a test or a drill may change about the platform while it runs."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0, le=1)]
SEND = "message/custom/send"


class Fault(BaseModel):
    """How the next calls of one API path go wrong: exactly one of errcode, status, delay_s and drop.

    path: under `/cgi-bin/`, or `*` for all; times: None for as long as the switch stands.
    taken: the call is carried out first, so that only its answer is spoiled or late.
    """

    model_config = ConfigDict(extra="forbid")

    path: str = Field(min_length=1)
    errcode: int | None = None
    status: Annotated[int, Field(ge=400, le=599)] | None = None
    delay_s: Annotated[float, Field(gt=0, le=600)] | None = None
    drop: Literal["hang", "close"] | None = None
    times: Annotated[int, Field(ge=1)] | None = 1
    taken: bool = False

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if sum(kind is not None for kind in (self.errcode, self.status, self.delay_s, self.drop)) != 1:
            raise ValueError("needs exactly one of errcode, status, delay_s, drop")
        return self


class Switches(BaseModel):
    """How the platform behaves; the defaults are what WeChat is known to do. `docs/simulator.md` explains each."""

    model_config = ConfigDict(extra="forbid")

    # Pushes
    deliveries: Annotated[int, Field(ge=1, le=10)] = 3
    retry_after_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    fresh_nonce: bool = True
    prompt_on_events: bool = True
    markfail_after: Annotated[int, Field(ge=0)] = 0
    markfail_pause_s: Annotated[float, Field(gt=0)] = 60.0
    # Disorder on the way to the gateway
    seed: int = 1
    duplicate: Share = 0.0
    delay: Share = 0.0
    delay_s: Annotated[float, Field(ge=0, le=600)] = 3.0
    reorder: Share = 0.0
    reorder_wait_s: Annotated[float, Field(gt=0, le=60)] = 2.0
    # What may be sent
    window_rule: Literal["newest", "any"] = "newest"
    window_count: Literal["reset", "add"] = "reset"
    passive_counts: bool = False
    text_limit_bytes: Literal[2047, 2048] = 2048
    long_passive: Literal["fail", "cut"] = "fail"
    image_limit_mb: Literal[2, 10] = 10
    refuse_msgmenu: bool = False
    refuse_typing: bool = False
    # What phones send
    recognition: Literal["absent", "empty", "filled"] = "absent"
    agents: Literal["online", "queueing"] = "online"
    # Calls
    ip_list_scope: Literal["token", "all"] = "token"
    ip_list_errcode: Literal[40164, 61004] = 40164
    daily_quotas: dict[str, Annotated[int, Field(ge=0)]] = {}
    minute_quotas: dict[str, Annotated[int, Field(ge=0)]] = {}
    fail_calls: list[Fault] = []
    fail_sends: list[int] = []
    slow_sends_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    down: bool = False

    def change(self, changes: dict[str, Any]) -> None:
        """Set the switches named and leave the others; pydantic.ValidationError when one is wrong."""
        checked = Switches.model_validate({**self.model_dump(), **changes})
        for name in changes:
            setattr(self, name, getattr(checked, name))

    def take_fault(self, path: str) -> Fault | None:
        """How this call goes wrong, if it does; what is counted is one fewer from now on."""
        if path == SEND and self.fail_sends:
            errcode = self.fail_sends.pop(0)
            return Fault(path=SEND, errcode=errcode) if errcode else None
        for fault in self.fail_calls:
            if fault.path in (path, "*"):
                if fault.times is not None:
                    fault.times -= 1
                    self.fail_calls = [each for each in self.fail_calls if each.times != 0]
                return fault
        return None
