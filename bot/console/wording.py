"""How the office words our codes."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.cases import CaseStatus
from bot.conversation.conversations import Mode
from bot.conversation.handoffs import Disposition
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import DeliveryStatus, Route
from bot.conversation.staff import Role

LEVELS: Mapping[str, str] = {Level.CRITICAL: "紧急", Level.HIGH: "重要", Level.NORMAL: "一般"}

TOPICS: Mapping[str, str] = {
    Topic.DOMESTIC_VIOLENCE: "家庭暴力",
    Topic.DIVORCE: "离婚",
    Topic.CHILD_GAME_REFUND: "孩子游戏退费",
    Topic.PARENTING: "亲子教育",
    Topic.OTHER: "其他",
}

MODES: Mapping[str, str] = {
    Mode.BOT: "智能助手在答",
    Mode.WAITING: "等人接入",
    Mode.HUMAN: "人工",
    Mode.CLOSED: "已结束",
}

ROLES: Mapping[str, str] = {
    Role.OPERATOR: "接线员",
    Role.SUPERVISOR: "督导",
    Role.CONTENT: "内容人员",
    Role.ADMIN: "管理员",
}

DISPOSITIONS: Mapping[str, str] = {
    Disposition.ANSWERED: "已答复",
    Disposition.REFERRED: "已转介其他单位",
    Disposition.NO_REPLY: "对方没有再回",
    Disposition.MISTAKEN: "不需要人工",
}

CASE_STATUSES: Mapping[str, str] = {
    CaseStatus.REGISTERED: "已登记",
    CaseStatus.ACCEPTED: "已受理",
    CaseStatus.HANDLED: "直接受理",
    CaseStatus.FORWARDED: "已转送",
    CaseStatus.ASSIGNED: "已转交",
    CaseStatus.FOLLOWING_UP: "跟进中",
    CaseStatus.ANSWERED: "已答复",
    CaseStatus.ARCHIVED: "已归档",
}

CASE_STEPS: Mapping[str, str] = {
    CaseStatus.ACCEPTED: "受理",
    CaseStatus.HANDLED: "直接受理",
    CaseStatus.FORWARDED: "转送",
    CaseStatus.ASSIGNED: "转交",
    CaseStatus.FOLLOWING_UP: "跟进",
    CaseStatus.ANSWERED: "答复",
    CaseStatus.ARCHIVED: "归档",
}

_HELD = "暂存，等她下次来信时送出"
_FATES: Mapping[DeliveryStatus, str] = {
    DeliveryStatus.OFFERED: "待发送",
    DeliveryStatus.PENDING: "待发送",
    DeliveryStatus.SENDING: "正在发送",
    DeliveryStatus.HELD: _HELD,
    DeliveryStatus.REFUSED: "微信拒收",
}
_ROUTES: Mapping[Route | None, str] = {
    Route.PASSIVE: "已送达微信（免额度）",
    Route.CUSTOMER_SERVICE: "已送达微信（客服消息）",
}

_ERRCODES: Mapping[int, str] = {
    -1: "微信繁忙",
    40003: "她已不再关注，或账号不符",
    43004: "她没有关注公众号",
    43019: "她在公众号的黑名单里",
    45002: "内容太长",
    45009: "今天的接口次数用完了",
    45011: "发得太快，稍后再发",
    45015: "超过 48 小时没有来信，或已取消关注",
    45047: "她来信之前最多发 5 条，已用完",
    48001: "公众号没有客服消息权限",
    48002: "她关闭了接收消息",
    48004: "公众号的这项功能被封禁",
    50002: "她的账号被微信限制",
    50005: "她没有关注公众号",
}


def fate_words(status: DeliveryStatus, route: Route | None, errcode: int | None) -> str:
    """What became of one sending, with the platform's reason where it gave one."""
    words = _ROUTES.get(route, "已送达微信") if status is DeliveryStatus.SENT else _FATES[status]
    return f"{words}：{errcode_words(errcode)}" if errcode and status is not DeliveryStatus.SENT else words


def errcode_words(errcode: int) -> str:
    """The platform's number in words (wechat.md section 5)."""
    known = _ERRCODES.get(errcode)
    return f"{known}（{errcode}）" if known else f"错误码 {errcode}"
