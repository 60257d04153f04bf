"""`niangjia inbox`: what is printed, what is done, and that an unknown key changes nothing."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.__main__ import app
from bot.cli.inbox import drop_dead, retry_dead, show_dead
from bot.conversation.accounts import Account
from bot.conversation.content import Text
from bot.conversation.messages import Inbound
from bot.conversation.staff import AuditEntry
from bot.turns.dead_letters import DeadLetterPorts
from tests.doubles.clock import SettableClock
from tests.doubles.memory_inbox import MemoryInbox
from tests.doubles.memory_store import MemoryUnits


class Machine:
    """The ports over doubles, and what was printed."""

    def __init__(self) -> None:
        self.clock, self.store, self.paper = SettableClock(), MemoryUnits(), StringIO()
        self.inbox = MemoryInbox(self.clock)
        self.console = Console(file=self.paper, width=160)
        accounts = {"hunan": Account("hunan", "湖南[女性]之声", "430000", "wx", "secret", "token", "key")}
        self.ports = DeadLetterPorts(self.inbox, self.store, self.clock, accounts)

    async def buries(self, *keys: str) -> None:
        """Messages that could not be handled."""
        for key in keys:
            now = self.clock.now()
            await self.inbox.append(
                Inbound(key, f"box {key}", key.partition(":")[0], "openid", Text("她的话"), now, now)
            )
            claim = await self.inbox.claim("worker", 0)
            assert claim is not None
            await self.inbox.bury(claim, "ValueError")

    async def keys(self) -> list[str]:
        return [letter.key for letter in await self.inbox.dead()]


@pytest.fixture
def machine() -> Machine:
    return Machine()


async def test_dead_letters_are_printed_without_her_words(machine: Machine) -> None:
    await machine.buries("hunan:1", "closed:2")
    machine.clock.advance(timedelta(days=1))
    await show_dead(machine.ports, machine.console)
    printed = machine.paper.getvalue()
    _, first, second = printed.splitlines()
    assert "她的话" not in printed
    assert [word for word in ("hunan:1", "湖南[女性]之声", "文字", "昨天", "ValueError") if word not in first] == []
    assert "closed:2" in second


async def test_without_any_it_says_so(machine: Machine) -> None:
    await show_dead(machine.ports, machine.console)
    assert machine.paper.getvalue() == "没有没能处理的消息。\n"


async def test_those_named_are_tried_again_and_those_named_are_deleted(machine: Machine) -> None:
    await machine.buries("hunan:1", "hunan:2", "hunan:3")
    assert await retry_dead(machine.ports, machine.console, ["hunan:1"])
    assert await drop_dead(machine.ports, machine.console, ["hunan:3"])
    assert machine.paper.getvalue() == "已放回 1 条，再处理一次。\n已删除 1 条。\n"
    assert await machine.keys() == ["hunan:2"]
    assert await machine.inbox.depth() == 1


async def test_all_are_tried_again(machine: Machine) -> None:
    await machine.buries("hunan:1", "hunan:2")
    assert await retry_dead(machine.ports, machine.console, None)
    assert await machine.keys() == []
    assert await machine.inbox.depth() == 2


@pytest.mark.parametrize("command", [retry_dead, drop_dead])
async def test_an_unknown_key_is_told_and_changes_nothing(machine: Machine, command: object) -> None:
    await machine.buries("hunan:1")
    assert not await command(machine.ports, machine.console, ["hunan:1", "hunan:9"])  # type: ignore[operator]
    assert machine.paper.getvalue() == "没有这个编号，什么都没有动：hunan:9\n"
    assert await machine.keys() == ["hunan:1"]
    assert machine.store.kept(AuditEntry) == []


async def test_what_was_done_is_in_the_audit_trail(machine: Machine) -> None:
    await machine.buries("hunan:1")
    await drop_dead(machine.ports, machine.console, None)
    [entry] = machine.store.kept(AuditEntry)
    assert (entry.staff_id, entry.action, entry.target) == ("command line", "letter.drop", "hunan:1")


@pytest.mark.parametrize("arguments", [[], ["hunan:1", "--all"]])
@pytest.mark.parametrize("command", ["retry", "drop"])
def test_keys_or_all_but_not_both(command: str, arguments: list[str]) -> None:
    result = CliRunner().invoke(app, ["inbox", command, *arguments])
    assert result.exit_code == 2


def test_deleting_asks_first() -> None:
    result = CliRunner().invoke(app, ["inbox", "drop", "hunan:1"], input="n\n")
    assert result.exit_code == 1
    assert "删除后再也找不回来" in result.output
