"""The command line: `niangjia <command>`."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.markup import escape

from bot.cli import options
from bot.conversation.errors import NiangjiaError, RedisUnavailable, StoreUnavailable
from bot.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from bot.cli.users import UserPorts
    from bot.conversation.accounts import Accounts
    from bot.knowledge import Directory

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="娘家：妇联 12338 热线的微信前门。",
    epilog="第一次用：make up。哪里不对：niangjia doctor。一条命令怎么写：niangjia 命令 --help。",
)
user_app = typer.Typer(no_args_is_help=True, help="能登录工作台的人。")
app.add_typer(user_app, name="user")
menu_app = typer.Typer(no_args_is_help=True, help="聊天窗口底下的菜单（data/menu.yml）。")
app.add_typer(menu_app, name="menu")
inbox_app = typer.Typer(no_args_is_help=True, help="没能处理的消息。")
app.add_typer(inbox_app, name="inbox")
audit_app = typer.Typer(no_args_is_help=True, help="谁看过、做过什么的记录。")
app.add_typer(audit_app, name="audit")


@app.command()
def up(no_simulator: options.NoSimulator = False) -> None:
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
def pages() -> None:
    """手机上的材料页面：一次性链接、账单、下载。"""
    from bot.bootstrap.pages import run_pages

    _serve(run_pages)


@app.command()
def simulator() -> None:
    """微信模拟器：试用、培训、测试用的手机和平台。"""
    from bot.processes import simulator_process

    argv = simulator_process(load_settings()).argv
    os.execv(argv[0], argv)


@app.command()
def drill(name: options.DrillName = None) -> None:
    """在模拟器上演练一场：不写名字，就列出有哪些。"""
    from bot.cli.drill import list_drills, play_drill, simulator_of

    with simulator_of(load_settings()) as web:
        if name is None:
            list_drills(web, Console())
        else:
            play_drill(name, web, Console())


@app.command()
def migrate() -> None:
    """把数据库升级到当前版本。"""
    from bot.store.migrate import upgrade

    upgrade(load_settings().sql_url)
    Console().print("数据库已经是当前版本")


@app.command()
def train() -> None:
    """用 data/ 里的语料训练分级模型和智能助手。"""
    from bot.cli.train import train_all

    if not asyncio.run(train_all(Path(os.environ.get("NIANGJIA_HOME", "var")), Console())):
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


@app.command("alert-test")
def alert_test() -> None:
    """给每个通知群发一条测试消息，说清楚收到没有。"""
    from bot.cli.alerts import alert_test as send_test

    if not asyncio.run(send_test(load_settings(), Console())):
        raise typer.Exit(1)


@user_app.command("add")
def user_add(
    name: options.UserName,
    role: options.StaffRole,
    display_name: options.DisplayName = None,
    password_stdin: options.PasswordStdin = False,
    region: options.Regions = None,
    account: options.OfAccounts = None,
    skill: options.Skills = None,
    max_chats: options.MaxChats = None,
) -> None:
    """添加一个能登录的人；不写姓名，就用登录名。"""
    from bot.cli.users import Work, add_user
    from bot.console.wording import ROLES

    work = Work(frozenset(skill or ()), max_chats, frozenset(region or ()), frozenset(account or ()), display_name)
    work.check(*_places(load_settings()))
    password = _asked_password(password_stdin)
    _with_users(lambda ports: add_user(name, role, password, work, ports))
    Console().print(f"已添加 {name}（{ROLES[role]}）", markup=False, highlight=False)


@user_app.command("set")
def user_set(
    name: options.UserName,
    display_name: options.DisplayName = None,
    region: options.Regions = None,
    account: options.OfAccounts = None,
    everywhere: options.Everywhere = False,
    skill: options.Skills = None,
    no_skills: options.NoSkills = False,
    max_chats: options.MaxChats = None,
) -> None:
    """改姓名、看哪些地区和公众号、专长、最多同时接几个会话；没写的不变。"""
    from bot.cli.users import Work, set_work

    if no_skills and skill:
        raise typer.BadParameter("--no-skills 是去掉全部专长，不能再写 --skill")
    skills = frozenset(skill or ()) if skill or no_skills else None
    regions = frozenset(region or ()) if region or everywhere else None
    accounts = frozenset(account or ()) if account or everywhere else None
    work = Work(skills, max_chats, regions, accounts, display_name)
    if work == Work():
        raise typer.BadParameter("没有写要改什么")
    work.check(*_places(load_settings()))
    _with_users(lambda ports: set_work(name, work, ports))
    Console().print(f"{name} 改好了", markup=False, highlight=False)


def _places(settings: Settings) -> tuple[Directory, Accounts]:
    from bot.bootstrap import read_accounts, read_directory

    return read_directory(), read_accounts(settings)


@user_app.command("list")
def user_list() -> None:
    """列出能登录的人。"""
    from bot.cli.users import list_users

    _with_users(lambda ports: list_users(ports, Console()))


@user_app.command("disable")
def user_disable(name: options.UserName) -> None:
    """停用：不能再登录，已经登录的立即退出。"""
    from bot.cli.users import set_active

    _with_users(lambda ports: set_active(name, False, ports))
    Console().print(f"已停用 {name}", markup=False, highlight=False)


@user_app.command("enable")
def user_enable(name: options.UserName) -> None:
    """重新允许登录。"""
    from bot.cli.users import set_active

    _with_users(lambda ports: set_active(name, True, ports))
    Console().print(f"{name} 又能登录了", markup=False, highlight=False)


@user_app.command("password")
def user_password(name: options.UserName, password_stdin: options.PasswordStdin = False) -> None:
    """换一个新密码，已经登录的立即退出。"""
    from bot.cli.users import set_password

    password = _asked_password(password_stdin)
    _with_users(lambda ports: set_password(name, password, ports))
    Console().print(f"{name} 的密码换好了", markup=False, highlight=False)


@user_app.command("reset-totp")
def user_reset(name: options.UserName) -> None:
    """取消两步验证（手机和恢复码都没有了），已经登录的立即退出。"""
    from bot.cli.users import reset_second_factor

    _with_users(lambda ports: reset_second_factor(name, ports))
    Console().print(f"{name} 登录时不再要验证码，请让她重新开启", markup=False, highlight=False)


@menu_app.command("push")
def menu_push(account: options.MenuAccount = None) -> None:
    """把 data/menu.yml 换到公众号上。"""
    from bot.cli.menu import push

    if not asyncio.run(push(load_settings(), Console(), account)):
        raise typer.Exit(1)


@menu_app.command("show")
def menu_show(account: options.MenuAccount = None) -> None:
    """看公众号上现在的菜单，和 data/menu.yml 有什么不同。"""
    from bot.cli.menu import show

    if not asyncio.run(show(load_settings(), Console(), account)):
        raise typer.Exit(1)


@inbox_app.command("dead")
def inbox_dead() -> None:
    """列出没能处理的消息（不显示内容）。"""
    from bot.cli.inbox import opened, show_dead

    async def run() -> None:
        async with opened(load_settings()) as ports:
            await show_dead(ports, Console())

    asyncio.run(run())


@inbox_app.command("retry")
def inbox_retry(keys: options.LetterKeys = None, every: options.AllLetters = False) -> None:
    """放回去再处理一次。"""
    from bot.cli.inbox import opened, retry_dead

    chosen = _chosen(keys, every)

    async def run() -> bool:
        async with opened(load_settings()) as ports:
            return await retry_dead(ports, Console(), chosen)

    if not asyncio.run(run()):
        raise typer.Exit(1)


@inbox_app.command("drop")
def inbox_drop(
    keys: options.LetterKeys = None,
    every: options.AllLetters = False,
    yes: options.NoQuestion = False,
) -> None:
    """删除，再也找不回来。"""
    from bot.cli.inbox import drop_dead, opened

    chosen = _chosen(keys, every)
    if not yes:
        typer.confirm(f"{'全部' if chosen is None else f'这 {len(chosen)} 条'}删除后再也找不回来。删除吗？", abort=True)

    async def run() -> bool:
        async with opened(load_settings()) as ports:
            return await drop_dead(ports, Console(), chosen)

    if not asyncio.run(run()):
        raise typer.Exit(1)


@audit_app.command("verify")
def audit_verify(seen: options.LastHash = "") -> None:
    """核对审计记录：完整，还是哪里被改过、删过。"""
    from bot.cli.audit import verify

    if not asyncio.run(verify(load_settings(), Console(), seen)):
        raise typer.Exit(1)


def _chosen(keys: list[str] | None, every: bool) -> list[str] | None:
    """The keys, None for all of them."""
    if bool(keys) is every:
        raise typer.BadParameter("写编号，或者写 --all，二者选一")
    return keys or None


def _asked_password(stdin: bool) -> str:
    if stdin:
        return sys.stdin.readline().rstrip("\n")
    return str(typer.prompt("密码", hide_input=True, confirmation_prompt="再输一遍"))


def _with_users(work: Callable[[UserPorts], Coroutine[Any, Any, None]]) -> None:
    from bot.cli.users import opened

    async def run() -> None:
        async with opened(load_settings()) as ports:
            await work(ports)

    asyncio.run(run())


def _serve(run: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    import uvloop

    from bot.bootstrap import configure_logging

    configure_logging()
    uvloop.run(run(load_settings()))


def main() -> None:
    """Run a command; what is wrong with settings or data is said in a line, without a traceback."""
    try:
        app()
    except* (SettingsError, NiangjiaError, FileNotFoundError) as errors:
        for error in errors.exceptions:
            _complain(error)
        raise SystemExit(2) from None


def _complain(error: Exception) -> None:
    console, away = Console(stderr=True), isinstance(error, StoreUnavailable | RedisUnavailable)
    what = "数据库没有回答：" if isinstance(error, StoreUnavailable) else "Redis 没有回答：" if away else ""
    console.print(f"[red]✗[/] {what}{escape(str(error))}", highlight=False)
    if isinstance(error, SettingsError):
        console.print("    怎么办：在 .env 中填写（见 deploy/example.env），或先运行 make up 试用", highlight=False)
    if away:
        console.print("    怎么办：运行 niangjia doctor，它会说哪里不对", highlight=False)


if __name__ == "__main__":
    main()
