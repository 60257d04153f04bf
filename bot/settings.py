"""Everything that can be set, from the environment, `.env`, and the secrets that a trial made for itself."""

from __future__ import annotations

import os
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path
from tempfile import gettempdir

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

TRIAL_FILE = "trial.env"
"""In the home folder: what `niangjia up` made up for a trial; real settings override it."""

_MAX_SOCKET_PATH = 107
_MIN_SECRET = 32
_PLACEHOLDERS = ("changeme", "change-me", "changethis", "secret", "example", "password")


class Settings(BaseSettings):
    """The settings; each is NIANGJIA_<NAME> in the environment."""

    model_config = SettingsConfigDict(env_prefix="NIANGJIA_", extra="ignore")

    home: Path = Field(default=Path("var"), description="folder for data, logs and sockets")
    database_url: str | None = Field(default=None, description="SQL address; unset: SQLite in the home folder")
    redis_url: str | None = Field(default=None, description="Redis address; unset: a Redis of our own, embedded")
    accounts: Path = Field(default=Path("accounts.yml"), description="the WeChat official accounts")
    gateway_port: int = Field(default=8080, description="where WeChat posts to")
    desk_port: int = Field(default=8081, description="the operators' console")
    simulator_port: int = Field(default=8082, description="the trial phone and platform")
    pages_port: int = Field(default=8083, description="the pages of guided help, opened by one-time links")
    pages_url: str | None = Field(
        default=None, description="where people's phones reach the pages; unset: this machine, for a trial"
    )
    desk_url: str | None = Field(
        default=None, description="where staff reach the desk, in alerts to their groups; unset: this machine"
    )
    gateway_status_port: int = Field(default=8090, description="loopback only: metrics of the gateway")
    worker_status_port: int = Field(default=8091, description="loopback only: health and metrics of the worker")
    rasa_port: int = Field(default=5005, description="loopback only: the assistant")
    actions_port: int = Field(default=5055, description="loopback only: the assistant's actions")
    gateway_host: str = Field(default="0.0.0.0", description="address that the gateway listens on")
    desk_host: str = Field(default="127.0.0.1", description="address that the desk listens on")
    pages_host: str = Field(default="127.0.0.1", description="address that the pages listen on")
    proxies: str = Field(
        default="127.0.0.1,::1",
        description="proxies before desk and pages, by address or network; what they say of who asks is believed",
    )
    fresh_s: int = Field(
        default=300, ge=10, le=1800, description="how old a request of WeChat may be, in seconds, by our clock"
    )
    transcriber_url: str | None = Field(
        default=None, description="speech to text, such as http://127.0.0.1:9000/v1; unset: voices are only kept"
    )
    transcriber_model: str = Field(default="paraformer-zh", description="the model that the service is asked for")
    transcriber_key: SecretStr | None = Field(default=None, description="the service's bearer token, if it wants one")
    secret_key: SecretStr = Field(description="names people without their OpenID; 32 random characters, never changed")
    encryption_keys: SecretStr = Field(description="Fernet keys separated by commas; the first encrypts, all decrypt")

    @field_validator("secret_key")
    @classmethod
    def _strong(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if len(secret) < _MIN_SECRET or any(word in secret.lower() for word in _PLACEHOLDERS):
            raise ValueError(f"needs at least {_MIN_SECRET} random characters")
        return value

    @field_validator("encryption_keys")
    @classmethod
    def _fernet(cls, value: SecretStr) -> SecretStr:
        keys = [key.strip() for key in value.get_secret_value().split(",")]
        for key in keys:
            try:
                Fernet(key)
            except ValueError:
                raise ValueError("each key must be a Fernet key (32 random bytes, base64)") from None
        return value

    @field_validator("proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        for one in value.split(","):
            try:
                everybody = ip_network(one.strip()).prefixlen == 0
            except ValueError:
                raise ValueError("each must be an address or a network, such as 10.0.0.5,172.18.0.0/16") from None
            if everybody:
                raise ValueError("a network of all addresses would let anybody say where she comes from")
        return value

    @property
    def proxy_list(self) -> list[str]:
        """The proxies that are believed."""
        return [one.strip() for one in self.proxies.split(",")]

    @property
    def sql_url(self) -> str:
        """The database's address, defaults applied."""
        return self.database_url or f"sqlite:///{self.home.resolve() / 'niangjia.db'}"

    @property
    def pages_address(self) -> str:
        """Where phones reach the pages, defaults applied, without a slash at the end."""
        return (self.pages_url or f"http://127.0.0.1:{self.pages_port}").rstrip("/")

    @property
    def desk_address(self) -> str:
        """Where staff reach the desk, defaults applied, without a slash at the end."""
        return (self.desk_url or f"http://127.0.0.1:{self.desk_port}").rstrip("/")

    @property
    def redis_address(self) -> str:
        """Redis's address, defaults applied."""
        return self.redis_url or f"unix://{redis_socket(self.home)}"

    @property
    def encryption_key_list(self) -> list[str]:
        """The Fernet keys, the newest first."""
        return [key.strip() for key in self.encryption_keys.get_secret_value().split(",")]


def redis_socket(home: Path) -> Path:
    """Where the embedded Redis listens: a socket that only this user may open.

    A socket's path may have 107 bytes; a home folder deeper than that gets a name of its own in the temporary folder.
    """
    socket = home.resolve() / "redis.sock"
    if len(str(socket).encode()) <= _MAX_SOCKET_PATH:
        return socket
    return Path(gettempdir()) / f"niangjia-{sha256(str(socket).encode()).hexdigest()[:16]}.sock"


def load_settings() -> Settings:
    """Read the settings; raises SettingsError with a line for each thing that is wrong."""
    home = Path(os.environ.get("NIANGJIA_HOME", "var"))
    try:
        return Settings(_env_file=(home / TRIAL_FILE, ".env"))
    except ValidationError as error:
        raise SettingsError(error) from None


class SettingsError(Exception):
    """The settings are incomplete or wrong; the text names each one, never its value."""

    def __init__(self, error: ValidationError) -> None:
        lines = [
            f"NIANGJIA_{'_'.join(str(part) for part in row['loc']).upper()}："
            f"{'没有填' if row['type'] == 'missing' else row['msg']}"
            for row in error.errors(include_input=False, include_url=False)
        ]
        super().__init__("\n".join(lines))
