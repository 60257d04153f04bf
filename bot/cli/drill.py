"""`niangjia drill`: plays a drill on the simulator, and shows how it goes."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from bot.conversation.errors import NotFound, PlatformUnavailable
from bot.settings import Settings

LOOKS_EVERY_S = 1.0


def simulator_of(settings: Settings) -> httpx.Client:
    """The simulator of this machine."""
    return httpx.Client(base_url=f"http://127.0.0.1:{settings.simulator_port}", timeout=10, trust_env=False)


def list_drills(web: httpx.Client, console: Console) -> None:
    """Print which drills there are; raises PlatformUnavailable without a simulator."""
    table = Table("名字", "演练", "练什么", box=None)
    for row in _asked(web, "GET", "/drills").json():
        table.add_row(row["drill"], row["title"], row["about"])
    console.print(table)
    console.print("开始：niangjia drill 名字")


def play_drill(name: str, web: httpx.Client, console: Console, every_s: float = LOOKS_EVERY_S) -> None:
    """Play it, and print each turn once an operator has answered it, with the hint, and the list at the end.

    Ctrl-C stops it. Raises NotFound for an unknown name or where no account is for drills, PlatformUnavailable.
    """
    number = _started(web, name)
    try:
        checks = _watch(web, number, console, every_s)
    except KeyboardInterrupt:
        _asked(web, "DELETE", f"/drills/{number}")
        console.print("演练停了。")
        return
    if checks:
        console.print("[bold]练完对一对[/]")
    for check in checks:
        console.print(f"  □ {check}", markup=False, highlight=False)


def _asked(web: httpx.Client, method: str, path: str, **options: Any) -> httpx.Response:
    try:
        return web.request(method, path, **options)
    except httpx.HTTPError as error:
        raise PlatformUnavailable("微信模拟器没有开。先运行 niangjia up（试用方式）") from error


def _started(web: httpx.Client, name: str) -> int:
    answer = _asked(web, "POST", "/drills", json={"drill": name})
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise NotFound(f"没有叫 {name} 的演练。运行 niangjia drill 看有哪些")
    if answer.status_code == httpx.codes.CONFLICT:
        raise NotFound("accounts.yml 里没有演练用的公众号（drill: true）")
    return int(answer.raise_for_status().json()["id"])


def _watch(web: httpx.Client, number: int, console: Console, every_s: float) -> list[str]:
    """Print it as it goes; what to look back on at its end."""
    shown = {"said": 0, "answered": 0}
    begun = False
    while True:
        report = _asked(web, "GET", f"/drills/{number}").json()
        if not begun:
            console.print(f"[bold]{report['title']}[/]：{report['about']}")
            console.print(f"在工作台打开“演练”，接入「{report['account']}」的会话，像真的一样回她。Ctrl-C 停止。\n")
            begun = True
        _print_new(report["turns"], shown, console, over=report["state"] != "playing")
        if report["state"] != "playing":
            return list(report["checks"])
        time.sleep(every_s)


def _print_new(turns: list[Mapping[str, Any]], shown: dict[str, int], console: Console, *, over: bool) -> None:
    """What she wrote since, and of each turn that is over what was answered and what a good operator does."""
    for at, turn in enumerate(turns):
        if at >= shown["said"]:
            for words in turn["said"]:
                console.print(f"她：{words}", markup=False, highlight=False)
            shown["said"] += 1
        ended = at + 1 < len(turns) or over
        if ended and at >= shown["answered"] and turn["answered"]:
            for words in turn["answered"]:
                console.print(f"  您：{words}", markup=False, highlight=False)
            console.print(f"  好的做法：{turn['hint']}\n", markup=False, highlight=False, style="dim")
            shown["answered"] += 1
