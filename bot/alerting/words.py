"""What is said in a group of staff: which alerts, how long, where; nothing of the person. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.alerting.robots import MAX_BYTES
from bot.conversation.accounts import Accounts
from bot.conversation.alert_words import ALERT_WORDS
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.levels import Level

_LEVELS: Mapping[Level | None, str] = {Level.CRITICAL: "紧急", Level.HIGH: "重要", Level.NORMAL: "一般", None: "提醒"}
_HEAD = "【娘家】"
"""Stands in every message: who uses DingTalk's 自定义关键词 sets this word."""

_MOST_LINES = MAX_BYTES // 40
"""No line is shorter; of thousands, as after a night without the platform, no more need be tried."""

TEST_WORDS = f"{_HEAD}这是一条测试消息：群里能收到工作台的提醒了。"


_MOST_SUPERVISORS = 3
"""Whoever is one of many named thinks that another will do it."""


@dataclass(frozen=True, slots=True)
class Called:
    """The names of who is on call, and of the supervisors, the nearest first, where a matter is very late."""

    on_call: Sequence[str] = ()
    supervisors: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """How things are called: accounts and regions by their names, and the address at which the desk is reached."""

    accounts: Accounts
    region_name: Callable[[str], str]
    desk_url: str

    def say(self, alerts: Sequence[Alert], called: Called, now: datetime) -> str:
        """One message for all of them, the most urgent first, no longer than a robot takes."""
        in_order = sorted(alerts, key=lambda one: (-one.level.rank if one.level else 1, one.since))
        lines = [self._line(alert, now) for alert in in_order]
        head = f"{_HEAD}{f'{len(lines)} 件事等着处理' if len(lines) > 1 else '有件事等着处理'}"
        foot = [f"值守：{'、'.join(called.on_call)}"] if called.on_call else []
        foot += [f"督导：{'、'.join(called.supervisors[:_MOST_SUPERVISORS])}"] if called.supervisors else []
        foot.append(f"打开工作台：{self.desk_url}{_page(in_order)}")
        for shown in range(min(len(lines), _MOST_LINES), 0, -1):
            rest = [f"还有 {len(lines) - shown} 件，请到工作台看"] if shown < len(lines) else []
            text = "\n".join([head, *lines[:shown], *rest, *foot])
            if len(text.encode()) <= MAX_BYTES:
                return text
        return "\n".join([head, foot[-1]])

    def _line(self, alert: Alert, now: datetime) -> str:
        account = self.accounts.get(alert.account_id)
        where = [account.name if account else alert.account_id, self.region_name(alert.region)]
        words = f"{ALERT_WORDS[alert.kind]}（{_span(now - alert.since)}）"
        return f"{_LEVELS[alert.level]}｜{'·'.join(where)}｜{words}"


def calls_everybody(alerts: Sequence[Alert]) -> bool:
    """Whether every phone in the group should sound: only where somebody's safety is at stake."""
    return any(alert.level is Level.CRITICAL for alert in alerts)


def _page(alerts: Sequence[Alert]) -> str:
    match alerts:
        case [Alert(kind=AlertKind.CALL_BACK_LATE)]:
            return "/desk/call-backs"
        case [Alert(conversation_id=str(conversation_id))]:
            return f"/desk/conversations/{conversation_id}"
        case [Alert(case_id=str(case_id))]:
            return f"/desk/cases/{case_id}"
    return "/desk/alerts"


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "刚刚"
    if minutes < 60:
        return f"已 {minutes} 分钟"
    hours, rest = divmod(minutes, 60)
    return f"已 {hours} 小时 {rest} 分" if hours < 24 else f"已 {hours // 24} 天"
