"""The official accounts that the platform serves, as `accounts.yml` lists them."""

from hashlib import sha1
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

Mode = Literal["plain", "compatible", "safe"]


class Account(BaseModel):
    """One official account; what only the gateway needs (`api_base`, the previous key) is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True)

    id: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    name: str = Field(min_length=1)
    region: str = ""
    app_id: str = Field(min_length=1)
    app_secret: str = Field(min_length=1, repr=False)
    token: str = Field(min_length=1, repr=False)
    encoding_aes_key: str = Field("", pattern=r"^([A-Za-z0-9]{43})?$", repr=False)
    mode: Mode = "safe"
    customer_service: bool = True
    drill: bool = False

    @model_validator(mode="after")
    def _check_key(self) -> Self:
        if self.mode != "plain" and not self.encoding_aes_key:
            raise ValueError(f"mode {self.mode} needs encoding_aes_key")
        return self

    @property
    def system_openid(self) -> str:
        """The sender of what the platform itself tells the account: no person of its own."""
        return "o" + sha1(f"system {self.app_id}".encode(), usedforsecurity=False).hexdigest()[:27]

    @property
    def original_id(self) -> str:
        """The `gh_` id that names the account in messages; the same at every start."""
        return "gh_" + sha1(self.app_id.encode(), usedforsecurity=False).hexdigest()[:12]


class AccountsFile(BaseModel):
    """The whole of `accounts.yml`."""

    model_config = ConfigDict(hide_input_in_errors=True)

    accounts: list[Account] = Field(min_length=1)


def read_accounts(path: Path) -> list[Account]:
    """The accounts listed in a file.

    Raises OSError when it cannot be read, yaml.YAMLError and pydantic.ValidationError when it is not as it
    should be; the latter names the fields and never their values.
    """
    return AccountsFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).accounts
