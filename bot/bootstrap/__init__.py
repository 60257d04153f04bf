"""The composition root: from settings to running processes; the only place that knows every room.

One module a process, so that each imports only what it needs: the gateway must start in under two seconds.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from starlette.applications import Starlette
from starlette.routing import Route

from bot.conversation.accounts import Accounts
from bot.conversation.canned import CannedReply
from bot.gateway.accounts import parse_accounts
from bot.knowledge import Directory, KnowledgeBase, parse_canned
from bot.serving import Site
from bot.settings import Settings
from bot.store.encryption import FernetSealer
from bot.triage import Rules, load_rules

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from bot.speech import HttpTranscriber

LOOPBACK = "127.0.0.1"
DATA = Path("data")


def configure_logging() -> None:
    """One line an event, key=value, on standard output; libraries speak only of trouble."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def read_knowledge(data: Path = DATA) -> KnowledgeBase:
    """The vetted articles and the directory; raises InvalidData."""
    root = data / "knowledge"
    texts = {
        path.relative_to(root).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(root.glob("*/*.md"))
    }
    return KnowledgeBase.parse(texts, (data / "regions.yml").read_text(encoding="utf-8"))


def read_directory(data: Path = DATA) -> Directory:
    """The regions and their offices; raises InvalidData."""
    return Directory.parse((data / "regions.yml").read_text(encoding="utf-8"))


def read_canned(data: Path = DATA) -> tuple[CannedReply, ...]:
    """The canned replies that come with the system; raises InvalidData."""
    return parse_canned((data / "canned_replies.yml").read_text(encoding="utf-8"))


def read_rules(data: Path = DATA) -> Rules:
    """Triage as it judges: its rules, the spellings that they see through, and the model; raises InvalidData."""
    return load_rules(*_rule_texts(data), (data / "triage" / "model.json").read_text(encoding="utf-8"))


def read_bare_rules(data: Path = DATA) -> Rules:
    """Triage without its model, which is learnt beside these rules; raises InvalidData."""
    return load_rules(*_rule_texts(data))


def _rule_texts(data: Path) -> tuple[str, str]:
    rules, spelling = ((data / name).read_text(encoding="utf-8") for name in ("triage/rules.toml", "spelling.toml"))
    return rules, spelling


def read_accounts(settings: Settings) -> Accounts:
    """The official accounts; raises InvalidData."""
    return parse_accounts(settings.accounts.read_text(encoding="utf-8"))


def make_sealer(settings: Settings) -> FernetSealer:
    """The keys of what is stored."""
    return FernetSealer(settings.encryption_key_list, settings.secret_key.get_secret_value())


def make_transcriber(settings: Settings) -> HttpTranscriber | None:
    """The speech-to-text service, if one is configured."""
    if settings.transcriber_url is None:
        return None
    from bot.speech import HttpTranscriber  # only the worker listens

    key = settings.transcriber_key.get_secret_value() if settings.transcriber_key else None
    return HttpTranscriber(settings.transcriber_url, settings.transcriber_model, key)


def connect_redis(settings: Settings) -> Redis:
    """A client of Redis that does not decode; when all its connections are busy a call waits, and then fails."""
    pool = BlockingConnectionPool.from_url(
        settings.redis_address, socket_connect_timeout=2, max_connections=256, timeout=2
    )
    return Redis.from_pool(pool)


def rasa_url(settings: Settings) -> str:
    """Where the assistant listens."""
    return f"http://{LOOPBACK}:{settings.rasa_port}"


def status_site(routes: list[Route], port: int) -> Site:
    """Pages for this machine only."""
    return Site(Starlette(routes=routes), LOOPBACK, port)


async def redis_up(redis: Redis) -> bool:
    """Whether Redis answers."""
    return bool(await redis.ping())


async def sql_up(engine: AsyncEngine) -> bool:
    """Whether the database answers and its schema is ours; raises StoreUnavailable."""
    from bot.store.migrate import check_current  # the gateway has no SQL and must not import it

    await check_current(engine)
    return True
