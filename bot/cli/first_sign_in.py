"""The first member of staff, and adding more."""

from __future__ import annotations

import secrets

from bot.bootstrap import make_sealer
from bot.cli.users import Work
from bot.conversation.clock import SystemClock
from bot.conversation.errors import InvalidData
from bot.conversation.messages import new_id
from bot.conversation.staff import Role, Staff
from bot.settings import Settings
from bot.store.engine import create_engine
from bot.store.unit_of_work import SqlUnitOfWork
from bot.web.passwords import check_strength, hash_password

FIRST_USER = "admin"
_NOTE = "first-sign-in.txt"
ALL = Work()
"""Of all regions and accounts, as an administrator."""


async def first_sign_in(settings: Settings) -> str | None:
    """Make the first administrator if nobody can sign in; the words to print, as long as the note is kept."""
    note = settings.home / _NOTE
    password = secrets.token_urlsafe(9)
    if await _nobody(settings):
        await add_staff(settings, FIRST_USER, Role.ADMIN, password)
        note.touch(mode=0o600)
        note.write_text(f"{FIRST_USER} / {password}", encoding="utf-8")
    if not note.exists():
        return None
    return f"{note.read_text(encoding='utf-8')}（记在 {note}，记住后请删除该文件）"


async def add_staff(
    settings: Settings,
    username: str,
    role: Role,
    password: str,
    work: Work = ALL,
) -> None:
    """Add a member of staff; raises InvalidData for a weak password or an odd name, Conflict if it is taken."""
    check_strength(password)
    if not username.strip() or len(username) > 64:
        raise InvalidData("用户名须为 1 到 64 个字符")
    engine = create_engine(settings.sql_url)
    try:
        member = Staff(
            id=new_id(),
            username=username,
            display_name=username,
            role=role,
            password_hash=hash_password(password),
            created_at=SystemClock().now(),
        )
        work.give(member)
        async with SqlUnitOfWork(engine, make_sealer(settings)) as uow:
            await uow.staff.add(member)
            await uow.commit()
    finally:
        await engine.dispose()


async def _nobody(settings: Settings) -> bool:
    engine = create_engine(settings.sql_url)
    try:
        async with SqlUnitOfWork(engine, make_sealer(settings)) as uow:
            return not await uow.staff.all()
    finally:
        await engine.dispose()
