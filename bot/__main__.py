"""The command line: `niangjia <command>`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.conversation.errors import NiangjiaError
from bot.conversation.staff import Role
from bot.settings import Settings, SettingsError, load_settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="娘家：妇联 12338 热线的微信前门。")
user_app = typer.Typer(no_args_is_help=True, help="能登录工作台的人。")
app.add_typer(user_app, name="user")

NoSimulator = Annotated[bool, typer.Option("--no-simulator", help="不启动微信模拟器（正式使用）")]


@app.command()
def up(no_simulator: NoSimulator = False) -> None:
    """在一台机器上启动全部程序，Ctrl-C 停止。"""
    from bot.cli.up import up as bring_up

    if not asyncio.run(bring_up(Console(), simulator=not no_simulator)):
        raise typer.Exit(1)


@app.command()
def gateway() -> None:
    """微信网关：验证、保存、及时回复。"""
    from bot.bootstrap.gateway import run_gateway

    _serve(run_gateway)


@app.command()
def worker() -> None:
    """处理消息：分级、问助手、回复、转人工、投递。"""
    from bot.bootstrap.worker import run_worker

    _serve(run_worker)


@app.command()
def desk() -> None:
    """坐席工作台和 JSON 接口。"""
    from bot.bootstrap.desk import run_desk

    _serve(run_desk)


@app.command()
def simulator() -> None:
    """微信模拟器：试用、培训、测试用的手机和平台。"""
    from bot.processes import simulator_process

    argv = simulator_process(load_settings()).argv
    os.execv(argv[0], argv)


@app.command()
def migrate() -> None:
    """把数据库升级到当前版本。"""
    from bot.store.migrate import upgrade

    upgrade(load_settings().sql_url)


@app.command()
def train() -> None:
    """用 data/ 里的语料训练智能助手。"""
    from bot.cli.train import train as teach

    if not asyncio.run(teach(Path(os.environ.get("NIANGJIA_HOME", "var")), Console())):
        raise typer.Exit(1)


@app.command()
def classify() -> None:
    """标准输入每行 {"id","text"}，输出主题、意图、把握、等级和理由。"""
    from bot.cli.understand import classify as judge_lines
    from bot.cli.understand import read_lines

    asyncio.run(judge_lines(read_lines(sys.stdin), sys.stdout))


@app.command()
def answer() -> None:
    """标准输入每行 {"id","text"}，输出对方最先看到的答复。"""
    from bot.cli.understand import answer as answer_lines
    from bot.cli.understand import read_lines

    asyncio.run(answer_lines(read_lines(sys.stdin), sys.stdout))


@app.command()
def doctor() -> None:
    """检查设置、数据库、Redis、模型和各个程序，说清楚怎么修。"""
    from bot.cli.doctor import doctor as examine

    if not asyncio.run(examine(Console())):
        raise typer.Exit(1)


@user_app.command("add")
def user_add(
    name: Annotated[str, typer.Argument(help="登录名")],
    role: Annotated[Role, typer.Option(help="岗位")],
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="从标准输入读密码")] = False,
) -> None:
    """添加一个能登录的人。"""
    from bot.cli.first_sign_in import add_staff

    password = sys.stdin.readline().rstrip("\n") if password_stdin else typer.prompt("密码", hide_input=True)
    asyncio.run(add_staff(load_settings(), name, role, password))
    Console().print(f"已添加 {name}（{role}）")


def _serve(run: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    from bot.bootstrap import configure_logging

    configure_logging()
    asyncio.run(run(load_settings()))


def main() -> None:
    """Run a command; what is wrong with settings or data is said in a line, without a traceback."""
    try:
        app()
    except* (SettingsError, NiangjiaError, FileNotFoundError) as errors:
        for error in errors.exceptions:
            Console(stderr=True).print(f"[red]✗[/] {error}", highlight=False)
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
