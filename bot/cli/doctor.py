"""`niangjia doctor`: looks at everything that must be right, and says what to do where it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
from redis.exceptions import RedisError
from rich.console import Console

from bot.bootstrap import DATA, LOOPBACK, connect_redis, rasa_url, read_accounts, read_knowledge, read_rules
from bot.cli.menu import read_menus
from bot.cli.train import has_model
from bot.conversation.errors import NiangjiaError
from bot.dialogue import RasaDialogue
from bot.processes import RASA_PYTHON
from bot.settings import Settings, SettingsError, load_settings
from bot.store.migrate import current, head


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `remedy` says what to do where it is not well."""

    name: str
    well: bool
    words: str
    remedy: str = ""


async def doctor(console: Console) -> bool:
    """Look at everything and print it; True if all is well."""
    try:
        settings = load_settings()
    except SettingsError as error:
        _print(console, Finding("设置", False, str(error), "在 .env 中填写，或先运行 make up 试用"))
        return False
    findings = [await look(settings) for look in _LOOKS]
    for finding in findings:
        _print(console, finding)
    return all(finding.well for finding in findings)


def _print(console: Console, finding: Finding) -> None:
    mark = "[green]✓[/]" if finding.well else "[red]✗[/]"
    console.print(f"{mark} {finding.name}：{finding.words}", highlight=False)
    if not finding.well and finding.remedy:
        console.print(f"    怎么办：{finding.remedy}", highlight=False)


async def _look_at_accounts(settings: Settings) -> Finding:
    try:
        accounts = read_accounts(settings)
    except (OSError, NiangjiaError) as error:
        return Finding("公众号", False, str(error), f"检查 {settings.accounts}")
    return Finding("公众号", True, "、".join(account.name for account in accounts.values()))


async def _look_at_content(settings: Settings) -> Finding:
    try:
        knowledge = read_knowledge()
        read_rules()
        read_menus((DATA / "menu.yml").read_text(encoding="utf-8"), read_accounts(settings), knowledge)
    except (OSError, NiangjiaError) as error:
        return Finding("答复、规则和菜单", False, str(error), "改正 data/ 里的这个文件")
    return Finding("答复、规则和菜单", True, f"{len(list(knowledge))} 篇答复，分级规则和菜单可用")


async def _look_at_sql(settings: Settings) -> Finding:
    try:
        stands, wanted = await asyncio.to_thread(current, settings.sql_url), head()
    except NiangjiaError as error:
        return Finding("数据库", False, str(error), "检查 NIANGJIA_DATABASE_URL 和数据库是否在运行")
    return Finding("数据库", stands == wanted, f"版本 {stands or '空'}", "运行 niangjia migrate")


async def _look_at_redis(settings: Settings) -> Finding:
    redis = connect_redis(settings)
    try:
        durable = {**await redis.config_get("appendonly"), **await redis.config_get("appendfsync")}
    except (RedisError, OSError) as error:
        return Finding("Redis", False, type(error).__name__, "运行 niangjia up，或检查 NIANGJIA_REDIS_URL")
    finally:
        await redis.aclose()
    safe = {"yes", b"yes"} & {*durable.values()} and {"always", b"always"} & {*durable.values()}
    return Finding(
        "Redis", bool(safe), "每条消息先落盘" if safe else "没有开启落盘", "设置 appendonly yes、appendfsync always"
    )


async def _look_at_model(settings: Settings) -> Finding:
    if not RASA_PYTHON.exists():
        return Finding("Rasa 环境", False, "没有安装", "运行 make install")
    return Finding("助手模型", has_model(), "已训练" if has_model() else "还没有模型", "运行 niangjia train")


async def _look_at_rasa(settings: Settings) -> Finding:
    dialogue = RasaDialogue.connect(rasa_url(settings))
    try:
        up = await dialogue.ready()
    finally:
        await dialogue.close()
    return Finding("智能助手", up, "在运行" if up else "没有运行", "运行 niangjia up；刚启动时约需半分钟")


def _look_at_site(name: str, port: Callable[[Settings], int]) -> Callable[[Settings], Awaitable[Finding]]:
    async def look(settings: Settings) -> Finding:
        try:
            async with httpx.AsyncClient(timeout=3, trust_env=False) as client:
                answer = await client.get(f"http://{LOOPBACK}:{port(settings)}/readyz")
        except httpx.HTTPError:
            return Finding(name, False, "没有运行", "运行 niangjia up")
        return Finding(name, answer.is_success, f"端口 {port(settings)}", "看 var/log 里的日志")

    return look


_LOOKS: tuple[Callable[[Settings], Awaitable[Finding]], ...] = (
    _look_at_accounts,
    _look_at_content,
    _look_at_sql,
    _look_at_redis,
    _look_at_model,
    _look_at_site("微信网关", lambda settings: settings.gateway_port),
    _look_at_site("消息处理", lambda settings: settings.worker_status_port),
    _look_at_site("坐席工作台", lambda settings: settings.desk_port),
    _look_at_site("材料页面", lambda settings: settings.pages_port),
    _look_at_rasa,
)
