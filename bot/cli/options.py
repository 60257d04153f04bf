"""What the commands of `niangjia` are told: each option and argument with its words of help.

Help is broken into lines at spaces alone, so a long text has some.
"""

from __future__ import annotations

from typing import Annotated

import typer

from bot.conversation.handoffs import Skill
from bot.conversation.staff import MAX_CHATS, Role

_ROLES = "operator 接线员、 supervisor 督导、 content 内容人员、 admin 管理员"
_SKILLS = "law 法律、 counselling 心理咨询、 parenting 亲子教育"
_MOST = 100
"""Chats at once: more is a slip of the finger."""

UserName = Annotated[str, typer.Argument(metavar="NAME", help="登录名")]
StaffRole = Annotated[Role, typer.Option("--role", metavar="ROLE", help=f"岗位： {_ROLES}")]
DisplayName = Annotated[str | None, typer.Option("--display-name", metavar="姓名", help="同事和函件上看到的名字")]
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="从标准输入读密码")]
Regions = Annotated[
    list[str] | None,
    typer.Option("--region", metavar="CODE", help="只看这个地区和它下面的； 六位代码， 可以写几次"),
]
OfAccounts = Annotated[list[str] | None, typer.Option("--account", metavar="ID", help="只看这个公众号； 可以写几次")]
Everywhere = Annotated[
    bool, typer.Option("--everywhere", help="不再限地区和公众号； 一起写了 --region 或 --account， 就只限写了的")
]
Skills = Annotated[list[Skill] | None, typer.Option("--skill", metavar="SKILL", help=f"专长： {_SKILLS}； 可以写几次")]
NoSkills = Annotated[bool, typer.Option("--no-skills", help="去掉全部专长")]
MaxChats = Annotated[
    int | None,
    typer.Option("--max-chats", min=0, max=_MOST, metavar="N", help=f"最多同时接几个， 不写是 {MAX_CHATS}"),
]
LetterKeys = Annotated[list[str] | None, typer.Argument(metavar="KEY", help="编号，见 niangjia inbox dead")]
AllLetters = Annotated[bool, typer.Option("--all", help="全部")]
NoQuestion = Annotated[bool, typer.Option("--yes", help="不再问一遍")]
MenuAccount = Annotated[str | None, typer.Argument(metavar="[ACCOUNT]", help="哪个公众号；不写就是全部")]
DrillName = Annotated[str | None, typer.Argument(metavar="[NAME]", help="哪一场；不写就列出来")]
LastHash = Annotated[str, typer.Option("--seen", metavar="HASH", help="上次核对时抄下的校验值")]
NoSimulator = Annotated[bool, typer.Option("--no-simulator", help="不启动微信模拟器（正式使用）")]
