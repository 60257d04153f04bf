"""`niangjia audit verify`: whether the audit trail is what was written."""

from __future__ import annotations

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
        at = one.at.astimezone(HUNAN)
        console.print(f"✗ 第 {one.position} 条（{at:%Y-%m-%d %H:%M:%S}）或它前面被改过、删过", highlight=False)
    if not trail.passed:
        console.print("✗ 找不到上次记下的校验值：末尾的记录被删过，或者抄错了", highlight=False)
    if trail.broken or not trail.passed:
        return False
    console.print(f"✓ 审计记录完整，共 {trail.entries} 条。", highlight=False)
    if trail.earlier and trail.begun_at:
        begun = f"{trail.begun_at.astimezone(HUNAN):%Y-%m-%d %H:%M:%S}"
        console.print(f"其中 {trail.earlier} 条写于启用校验之前，从 {begun} 起受保护。", highlight=False)
    elif trail.earlier:
        console.print("还没有启用校验：下一次写入起受保护。", highlight=False)
    if trail.end:
        console.print("请把下面这行抄在别处，下次核对时写在 --seen 后面：", highlight=False)
        console.print(trail.end, highlight=False, soft_wrap=True)
    return True
