"""The whole life of a case over the API, as `docs/api.md` tells it: every line of the example is taken as it stands."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import httpx
import pytest

from bot.conversation.levels import Level
from bot.conversation.staff import Role
from tests.doubles.office import PASSWORD, Office
from tests.doubles.office_shares import lets_read

PAGE = Path(__file__).parents[3] / "docs/api.md"
_FUNCTION = re.compile(r"\w+\(\) \{")
_LINE = re.compile(r"(?:(?P<name>\w+)=(?P<kept>\$\()?)?(?P<command>[^|]*?)(?: \| jq (?P<wanted>[^|]+?))?(?(kept)\))")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")


def example() -> Iterator[str]:
    """The commands of the worked example, without what is said about them."""
    worked = PAGE.read_text(encoding="utf-8").partition("### The whole life of one")[2]
    block = worked.partition("```sh\n")[2].partition("```")[0]
    for line in block.splitlines():
        if line and not line.startswith("#") and not _FUNCTION.match(line):
            yield line


def picked(answer: Any, wanted: str) -> Any:
    """What jq takes out of the answer by a path such as `.cases[0].id`."""
    [path] = shlex.split(wanted.removeprefix("-r "))
    assert _STEP.sub("", path) == "", path
    for name, place in _STEP.findall(path):
        answer = answer[name] if name else answer[int(place)]
    return answer


@dataclass
class Shell:
    """Knows as much of a shell as the example needs: variables, `signed_in`, `ask`, and a path of jq."""

    client: httpx.AsyncClient
    kept: dict[str, str] = field(default_factory=dict)
    got: dict[str, Any] = field(default_factory=dict)
    """What was asked for, by its line."""

    async def type(self, line: str) -> None:
        """Do what the line says; it must go well."""
        found = _LINE.fullmatch(line)
        assert found, line
        name, command = found["name"], found["command"]
        if name and not found["kept"]:
            self.kept[name] = self._filled(command)
            return
        words = shlex.split(command)
        answer = await (self._sign_in(words[1]) if words[0] == "signed_in" else self._ask(words))
        assert answer.is_success, (line, answer.text)
        wanted = found["wanted"] or (".token" if words[0] == "signed_in" else None)
        self.got[line] = picked(answer.json(), wanted) if wanted else answer
        if name:
            self.kept[name] = self.got[line]

    async def _sign_in(self, username: str) -> httpx.Response:
        return await self.client.post("/api/v1/tokens", json={"username": username, "password": PASSWORD})

    async def _ask(self, words: list[str]) -> httpx.Response:
        command, path, *options = words
        assert command == "ask", words
        given = dict(zip(options[::2], options[1::2], strict=True))
        assert given.keys() <= {"-d", "-X", "-o"}, words
        body = json.loads(self._filled(given["-d"])) if "-d" in given else None
        method = given.get("-X", "GET" if body is None else "POST")
        headers = {"Authorization": f"Bearer {self.kept['token']}"}
        return await self.client.request(method, f"/api/v1/{self._filled(path)}", json=body, headers=headers)

    def _filled(self, words: str) -> str:
        return Template(words).substitute(self.kept)


async def played(office: Office) -> Shell:
    """A day at this office: all that the example says was typed."""
    await office.hire("li", name="李晓梅")
    await office.hire("wang", name="万芳")
    await office.hire("boss", Role.SUPERVISOR, name="陈督导")
    there = await office.waiting("以前在湘潭", account_id="xiangtan", level=Level.NORMAL)
    here = await office.waiting("他昨晚又打我")
    await lets_read(office, here, there)
    async with office.visitor() as client:
        shell = Shell(client)
        for line in example():
            await shell.type(line)
    return shell


async def test_every_line_of_the_worked_example_does_what_it_says(office: Office) -> None:
    shell = await played(office)
    by_start = {line.split(" -d")[0]: answer for line, answer in shell.got.items()}
    assert [one["kind"] for one in by_start["ask cases/$file | jq .deadlines"]] == ["tell"]
    [shared] = by_start["ask shares/$share | jq .cases"]
    assert (shared["topic"], shared["status"], shared["steps"]) == ("domestic_violence", "registered", [])
    shown = by_start["ask cases/$file/entries/$line/reveal -X POST | jq -r .words"]
    assert shown == "晚上打她妈妈的电话13812345678"
    assert by_start["ask cases/$file/letters/$letter.pdf -o letter.pdf"].content.startswith(b"%PDF")
    assert by_start["ask checks | jq .total"] == 1
    last = list(shell.got.values())[-1].json()
    assert (last["status"], last["check_passed"], last["must_report"], last["due_on"]) == (
        "archived",
        True,
        False,
        None,
    )
    assert (last["level"], last["agency"], last["referrals"]) == ("critical", "civil_affairs", ["legal_aid"])


async def test_its_history_and_the_audit_trail_say_who_did_what(office: Office) -> None:
    shell = await played(office)
    async with office.program("li") as client:
        whole = (await client.get(f"/api/v1/cases/{shell.kept['file']}")).json()
    async with office.units(reading=True) as uow:
        ids = {one.id: one.username for one in await uow.staff.all()}
    told = [(ids[entry["staff_id"]], entry["kind"], entry["after"]) for entry in whole["entries"]]
    assert told == [
        ("li", "step", "accepted"),
        ("li", "note", None),
        ("li", "referred", None),
        ("li", "assessed", None),
        ("li", "report_needed", None),
        ("li", "reported", None),
        ("li", "step", "assigned"),
        ("li", "letter", None),
        ("li", "handler", None),
        ("boss", "extended", None),
        ("wang", "step", "following_up"),
        ("wang", "visit_planned", None),
        ("wang", "visit_settled", None),
        ("wang", "step", "answered"),
        ("wang", "step", "archived"),
        ("boss", "checked", "reopened"),
        ("wang", "step", "following_up"),
        ("wang", "step", "answered"),
        ("wang", "step", "archived"),
        ("boss", "checked", None),
    ]
    assert whole["entries"][1]["words"] == "晚上打她妈妈的电话138****5678"
    assert ids[whole["case"]["handler"]] == "wang"
    trail = [(ids[who], action) for who, action in await office.audited(shell.kept["file"])]
    changes = [one for one in trail if one[1] not in {"case.open", "letter.save"}]
    assert len(changes) == len(told)
    assert trail.count(("li", "letter.save")) == 1
    assert await office.audited(shell.kept["line"]) == [(whole["entries"][1]["staff_id"], "case_entry.reveal")]


@pytest.mark.parametrize("wanted", [".cases[0].id", "-r '.cases[0].id'"])
def test_a_path_of_jq_is_followed(wanted: str) -> None:
    assert picked({"cases": [{"id": "7"}]}, wanted) == "7"
