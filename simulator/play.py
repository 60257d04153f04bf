"""`python -m simulator play`: has a running simulator play a script, and prints what became of it."""

import sys
import time
from pathlib import Path
from typing import Any

import httpx

from simulator.script import SHIPPED

_LOOKS_EVERY_S = 1.0
_COLUMNS = {
    "sent": "发出",
    "answered": "得到答复",
    "failed_prompts": "故障提示",
    "waited_in_vain": "没等到",
    "refused": "没发出",
}


def play(script: str, simulator: str, speed: float) -> int:
    """Play a file, or a shipped script by its name; 0 when it was played, 2 when it could not be."""
    shipped = SHIPPED / f"{script}.yml"
    path = shipped if shipped.exists() else Path(script)
    try:
        text = path.read_text(encoding="utf-8")
        with httpx.Client(base_url=simulator, timeout=60, trust_env=False) as web:
            report = _watch(web, text, speed)
    except (OSError, UnicodeDecodeError, httpx.HTTPError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    if "people" not in report:
        sys.stderr.write(f"{path}: {report['detail']}\n")
        return 2
    sys.stdout.write(_table(report))
    return 0


def _watch(web: httpx.Client, text: str, speed: float) -> dict[str, Any]:
    """The report once everybody has done her part, or what was wrong with the script."""
    started = web.post("/scripts", content=text.encode(), params={"speed": speed})
    if started.status_code == 422:
        return dict(started.json())
    address = f"/scripts/{started.raise_for_status().json()['id']}"
    while (report := web.get(address).raise_for_status().json())["state"] == "playing":
        time.sleep(_LOOKS_EVERY_S)
    return dict(report)


def _table(report: dict[str, Any]) -> str:
    people = report["people"]
    total = {"name": f"共 {len(people)} 人", **{name: sum(each[name] for each in people) for name in _COLUMNS}}
    head = "  ".join(["姓名" + " " * 12, *_COLUMNS.values()])
    return "\n".join([report["name"], head, *(_row(each) for each in [*people, total]), ""])


def _row(person: dict[str, Any]) -> str:
    cells = [f"{person[name]:>{2 * len(label)}}" for name, label in _COLUMNS.items()]
    # A Chinese character takes two columns.
    name = person["name"]
    wide = sum(2 if ord(letter) > 0x2E7F else 1 for letter in name)
    return "  ".join([name + " " * max(0, 16 - wide), *cells])
