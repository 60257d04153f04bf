"""What the front door refuses, quickly and without a trace."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from tests.house.house import House

HOSTILE = {
    "a body of 1 MiB": (b"<xml>" + b"a" * (1 << 20) + b"</xml>", 413),
    "a DOCTYPE": (b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>', 400),
    "broken XML": (b"<xml><ToUserName>", 400),
    "a body that is not text": (bytes(range(256)), 400),
    "a forged message": (b"<xml><ToUserName>gh_1</ToUserName><Encrypt>AAAA</Encrypt></xml>", 403),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_bodies_are_refused_and_not_stored(house: House, name: str) -> None:
    body, status = HOSTILE[name]
    waiting, account = _stored(house), _account(house.home)
    answer = _post(house, account, body)
    assert answer.status_code == status
    time.sleep(0.5)  # long enough for the worker to take up what had been stored
    assert _stored(house) == waiting


def test_stale_timestamp_is_refused(house: House) -> None:
    answer = _post(house, _account(house.home), b"<xml></xml>", timestamp=int(time.time()) - 3600)
    assert answer.status_code == 403


def test_unknown_account_is_not_found(house: House) -> None:
    assert house.web.post(f"{house.gateway}/wechat/nobody").status_code == 404


def test_metrics_are_not_public(house: House) -> None:
    assert house.web.get(f"{house.gateway}/metrics").status_code == 404
    figures = house.web.get(f"http://127.0.0.1:{house.ports['GATEWAY_STATUS']}/metrics")
    assert figures.status_code == 200


def _account(home: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((home / "accounts.yml").read_text())["accounts"][0])


def _post(house: House, account: dict[str, Any], body: bytes, timestamp: int | None = None) -> httpx.Response:
    """A request whose query is signed as the platform signs it, but whose body's signature is forged."""
    stamp, nonce = str(timestamp or int(time.time())), "12345"
    signature = hashlib.sha1("".join(sorted([account["token"], stamp, nonce])).encode()).hexdigest()
    query = {
        "signature": signature,
        "timestamp": stamp,
        "nonce": nonce,
        "openid": "o" * 28,
        "encrypt_type": "aes",
        "msg_signature": "0" * 40,
    }
    return house.web.post(f"{house.gateway}/wechat/{account['id']}", params=query, content=body)


def _stored(house: House) -> str:
    """The inbox's own count of what waits, from the worker's metrics."""
    text = house.web.get(f"http://127.0.0.1:{house.ports['WORKER_STATUS']}/metrics").text
    return "\n".join(line for line in text.splitlines() if line.startswith("niangjia_turns_total"))
