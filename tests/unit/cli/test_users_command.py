"""`niangjia user`: who is listed, barred, let in, and given a new beginning; and that it is written down."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from bot.bootstrap import read_directory
from bot.cli.users import UserPorts, Work, add_user, list_users, reset_second_factor, set_active, set_password, set_work
from bot.conversation.errors import Conflict, InvalidData, NotFound
from bot.conversation.handoffs import Skill
from bot.conversation.messages import new_id
from bot.conversation.staff import AuditEntry, Role, Scope, SecondFactor, Session, Staff
from tests.doubles.clock import SettableClock
from tests.doubles.memory_store import MemoryUnits
from tests.doubles.office import an_account


class Machine:
    """Two members of staff who are signed in; li has a second factor."""

    def __init__(self) -> None:
        self.store, self.clock = MemoryUnits(), SettableClock()
        self.ports = UserPorts(self.store, self.clock, lambda password: f"hash of {password}")

    async def hire(self, username: str) -> Staff:
        now = self.clock.now()
        member = Staff(new_id(), username, "李晓梅", Role.OPERATOR, "old hash", now)
        async with self.store() as uow:
            await uow.staff.add(member)
            await uow.sessions.add(Session(f"digest of {username}", member.id, "csrf", now, now))
            await uow.second_factors.save(SecondFactor(member.id, "SECRET", now, confirmed=username == "li"))
            await uow.commit()
        return member

    @property
    def signed_in(self) -> list[str]:
        return [session.token_digest for session in self.store.kept(Session)]

    @property
    def written(self) -> list[tuple[str, str, str]]:
        return [(one.staff_id, one.action, one.target) for one in self.store.kept(AuditEntry)]


@pytest.fixture
async def machine() -> Machine:
    one = Machine()
    await one.hire("li")
    await one.hire("wang")
    return one


def member_of(machine: Machine, username: str = "li") -> Staff:
    return next(one for one in machine.store.kept(Staff) if one.username == username)


async def test_all_who_may_sign_in_are_listed(machine: Machine) -> None:
    await set_active("wang", False, machine.ports)
    paper = StringIO()
    await list_users(machine.ports, Console(file=paper, width=120))
    _, li, wang = paper.getvalue().splitlines()
    assert ("接线员" in li, "已开启" in li, "停用" in li) == (True, True, False)
    assert ("停用" in wang, "没有" in wang) == (True, True)
    assert "hash" not in paper.getvalue()


async def test_who_is_barred_is_signed_out_everywhere(machine: Machine) -> None:
    await set_active("LI", False, machine.ports)
    assert not member_of(machine).active
    assert machine.signed_in == ["digest of wang"]
    await set_active("li", True, machine.ports)
    assert member_of(machine).active
    target = member_of(machine).id
    assert machine.written == [
        ("command line", "staff.disable", target),
        ("command line", "staff.enable", target),
    ]


async def test_a_new_password_ends_what_the_old_one_opened(machine: Machine) -> None:
    with pytest.raises(InvalidData):
        await set_password("li", "short", machine.ports)
    assert machine.written == []
    await set_password("li", "long enough password", machine.ports)
    assert member_of(machine).password_hash == "hash of long enough password"
    assert member_of(machine, "wang").password_hash == "old hash"
    assert machine.signed_in == ["digest of wang"]
    assert machine.written == [("command line", "password.reset", member_of(machine).id)]


async def test_a_lost_phone_is_forgotten(machine: Machine) -> None:
    await reset_second_factor("li", machine.ports)
    assert [one.staff_id for one in machine.store.kept(SecondFactor)] == [member_of(machine, "wang").id]
    assert machine.signed_in == ["digest of wang"]
    assert machine.written == [("command line", "second-factor.reset", member_of(machine).id)]


async def test_an_unknown_name_changes_nothing(machine: Machine) -> None:
    for work in (set_active("zhou", False, machine.ports), reset_second_factor("zhou", machine.ports)):
        with pytest.raises(NotFound, match="user list"):
            await work
    assert machine.written == []


async def test_skills_and_limit_are_changed_each_by_itself(machine: Machine) -> None:
    await set_work("li", Work(frozenset({Skill.LAW, Skill.COUNSELLING}), 4), machine.ports)
    await set_work("LI", Work(max_chats=0), machine.ports)
    assert (member_of(machine).skills, member_of(machine).max_chats) == ({Skill.LAW, Skill.COUNSELLING}, 0)
    await set_work("li", Work(skills=frozenset()), machine.ports)
    assert (member_of(machine).skills, member_of(machine).max_chats) == (frozenset(), 0)
    assert [action for _, action, _ in machine.written] == ["staff.change"] * 3
    with pytest.raises(NotFound):
        await set_work("nobody", Work(max_chats=3), machine.ports)


async def test_skills_and_limit_are_listed(machine: Machine) -> None:
    await set_work("li", Work(frozenset({Skill.LAW, Skill.COUNSELLING}), 4), machine.ports)
    paper = StringIO()
    await list_users(machine.ports, Console(file=paper, width=120))
    _, li, wang = paper.getvalue().splitlines()
    assert "法律、心理咨询" in li
    assert (" 4 " in li, " 10 " in wang) == (True, True)


async def test_regions_and_accounts_are_set_listed_and_given_up_again(machine: Machine) -> None:
    await set_work("li", Work(regions=frozenset({"430100"}), accounts=frozenset({"hunan"})), machine.ports)
    await set_work("li", Work(max_chats=3), machine.ports)
    assert member_of(machine).scope == Scope(frozenset({"hunan"}), frozenset({"430100"}))
    paper = StringIO()
    await list_users(machine.ports, Console(file=paper, width=160))
    _, li, wang = paper.getvalue().splitlines()
    assert ("430100" in li, "hunan" in li, wang.count("全部")) == (True, True, 2)
    await set_work("li", Work(regions=frozenset(), accounts=frozenset()), machine.ports)
    assert member_of(machine).scope == Scope()


@pytest.mark.parametrize("work", [Work(regions=frozenset({"4301"})), Work(accounts=frozenset({"beijing"}))])
def test_a_region_or_an_account_that_there_is_not_is_refused(work: Work) -> None:
    directory, account = read_directory(), an_account("hunan", "湖南妇联12338", "430000")
    Work(regions=frozenset({"430100"}), accounts=frozenset({"hunan"})).check(directory, {"hunan": account})
    with pytest.raises(InvalidData, match=r"没有这个"):
        work.check(directory, {"hunan": account})


async def test_who_is_added_may_sign_in_and_it_is_written_down(machine: Machine) -> None:
    work = Work(frozenset({Skill.LAW}), 3, frozenset({"430100"}), frozenset({"hunan"}), " 赵敏 ")
    await add_user("zhao", Role.SUPERVISOR, "long enough password", work, machine.ports)
    zhao = member_of(machine, "zhao")
    assert (zhao.display_name, zhao.role, zhao.active) == ("赵敏", Role.SUPERVISOR, True)
    assert (zhao.skills, zhao.max_chats) == ({Skill.LAW}, 3)
    assert zhao.scope == Scope(frozenset({"hunan"}), frozenset({"430100"}))
    assert zhao.password_hash == "hash of long enough password"
    assert machine.written == [("command line", "staff.add", zhao.id)]


async def test_who_is_given_no_name_is_called_as_she_signs_in(machine: Machine) -> None:
    await add_user("zhao", Role.OPERATOR, "long enough password", Work(), machine.ports)
    await set_work("zhao", Work(display_name="赵敏"), machine.ports)
    assert [member_of(machine, name).display_name for name in ("zhao", "wang")] == ["赵敏", "李晓梅"]
    await set_work("zhao", Work(max_chats=3), machine.ports)
    assert member_of(machine, "zhao").display_name == "赵敏"


@pytest.mark.parametrize(
    ("username", "password", "trouble"),
    [
        ("", "long enough password", InvalidData),
        (" zhao", "long enough password", InvalidData),
        ("z" * 65, "long enough password", InvalidData),
        ("zhao", "short", InvalidData),
        ("LI", "long enough password", Conflict),
    ],
)
async def test_an_odd_or_taken_name_and_a_weak_password_add_nobody(
    machine: Machine, username: str, password: str, trouble: type[Exception]
) -> None:
    with pytest.raises(trouble):
        await add_user(username, Role.OPERATOR, password, Work(), machine.ports)
    assert len(machine.store.kept(Staff)) == 2
    assert machine.written == []


@pytest.mark.parametrize("name", ["", " ", "长" * 31])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidData, match="姓名"):
        Work(display_name=name).check(read_directory(), {})
