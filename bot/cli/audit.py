"""`niangjia audit verify`: whether the audit trail is what was written."""

from __future__ import annotations

from datetime import datetime

from rich.console import Console

from bot.bootstrap import make_sealer
from bot.conversation.clock import HUNAN
from bot.settings import Settings
from bot.store.audit import Trail, walk
from bot.store.engine import create_engine


async def verify(settings: Settings, console: Console, seen: str) -> bool:
    """Walk the trail and print what was found; False if it is broken or `seen` is no longer in it."""
    engine = create_engine(settings.sql_url)
    try:
        return tell(await walk(engine, make_sealer(settings), seen), console)
    finally:
        await engine.dispose()


def tell(trail: Trail, console: Console) -> bool:
    """Print what a walk found; False if something is wrong."""
    for one in trail.broken:
        what = "没有校验值：被人去掉了" if one.bare else "或它前面被改过、删过"
        console.print(f"✗ 第 {one.position} 条（{_moment(one.at)}）{what}", highlight=False)
    if trail.emptied:
        console.print("✗ 审计记录是空的，可是已经有人能登录：记录被清空过", highlight=False)
    if not trail.passed:
        console.print("✗ 找不到上次记下的校验值：末尾的记录被删过，或者抄错了", highlight=False)
    if trail.broken or trail.emptied or not trail.passed:
        return False
    if trail.since is None:
        console.print("✓ 还没有审计记录，也还没有人能登录。", highlight=False)
        return True
    console.print(f"✓ 审计记录完整，共 {trail.entries} 条，从 {_moment(trail.since)} 起。", highlight=False)
    console.print("请把下面这行抄在别处，下次核对时写在 --seen 后面：", highlight=False)
    console.print(trail.end, highlight=False, soft_wrap=True)
    return True


def _moment(at: datetime) -> str:
    return f"{at.astimezone(HUNAN):%Y-%m-%d %H:%M:%S}"
