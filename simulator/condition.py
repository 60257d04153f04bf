"""How an account stands with the platform: its kind, its list of addresses, and what it is in trouble for."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from simulator.accounts import Account

Kind = Literal["verified_service", "verified_subscription", "unverified_service", "unverified_subscription"]
Trouble = Literal["secret_frozen", "unconfirmed_ip", "token_forbidden", "limited", "frozen"]


class Condition(BaseModel):
    """What may change about an account; allowed_ips None is an account without an allow-list."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind = "verified_service"
    allowed_ips: list[str] | None = None
    trouble: Trouble | None = None

    def change(self, changes: dict[str, Any]) -> None:
        """Set what is named and leave the rest; pydantic.ValidationError when it is wrong."""
        checked = Condition.model_validate({**self.model_dump(), **changes})
        for name in changes:
            setattr(self, name, getattr(checked, name))


def condition_of(account: Account) -> Condition:
    """How an account of `accounts.yml` begins: one without customer-service messages is not verified."""
    return Condition(kind="verified_service" if account.customer_service else "unverified_subscription")
