"""`niangjia up`: the whole house on one machine."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path

from rich.console import Console

from bot import processes
from bot.cli.first_sign_in import first_sign_in
from bot.cli.train import has_model, train
from bot.cli.trial import prepare_trial
from bot.conversation.errors import Conflict
from bot.settings import Settings, load_settings
from bot.store.migrate import upgrade
from bot.supervisor import Process, Supervisor

REDIS_READY_S = 60.0
HOUSE_READY_S = 60.0
ASSISTANT_READY_S = 300.0


async def up(console: Console, *, simulator: bool) -> bool:
    """Bring everything up and keep it running until Ctrl-C; False if something essential did not start."""
    home = Path(os.environ.get("NIANGJIA_HOME", "var"))
    if simulator:
        prepare_trial(home, int(os.environ.get("NIANGJIA_SIMULATOR_PORT", "8082")))
    settings = load_settings()
    started = time.monotonic()

    def report(process: Process, what: str) -> None:
        if what == "ready":
            console.print(f"  [green]✓[/] {process.title}  [dim]{time.monotonic() - started:.1f} 秒[/]")
        else:
            log = home / "log" / f"{process.name}.log"
            console.print(f"  [yellow]！[/] {process.title} 意外退出，正在重新启动（日志：{log}）")

    stop = _on_signals()
    async with AsyncExitStack() as stack:
        stack.enter_context(_only_one(home))
        supervisor = Supervisor(home / "log", report)
        stack.push_async_callback(_end, supervisor, console)
        work = asyncio.create_task(_bring_up(settings, supervisor, console, simulator=simulator))
        asked = asyncio.create_task(stop.wait())
        await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
        if work.done() and not work.result():
            return False
        await asked
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
    return True


async def _bring_up(settings: Settings, supervisor: Supervisor, console: Console, *, simulator: bool) -> bool:
    if settings.redis_url is None and not await _start(
        [processes.redis_process(settings.home)], supervisor, console, REDIS_READY_S
    ):
        return False
    with console.status("正在准备数据库"):
        await asyncio.to_thread(upgrade, settings.sql_url)
    sign_in = await first_sign_in(settings)
    front = processes.house(settings) + ([processes.simulator_process(settings)] if simulator else [])
    if not await _start(front, supervisor, console, HOUSE_READY_S):
        return False
    _print_addresses(console, settings, sign_in, simulator=simulator)
    if not has_model() and not await train(settings.home, console):
        return True  # the house stays open without its assistant: danger is still answered and handed over
    memory = processes.assistant_memory(settings)
    group = processes.assistant(settings.home, settings.rasa_port, settings.actions_port, memory)
    if await _start(group, supervisor, console, ASSISTANT_READY_S):
        console.print("\n[bold]全部就绪。[/] 按 Ctrl-C 停止。")
    return True


async def _start(group: Sequence[Process], supervisor: Supervisor, console: Console, timeout_s: float) -> bool:
    for process in group:
        await supervisor.start(process)
    with console.status("正在启动：" + "、".join(process.title for process in group)):
        ready = await asyncio.gather(*(supervisor.wait_ready(process, timeout_s) for process in group))
    for process, up_in_time in zip(group, ready, strict=True):
        if not up_in_time:
            console.print(
                f"  [red]✗[/] {process.title} 没有启动成功，请看日志 {process.name}.log，或运行 niangjia doctor"
            )
    return all(ready)


def _print_addresses(console: Console, settings: Settings, sign_in: str | None, *, simulator: bool) -> None:
    console.print("\n[bold]娘家 12338 已开门[/]（智能助手还在启动，先能收消息、转人工）")
    if simulator:
        console.print(f"  手机（模拟微信）  http://127.0.0.1:{settings.simulator_port}/")
    console.print(f"  坐席工作台        http://127.0.0.1:{settings.desk_port}/")
    console.print(f"  微信接入地址      http://127.0.0.1:{settings.gateway_port}/wechat/<公众号 id>")
    if sign_in:
        console.print(f"  首次登录          {sign_in}", soft_wrap=True)
    console.print()


def _on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop


async def _end(supervisor: Supervisor, console: Console) -> None:
    with suppress(OSError):  # the terminal may be gone
        console.print("\n正在停止……")
    await supervisor.stop()
    with suppress(OSError):
        console.print("已全部停止，消息都保存好了。")


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Hold the home folder: a second house on it would take away the first one's Redis. Raises Conflict."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(f"{home} 已经有一个 niangjia up 在运行") from None
        yield
