"""The first member of staff, made up for a trial or the first day of real use."""

from __future__ import annotations

import secrets

from bot.cli.users import Work, add_user, opened
from bot.conversation.staff import Role
from bot.settings import Settings

FIRST_USER = "admin"
_NOTE = "first-sign-in.txt"
_BYTES = 9
"""Of randomness in the first password: twelve characters, which a person types once."""


async def first_sign_in(settings: Settings) -> str | None:
    """Make the first administrator if nobody can sign in; the words to print, as long as the note is kept."""
    note = settings.home / _NOTE
    async with opened(settings) as ports:
        async with ports.units(reading=True) as uow:
            nobody = not await uow.staff.all()
        if nobody:
            password = secrets.token_urlsafe(_BYTES)
            note.touch(mode=0o600)  # first: a password that nobody knows would lock everybody out
            note.write_text(f"{FIRST_USER} / {password}", encoding="utf-8")
            await add_user(FIRST_USER, Role.ADMIN, password, Work(), ports)
    if not note.exists():
        return None
    return f"{note.read_text(encoding='utf-8')}（记在 {note}，记住后请删除该文件）"
