"""Scripts: many people who write, wait and tap, drawn from a seed, and the report at the end."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from simulator_fakes import FakeGateway, World, account, text_reply
from simulator_server import served

from simulator import markup
from simulator.app import create_app
from simulator.errors import BadScript
from simulator.script import SHIPPED, read_script

MENU = '<a href="weixin://bizmsgmenu?msgmenucontent=申请保护令&amp;msgmenuid=7">怎么申请</a>'.replace("&amp;", "&")


def answers_everything(request: httpx.Request) -> httpx.Response:
    """A gateway that answers each push with a menu."""
    openid = request.url.params["openid"]
    return httpx.Response(200, text=text_reply(openid, MENU))


async def play(w: World, script: str, **query: Any) -> dict[str, Any]:
    """Play to the end; the report."""
    started = await w.api.post("/scripts", content=script.encode(), params=query)
    assert started.status_code == 201, started.text
    address = f"/scripts/{started.json()['id']}"
    async with asyncio.timeout(30):
        while (await w.api.get(address)).json()["state"] == "playing":  # noqa: ASYNC110 - as a harness does
            await asyncio.sleep(0)
    await w.platform.settle()
    report: dict[str, Any] = (await w.api.get(address)).json()
    return report


def texts(w: World) -> list[str]:
    """The words pushed, in order."""
    return [push["Content"] for push in w.gateway.pushed() if "Content" in push]


async def test_people_write_wait_for_the_answer_and_tap(w: World) -> None:
    w.gateway.answers = [answers_everything] * 9
    script = """
    name: 一人
    people:
      - name: 小林
        steps: [{say: 他又打我了}, {reply_s: 20}, {tap: 1}, {send: {type: image}}, {do: {type: click, key: help}}]
    """
    report = await play(w, script)
    (person,) = report["people"]
    assert (report["name"], report["state"]) == ("一人", "done")
    assert (person["name"], person["sent"], person["answered"], person["failed_prompts"]) == ("小林", 3, 3, 0)
    assert (person["waited_in_vain"], person["refused"]) == (0, 0)
    tapped = w.gateway.pushed()[1]
    assert (tapped["Content"], tapped["bizmsgmenuid"]) == ("申请保护令", "7")
    assert (await w.chat(person["openid"]))[0]["text"] == "他又打我了"


async def test_the_report_tells_who_was_left_without_an_answer(w: World) -> None:
    w.gateway.answers = [(200, "success"), (500, ""), (500, ""), (500, "")]
    steps = "[{say: 一}, {reply_s: 0.01}, {say: 二}, {tap: 3}, {send: {type: image, media_id: none}}]"
    report = await play(w, f"{{name: x, people: [{{name: a, steps: {steps}}}]}}")
    (person,) = report["people"]
    assert (person["sent"], person["answered"]) == (2, 0)
    assert (person["failed_prompts"], person["waited_in_vain"], person["refused"]) == (1, 1, 2)


async def test_a_customer_service_message_is_an_answer_too(w: World) -> None:
    report = await play(w, "{name: x, people: [{name: a, steps: [{say: 一}]}]}")
    openid = report["people"][0]["openid"]
    await w.send(openid)
    assert (await w.api.get("/scripts/1")).json()["people"][0]["answered"] == 1


async def test_many_alike_play_the_same_steps_each_drawn_for_herself(w: World) -> None:
    script = """
    name: 压力
    seed: {seed}
    people: [{{name: 甲, account: cd, count: 3, repeat: 4, start_s: [0, 9], steps: [{{say: [一, 二, 三, 四]}}]}}]
    """

    async def run(seed: int) -> list[str]:
        w.gateway.requests.clear()
        report = await play(w, script.format(seed=seed))
        assert [person["name"] for person in report["people"]] == ["甲1", "甲2", "甲3"]
        assert [person["sent"] for person in report["people"]] == [4, 4, 4]
        return sorted(texts(w))

    first = await run(5)
    assert await run(5) == first
    assert await run(6) != first


async def test_speed_shortens_the_pauses(w: World) -> None:
    await play(w, "{name: x, people: [{name: a, start_s: 10, steps: [{wait_s: 30}]}]}", speed=10)
    assert w.clock.slept == [1, 3]


async def test_a_script_can_be_stopped(w: World) -> None:
    started = await w.api.post("/scripts", content=b"{name: x, people: [{name: a, steps: [{say: x}, {reply_s: 600}]}]}")
    address = f"/scripts/{started.json()['id']}"
    await asyncio.sleep(0)
    assert (await w.api.delete(address)).status_code == 204
    assert (await w.api.get(address)).json()["state"] == "stopped"
    assert (await w.api.get("/scripts/99")).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "{",
        "{name: x, people: []}",
        "{name: x, people: [{name: a, steps: []}]}",
        "{name: x, people: [{name: a, steps: [{say: a, wait_s: 1}]}]}",
        "{name: x, people: [{name: a, steps: [{dance: 1}]}]}",
        "{name: x, people: [{name: a, steps: [{send: {type: hologram}}]}]}",
        "{name: x, people: [{name: a, steps: [{say: x}]}, {name: b, account: nowhere, steps: [{say: x}]}]}",
        "{name: x, people: [{name: a, count: 5000, steps: [{say: x}]}, {name: b, steps: [{say: x}]}]}",
    ],
)
async def test_a_wrong_script_is_refused_with_words_and_makes_no_phone(w: World, wrong: str) -> None:
    answer = await w.api.post("/scripts", content=wrong.encode())
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert w.platform.people == {}


def test_the_refusal_names_the_place() -> None:
    with pytest.raises(BadScript, match=r"people\.0\.steps\.0"):
        read_script("{name: x, people: [{name: a, steps: [{dance: 1}]}]}")


def test_the_shipped_scripts_are_what_they_say() -> None:
    afternoon = read_script((SHIPPED / "bad-afternoon.yml").read_text(encoding="utf-8"))
    assert len({role.name for role in afternoon.people}) == 12
    load = read_script((SHIPPED / "load.yml").read_text(encoding="utf-8"))
    messages = sum(
        role.count * role.repeat * sum(step.say is not None or step.send is not None for step in role.steps)
        for role in load.people
    )
    assert sum(role.count for role in load.people) == 300
    assert 9_000 < messages < 11_000


async def test_the_bad_afternoon_plays_through(w: World) -> None:
    w.gateway.answers = [answers_everything] * 200
    report = await play(w, (SHIPPED / "bad-afternoon.yml").read_text(encoding="utf-8"))
    assert len(report["people"]) == 12
    assert all(person["sent"] and person["answered"] == person["sent"] for person in report["people"][:-1])
    assert [person["refused"] for person in report["people"]] == [0] * 12
    kinds = {markup.read(request.content).findtext("MsgType") for request in w.gateway.requests}
    assert {"text", "voice", "image", "location", "link", "file", "event"} <= kinds


async def test_the_command_line_plays_and_prints(tmp_path: Path) -> None:
    script = tmp_path / "drill.yml"
    script.write_text("{name: 练习, people: [{name: 小林, count: 2, steps: [{say: 你好}, {reply_s: 9}]}]}")
    gateway = FakeGateway([answers_everything] * 2)
    app = create_app([account("bj")], "http://gateway", transport=httpx.MockTransport(gateway))
    async with served(app) as url:
        command = [sys.executable, "-m", "simulator", "play", str(script), "--simulator", url]
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, timeout=50)
        wrong = await asyncio.to_thread(
            subprocess.run, [*command[:4], "nowhere.yml"], capture_output=True, text=True, timeout=50
        )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "练习"
    assert lines[2].split() == ["小林1", "1", "1", "0", "0", "0"]
    assert lines[-1].split() == ["共", "2", "人", "2", "2", "0", "0", "0"]
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "nowhere.yml" in wrong.stderr
