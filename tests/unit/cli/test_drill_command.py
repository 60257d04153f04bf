"""`niangjia drill`: the list, a drill as it goes, and plain words where it cannot."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from rich.console import Console

from bot.cli.drill import list_drills, play_drill
from bot.conversation.errors import NotFound, PlatformUnavailable

FIRST = {"said": ["在吗", "他又打我了"], "answered": ["您现在安全吗"], "hint": "先问安全"}
LAST = {"said": ["他走了"], "answered": ["有没有受伤"], "hint": "再问伤情"}


def looks() -> Iterator[dict[str, Any]]:
    """What the simulator tells, look by look."""
    head = {"title": "夜里", "about": "练安全", "account": "演练号", "checks": []}
    yield {**head, "state": "playing", "turns": []}
    yield {**head, "state": "playing", "turns": [FIRST | {"answered": []}]}
    yield {**head, "state": "playing", "turns": [FIRST, LAST | {"answered": []}]}
    yield {**head, "state": "done", "turns": [FIRST, LAST], "checks": ["问了安全"]}


class Simulator:
    """A simulator on which somebody drills."""

    def __init__(self, refuses: int | None = None, breaks: bool = False) -> None:
        self.calls: list[str] = []
        self._refuses = refuses
        self._breaks = breaks
        self._looks = looks()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(f"{request.method} {request.url.path}")
        if request.method == "POST":
            return httpx.Response(self._refuses or 201, json={"id": 7})
        if request.method == "DELETE":
            return httpx.Response(204)
        if request.url.path == "/drills":
            return httpx.Response(200, json=[{"drill": "night", "title": "夜里", "about": "练安全"}])
        if self._breaks and len(self.calls) > 2:
            raise KeyboardInterrupt
        return httpx.Response(200, json=next(self._looks))

    @property
    def client(self) -> httpx.Client:
        return httpx.Client(base_url="http://simulator", transport=httpx.MockTransport(self))


def on_paper() -> tuple[Console, io.StringIO]:
    paper = io.StringIO()
    return Console(file=paper, width=100), paper


def test_without_a_name_it_lists_what_there_is() -> None:
    console, paper = on_paper()
    list_drills(Simulator().client, console)
    assert "night" in paper.getvalue()
    assert "练安全" in paper.getvalue()


def test_a_drill_is_printed_as_it_goes_with_the_hint_after_the_answer_and_the_checks_at_its_end() -> None:
    console, paper = on_paper()
    play_drill("night", Simulator().client, console, every_s=0)
    told = [line.strip() for line in paper.getvalue().splitlines() if line.strip()]
    assert told[2:] == [
        "她：在吗",
        "她：他又打我了",
        "您：您现在安全吗",
        "好的做法：先问安全",
        "她：他走了",
        "您：有没有受伤",
        "好的做法：再问伤情",
        "练完对一对",
        "□ 问了安全",
    ]


def test_ctrl_c_stops_it_there_too() -> None:
    simulator, (console, paper) = Simulator(breaks=True), on_paper()
    play_drill("night", simulator.client, console, every_s=0)
    assert simulator.calls[-1] == "DELETE /drills/7"
    assert "演练停了" in paper.getvalue()


@pytest.mark.parametrize(("status", "says"), [(404, "没有叫 night"), (409, "drill: true")])
def test_what_cannot_be_played_is_told(status: int, says: str) -> None:
    with pytest.raises(NotFound, match=says):
        play_drill("night", Simulator(refuses=status).client, on_paper()[0])


def test_without_a_simulator_that_is_told() -> None:
    with (
        httpx.Client(base_url="http://127.0.0.1:1", trust_env=False) as nobody,
        pytest.raises(PlatformUnavailable, match="niangjia up"),
    ):
        list_drills(nobody, on_paper()[0])
