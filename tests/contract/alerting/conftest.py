"""A web server on this machine that plays the robots of both platforms, rules and all."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.conversation.alerts import AlertRobot, RobotKind

SECRET = "SEC-of-the-group"
OK = {"errcode": 0, "errmsg": "ok"}


@dataclass
class Platform:
    """What came in, and what is answered; answers that were set are given once each, then the platform judges."""

    port: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    requests: int = 0

    @property
    def texts(self) -> list[str]:
        return [str(message["text"]["content"]) for message in self.heard]

    def wecom(self, name: str = "值班群", key: str = "right") -> AlertRobot:
        return AlertRobot(name, RobotKind.WECOM, f"http://127.0.0.1:{self.port}/cgi-bin/webhook/send?key={key}")

    def dingtalk(self, name: str = "钉钉群", secret: str | None = SECRET) -> AlertRobot:
        url = f"http://127.0.0.1:{self.port}/robot/send?access_token=right"
        return AlertRobot(name, RobotKind.DINGTALK, url, secret)

    def answer(self, path: str, body: dict[str, Any]) -> tuple[int, str]:
        """As the platform named by the path answers."""
        self.requests += 1
        if self.answers:
            return self.answers.pop(0)
        parts = urlsplit(path)
        judged = _wecom(parse_qs(parts.query), body) if "webhook" in parts.path else _dingtalk(parse_qs(parts.query))
        if judged == OK:
            self.heard.append(body)
        return 200, json.dumps(judged)


def _wecom(query: dict[str, list[str]], body: dict[str, Any]) -> dict[str, Any]:
    if query.get("key") != ["right"]:
        return {"errcode": 93000, "errmsg": "invalid webhook url"}
    if len(body["text"]["content"].encode()) > 2048:
        return {"errcode": 40058, "errmsg": "text too long"}
    return OK


def _dingtalk(query: dict[str, list[str]]) -> dict[str, Any]:
    if query.get("access_token") != ["right"]:
        return {"errcode": 300001, "errmsg": "token is not exist"}
    (timestamp,), (sign,) = query.get("timestamp", [""]), query.get("sign", [""])
    mac = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    if sign != base64.b64encode(mac).decode() or len(timestamp) != 13:
        return {"errcode": 310000, "errmsg": "sign not match"}
    return OK


@pytest.fixture
def platform() -> Iterator[Platform]:
    """The server, until the test ends."""
    platform = Platform()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, words = platform.answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(words.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        platform.port = server.server_address[1]
        serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        serving.start()
        yield platform
        server.shutdown()
        serving.join()
