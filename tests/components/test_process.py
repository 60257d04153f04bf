"""A real Rasa and a real action server: trained, asked, and the action server killed under it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Iterator

import pytest
import requests
from rasa.shared.utils.io import read_yaml_file, write_yaml

pytestmark = [pytest.mark.process, pytest.mark.timeout(400)]

ROOT = Path(__file__).parents[2]
VAGUE = "那个事情他讲过的嘛"
FEW = 5  # examples of each intent: enough to train on in seconds
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SANIC_HOST": "127.0.0.1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "NIANGJIA_REDIS_URL": "",
}  # fmt: skip


def rasa(*arguments: str) -> list[str]:
    return [sys.executable, "-W", "ignore", "-m", "rasa", *arguments]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            if requests.get(url, timeout=5).status_code == 200:
                return
        except requests.ConnectionError:
            assert process.poll() is None, "the process ended before it was ready"
        time.sleep(0.2)
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model with the project's own domain and rules, on a few examples of each intent, and easily unsure."""
    folder = tmp_path_factory.mktemp("training")
    config = folder / "config.yml"
    config.write_text((ROOT / "config.yml").read_text().replace(" threshold: 0.35", " threshold: 0.8"))
    examples = folder / "nlu"
    examples.mkdir()
    for source in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        blocks = read_yaml_file(source)["nlu"]
        for block in blocks:
            block["examples"] = "".join(line + "\n" for line in block["examples"].splitlines()[:FEW])
        write_yaml({"version": "3.1", "nlu": blocks}, examples / source.name)
    data = ["--data", str(examples), str(ROOT / "data" / "rules"), "--config", str(config)]
    command = rasa("train", "--skip-validation", "--quiet", "--out", str(folder), "--fixed-model-name", "tiny", *data)
    subprocess.run(command, cwd=ROOT, env={**os.environ, **QUIET}, check=True, capture_output=True)
    return str(folder / "tiny.tar.gz")


class House:
    """Rasa and its action server on free ports."""

    def __init__(self, model: str, folder: Path) -> None:
        self.log, actions_port, port = folder / "rasa.log", free_port(), free_port()
        endpoints = folder / "endpoints.yml"
        endpoints.write_text((ROOT / "endpoints.yml").read_text().replace(":5055/", f":{actions_port}/"))
        self.actions = self._start(folder / "actions.log", "run", "actions", "--quiet", "--port", str(actions_port))
        self.rasa = self._start(
            self.log, "run", "--quiet", "--interface", "127.0.0.1", "--port", str(port), "--model", model,
            "--endpoints", str(endpoints), "--credentials", "credentials.yml",
        )  # fmt: skip
        self.door = f"http://127.0.0.1:{port}/webhooks/frontdoor"
        wait_until_ready(f"{self.door}/ready", self.rasa)
        wait_until_ready(f"http://127.0.0.1:{actions_port}/health", self.actions)

    @staticmethod
    def _start(log: Path, *arguments: str) -> subprocess.Popen[bytes]:
        with log.open("wb") as written:
            return subprocess.Popen(
                rasa(*arguments), cwd=ROOT, env={**os.environ, **QUIET}, stdout=written, stderr=subprocess.STDOUT
            )

    def say(self, text: str, sender: str = "c1") -> tuple[int, dict[str, Any]]:
        message = {"sender": sender, "message_id": f"{time.monotonic_ns()}", "text": text}
        response = requests.post(f"{self.door}/webhook", json=message, timeout=30)
        return response.status_code, response.json()

    def stop(self) -> None:
        for process in (self.actions, self.rasa):
            process.send_signal(signal.SIGTERM)
            process.wait(30)


@pytest.fixture
def house(model: str, tmp_path: Path) -> Iterator[House]:
    started = House(model, tmp_path)
    yield started
    started.stop()


def article(intent: str) -> str:
    """The key of the article that answers an intent."""
    topics = ("domestic_violence", "divorce", "child_game_refund", "parenting", "other")
    topic = next(topic for topic in topics if intent.startswith(topic))
    return f"{topic}/{intent[len(topic) + 1 :]}"


def test_from_the_first_word_to_a_dead_action_server(house: House) -> None:
    status, answer = house.say("你好")
    assert (status, answer["replies"]) == (200, [{"answer": "other/greeting"}])

    status, answer = house.say("/restart")
    assert (status, answer["understood"]["intent"] == "restart") == (200, False)

    status, offered = house.say(VAGUE, sender="c2")
    assert (status, offered["understood"]["intent"]) == (200, "nlu_fallback")
    status, answer = house.say("1", sender="c2")
    assert answer["replies"][0] == {"answer": article(offered["replies"][0]["choices"][0]["intent"])}

    house.say(VAGUE, sender="c3")
    status, answer = house.say(VAGUE, sender="c3")
    assert answer["replies"] == [
        {"answer": "other/not_understood"}, {"handoff": {"level": "high", "reason": "not_understood_twice"}},
    ]  # fmt: skip

    house.actions.kill()
    house.actions.wait()
    assert house.say(VAGUE, sender="c4") == (502, {"error": "no_reply"})
    assert house.say("你好", sender="c4")[0] == 200
    log = house.log.read_text()
    assert "action_offer_choices" in log
    assert VAGUE not in log
