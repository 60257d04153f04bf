"""What a test or a drill may change about the platform while it runs."""

from dataclasses import asdict, dataclass, field
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter


@dataclass
class Switches:
    """How the platform behaves; the defaults are what WeChat is known to do.

    deliveries: how often one push is tried in all; retry_after_s: seconds given to each try.
    fresh_nonce: each try has a new timestamp, nonce and signature; duplicate: each push comes twice at once.
    window_rule: `newest`, the latest event alone decides what may still be sent; `any`, every open one does.
    fail_sends: errcodes of the next customer-service sends, one each (0 lets one pass).
    slow_sends_s: seconds between showing a customer-service message and answering its sender.
    down: the API answers 503 to everything.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    deliveries: Annotated[int, Field(ge=1, le=10)] = 3
    retry_after_s: Annotated[float, Field(gt=0, le=60)] = 5.0
    fresh_nonce: bool = True
    duplicate: bool = False
    window_rule: Literal["newest", "any"] = "newest"
    fail_sends: list[int] = field(default_factory=list)
    slow_sends_s: Annotated[float, Field(ge=0, le=600)] = 0.0
    down: bool = False

    def change(self, changes: dict[str, Any]) -> None:
        """Set the switches named and leave the others; pydantic.ValidationError when one is wrong."""
        checked = _ADAPTER.validate_python({**asdict(self), **changes})
        for name in changes:
            setattr(self, name, getattr(checked, name))


_ADAPTER = TypeAdapter(Switches)
