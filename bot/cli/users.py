"""`niangjia user`: looking after those who may sign in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.bootstrap import make_sealer
from bot.console.wording import ROLES, SKILLS
from bot.conversation.accounts import Accounts
from bot.conversation.clock import Clock, SystemClock
from bot.conversation.errors import Conflict, InvalidData, NotFound
from bot.conversation.handoffs import Skill
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Role, Staff
from bot.knowledge import Directory
from bot.settings import Settings
from bot.store.engine import create_engine
from bot.store.unit_of_work import SqlUnitOfWork
from bot.web.passwords import check_strength, hash_password
from bot.web.times import moment_words

BY = "command line"
"""Who did it, in the audit trail."""

MAX_USERNAME = 64
MAX_DISPLAY_NAME = 30


@dataclass(frozen=True, slots=True)
class UserPorts:
    """What the commands work with."""

    units: UnitsOfWork
    clock: Clock
    hash_password: Callable[[str], str]


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[UserPorts]:
    """What the commands work with, over the database of the settings."""
    sealer, engine = make_sealer(settings), create_engine(settings.sql_url)
    try:
        yield UserPorts(partial(SqlUnitOfWork, engine, sealer), SystemClock(), hash_password)
    finally:
        await engine.dispose()


async def list_users(ports: UserPorts, console: Console) -> None:
    """Print who may sign in, and how."""
    table = Table(
        "登录名", "姓名", "岗位", "地区", "公众号", "专长", "最多同时接", "能否登录", "两步验证", "添加于", box=None
    )
    async with ports.units(reading=True) as uow:
        for member in await uow.staff.all():
            factor = await uow.second_factors.of(member.id)
            table.add_row(
                escape(member.username),
                escape(member.display_name),
                ROLES[member.role],
                "、".join(sorted(member.scope.regions)) or "全部",
                escape("、".join(sorted(member.scope.accounts))) or "全部",
                "、".join(SKILLS[skill] for skill in Skill if skill in member.skills),
                str(member.chat_limit),
                "能" if member.active else "停用",
                "已开启" if factor and factor.confirmed else "没有",
                moment_words(member.created_at, ports.clock.now()),
            )
    console.print(table, highlight=False)


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody does and for whom, and her name as colleagues see it; None leaves what is.

    Empty regions or accounts are all.
    """

    skills: frozenset[Skill] | None = None
    max_chats: int | None = None
    regions: frozenset[str] | None = None
    accounts: frozenset[str] | None = None
    display_name: str | None = None

    def check(self, directory: Directory, accounts: Accounts) -> None:
        """Raise InvalidData for an odd name, or a place that there is not: nobody would see what lies there."""
        if self.display_name is not None and not 0 < len(self.display_name.strip()) <= MAX_DISPLAY_NAME:
            raise InvalidData(f"姓名须为 1 到 {MAX_DISPLAY_NAME} 个字")
        if strange := sorted(code for code in self.regions or () if code not in directory):
            raise InvalidData(f"没有这个地区代码：{'、'.join(strange)}（六位数字，见 data/regions.yml）")
        if strange := sorted(one for one in self.accounts or () if one not in accounts):
            raise InvalidData(f"accounts.yml 里没有这个公众号：{'、'.join(strange)}")

    def give(self, member: Staff) -> None:
        """Change what is not left."""
        scope = member.scope
        member.display_name = member.display_name if self.display_name is None else self.display_name.strip()
        member.skills = member.skills if self.skills is None else self.skills
        member.max_chats = member.max_chats if self.max_chats is None else self.max_chats
        member.scope = replace(
            scope,
            regions=scope.regions if self.regions is None else self.regions,
            accounts=scope.accounts if self.accounts is None else self.accounts,
        )


async def add_user(username: str, role: Role, password: str, work: Work, ports: UserPorts) -> None:
    """Let somebody sign in; raises InvalidData for a weak password or an odd name, Conflict if it is taken."""
    check_strength(password)
    if username != username.strip() or not 0 < len(username) <= MAX_USERNAME:
        raise InvalidData(f"登录名须为 1 到 {MAX_USERNAME} 个字符，前后没有空格")
    now = ports.clock.now()
    member = Staff(new_id(), username, username, role, ports.hash_password(password), now)
    work.give(member)
    async with ports.units() as uow:
        if await uow.staff.by_username(username) is not None:
            raise Conflict(f"登录名 {username} 已经有人用了（不分大小写）")
        await uow.staff.add(member)
        await _write_down(uow, "staff.add", member, ports)
        await uow.commit()


async def set_work(username: str, work: Work, ports: UserPorts) -> None:
    """Change what she does and for whom; raises NotFound."""
    async with ports.units() as uow:
        member = await _named(username, uow)
        work.give(member)
        await uow.staff.save(member)
        await _write_down(uow, "staff.change", member, ports)
        await uow.commit()


async def set_active(username: str, active: bool, ports: UserPorts) -> None:
    """Let her sign in, or bar her and end what she is signed in with; raises NotFound."""
    async with ports.units() as uow:
        member = await _named(username, uow)
        member.active = active
        await uow.staff.save(member)
        if not active:
            await uow.sessions.end_all(member.id)
        await _write_down(uow, "staff.enable" if active else "staff.disable", member, ports)
        await uow.commit()


async def set_password(username: str, password: str, ports: UserPorts) -> None:
    """Give her a new password and end what she is signed in with; raises NotFound, InvalidData if it is weak."""
    check_strength(password)
    async with ports.units() as uow:
        member = await _named(username, uow)
        member.password_hash = ports.hash_password(password)
        await uow.staff.save(member)
        await uow.sessions.end_all(member.id)
        await _write_down(uow, "password.reset", member, ports)
        await uow.commit()


async def reset_second_factor(username: str, ports: UserPorts) -> None:
    """Ask her for no code any more until she enrols anew, and end what she is signed in with; raises NotFound."""
    async with ports.units() as uow:
        member = await _named(username, uow)
        await uow.second_factors.end(member.id)
        await uow.sessions.end_all(member.id)
        await _write_down(uow, "second-factor.reset", member, ports)
        await uow.commit()


async def _named(username: str, uow: UnitOfWork) -> Staff:
    member = await uow.staff.by_username(username)
    if member is None:
        raise NotFound(f"没有叫 {username} 的人，见 niangjia user list")
    return await uow.staff.hold(member.id)  # her whole row is written: what she changes herself must not be lost


async def _write_down(uow: UnitOfWork, action: str, member: Staff, ports: UserPorts) -> None:
    await uow.audit.append(AuditEntry(new_id(), BY, action, member.id, ports.clock.now()))
