"""Starts `niangjia up` with ports and a home of its own, and speaks with it as people do."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.processes.ports import kept_port

READY_S = 420.0
"""Training (two minutes on two cores) and Rasa's own start, with room for a slow day."""

PATIENCE_S = 60.0
"""Longer than anything takes that comes at all, also on a slow day."""

PORTS = ("GATEWAY", "DESK", "PAGES", "SIMULATOR", "GATEWAY_STATUS", "WORKER_STATUS", "RASA", "ACTIONS")


class House:
    """A running house; `phone_site`, `desk_site` and `gateway` are its addresses."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.output = home / "up.txt"
        self._kept = ExitStack()
        self.ports = {name: self._kept.enter_context(kept_port()) for name in PORTS}
        self.env = {
            **os.environ,
            "NIANGJIA_HOME": str(home),
            "COLUMNS": "160",
            **{f"NIANGJIA_{name}_PORT": str(port) for name, port in self.ports.items()},
        }
        self.gateway = f"http://127.0.0.1:{self.ports['GATEWAY']}"
        self.desk_site = f"http://127.0.0.1:{self.ports['DESK']}"
        self.phone_site = f"http://127.0.0.1:{self.ports['SIMULATOR']}"
        self.web = httpx.Client(timeout=PATIENCE_S, trust_env=False)

    @contextmanager
    def running(self) -> Iterator[House]:
        """Up until the block ends; then Ctrl-C, and nothing may be left."""
        with self.output.open("w") as output:
            self.up = subprocess.Popen(
                [sys.executable, "-m", "bot", "up"], env=self.env, stdout=output, stderr=subprocess.STDOUT
            )
        try:
            self.until(lambda: "全部就绪" in self.printed(), READY_S, "the house did not come up")
            yield self
        finally:
            family = psutil.Process(self.up.pid).children(recursive=True) if self.up.poll() is None else []
            self.up.send_signal(signal.SIGINT)
            self.up.wait(2 * PATIENCE_S)
            self.web.close()
            self._kept.close()
            _, alive = psutil.wait_procs(family, timeout=PATIENCE_S)
            assert not alive, f"left running: {alive}"

    def printed(self) -> str:
        """What `niangjia up` told so far."""
        if self.up.poll() is not None:
            raise AssertionError(f"niangjia up ended: {self.output.read_text()[-2000:]}")
        return self.output.read_text()

    def first_password(self) -> str:
        """The password of the first sign-in, as printed."""
        found = re.search(r"admin / (\S+?)（", self.printed())
        assert found, self.printed()
        return found[1]

    def run(self, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command of the `niangjia` command line beside the house."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *command],
            env=self.env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )

    def process(self, name: str) -> psutil.Process:
        """The running process of this name: gateway, worker, desk, rasa, actions or redis."""
        for child in psutil.Process(self.up.pid).children(recursive=True):
            words = " ".join(child.cmdline())
            if re.search(_COMMANDS[name], words):
                return child
        raise AssertionError(f"no process {name}")

    def until(self, met: Callable[[], Any], timeout_s: float, otherwise: str) -> Any:
        """Wait until the condition gives something true, and return it."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if result := met():
                return result
            time.sleep(0.1)
        raise AssertionError(otherwise)

    # --- the person ---

    def new_phone(self) -> str:
        """The OpenID of a new person who follows the account."""
        answer = self.web.post(f"{self.phone_site}/phones", json={"account": "hunan"})
        return str(answer.raise_for_status().json()["openid"])

    def say(self, openid: str, text: str) -> str:
        """Send words from the phone; returns the MsgId."""
        body = {"type": "text", "text": text}
        answer = self.web.post(f"{self.phone_site}/phones/{openid}/messages", json=body)
        return str(answer.raise_for_status().json()["msg_id"])

    def chat(self, openid: str) -> list[dict[str, Any]]:
        """The bubbles on the phone."""
        return list(self.web.get(f"{self.phone_site}/phones/{openid}/chat").raise_for_status().json())

    def replies(self, openid: str) -> list[str]:
        """The texts that came from the account."""
        return [bubble["text"] for bubble in self.chat(openid) if bubble["from"] == "account"]

    def answer(self, openid: str, timeout_s: float = PATIENCE_S, after: int = 0) -> str:
        """The first reply that comes after the first `after` ones."""

        def come() -> str | None:
            replies = self.replies(openid)
            return replies[after] if len(replies) > after else None

        return str(self.until(come, timeout_s, f"no answer in {timeout_s} s"))

    # --- the office ---

    def api(self, username: str = "admin", password: str | None = None) -> httpx.Client:
        """A client of the JSON API, signed in."""
        body = {"username": username, "password": password or self.first_password()}
        token = self.web.post(f"{self.desk_site}/api/v1/tokens", json=body).raise_for_status().json()["token"]
        return httpx.Client(
            base_url=f"{self.desk_site}/api/v1",
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE_S,
            trust_env=False,
        )

    def assistant_ready(self) -> bool:
        """Whether Rasa has a model loaded."""
        try:
            url = f"http://127.0.0.1:{self.ports['RASA']}/webhooks/frontdoor/ready"
            return self.web.get(url, timeout=5).is_success
        except httpx.HTTPError:
            return False


_COMMANDS = {
    "gateway": r"-m bot gateway$",
    "worker": r"-m bot worker$",
    "desk": r"-m bot desk$",
    "rasa": r"-m rasa run ",
    "actions": r"-m rasa_sdk ",
    "redis": r"redis-server ",
}


def json_lines(text: str) -> list[dict[str, Any]]:
    """The JSON objects of an output, one a line."""
    return [json.loads(line) for line in text.splitlines() if line.strip()]
