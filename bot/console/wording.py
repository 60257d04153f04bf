"""How the office words our codes."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console.errcodes import errcode_words
from bot.conversation import content
from bot.conversation.cases import CaseStatus
from bot.conversation.conversations import Mode
from bot.conversation.flows import ReferralKind
from bot.conversation.handoffs import Disposition, Skill
from bot.conversation.levels import Level, Topic
from bot.conversation.media import MediaStatus
from bot.conversation.messages import DeliveryStatus, Route
from bot.conversation.staff import Role
from bot.knowledge.articles import Grade

LEVELS: Mapping[str, str] = {Level.CRITICAL: "紧急", Level.HIGH: "重要", Level.NORMAL: "一般"}

TOPICS: Mapping[str, str] = {
    Topic.DOMESTIC_VIOLENCE: "家庭暴力",
    Topic.DIVORCE: "离婚",
    Topic.CHILD_GAME_REFUND: "孩子游戏退费",
    Topic.PARENTING: "亲子教育",
    Topic.OTHER: "其他",
}

SKILLS: Mapping[str, str] = {Skill.LAW: "法律", Skill.COUNSELLING: "心理咨询", Skill.PARENTING: "亲子教育"}

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
    CaseStatus.REOPENED: "重新办理",
}

CASE_STEPS: Mapping[str, str] = {
    CaseStatus.ACCEPTED: "受理",
    CaseStatus.HANDLED: "直接受理",
    CaseStatus.FORWARDED: "转送",
    CaseStatus.ASSIGNED: "转交",
    CaseStatus.FOLLOWING_UP: "跟进",
    CaseStatus.ANSWERED: "答复",
    CaseStatus.ARCHIVED: "归档",
    CaseStatus.REOPENED: "重新办理",
}

FILE_STATES: Mapping[str, str] = {
    MediaStatus.PENDING: "正在保存",
    MediaStatus.STORED: "已保存",
    MediaStatus.REFUSED: "没能保存",
    MediaStatus.LOST: "没能取到",
    MediaStatus.ERASED: "已删除",
}

FILE_REASONS: Mapping[str, str] = {
    "too_large": "文件太大",
    "wrong_type": "不是能辨认的图片、语音或视频",
    "empty": "文件是空的",
    "gone": "微信那边已经没有这个文件",
    "expired": "微信只留三天，三天里一直没有取到",
}
"""Why a file could not be kept, by the code that `bot.media` gives."""

KINDS: Mapping[str, str] = {
    content.Text.kind: "文字",
    content.Image.kind: "图片",
    content.Voice.kind: "语音",
    content.Video.kind: "视频",
    content.Location.kind: "位置",
    content.Link.kind: "链接",
    content.Transcript.kind: "语音转的文字",
    content.Unsupported.kind: "不认识的消息",
    content.Followed.kind: "关注",
    content.MenuClicked.kind: "点菜单",
    content.Scanned.kind: "扫二维码",
    content.Unfollowed.kind: "取消关注",
    content.AccountClosed.kind: "注销微信",
    content.ConsentRevoked.kind: "撤回授权",
    content.SubscriptionAnswered.kind: "答复订阅通知",
    content.NoticeSettled.kind: "订阅通知的结果",
    "unreadable": "密钥打不开的消息",
}
"""What came in, by its kind; the last is what the inbox says of one that no key opens."""

_FATES: Mapping[DeliveryStatus, str] = {
    DeliveryStatus.OFFERED: "待发送",
    DeliveryStatus.PENDING: "待发送",
    DeliveryStatus.SENDING: "正在发送",
    DeliveryStatus.HELD: "等她再来信时发出",
    DeliveryStatus.REFUSED: "微信拒收",
}
_ROUTES: Mapping[Route | None, str] = {
    Route.PASSIVE: "已送达微信（免额度）",
    Route.CUSTOMER_SERVICE: "已送达微信（客服消息）",
}


def fate_words(status: DeliveryStatus, route: Route | None, errcode: int | None) -> str:
    """What became of one sending, with the platform's reason where it gave one."""
    words = _ROUTES.get(route, "已送达微信") if status is DeliveryStatus.SENT else _FATES[status]
    return f"{words}：{errcode_words(errcode)}" if errcode and status is not DeliveryStatus.SENT else words


_LETTER_REASONS: Mapping[str, str] = {
    "unreadable": "现在的密钥打不开它。请管理员把以前的密钥放回设置里，再试一次",
    "NotFound": "设置或答复内容里缺了东西，请告诉系统管理员",
    "InvalidData": "设置、密钥或答复内容有错，请告诉系统管理员",
}


def letter_reason(code: str) -> str:
    """Why a message could not be handled, in words; a code that nobody foresaw is shown for the administrator."""
    return _LETTER_REASONS.get(code, f"程序出了意外的错误（{code}），请告诉系统管理员")


GRADES: Mapping[str, str] = {
    Grade.TEXT: "所引条文看过原文",
    Grade.SECONDHAND: "有二手依据，要核对",
    Grade.MEMORY: "有凭经验的做法，要核对",
}
"""How well an article's facts are known."""

REFERRALS: Mapping[str, str] = {
    ReferralKind.LEGAL_AID: "法律援助",
    ReferralKind.COUNSELLING: "心理咨询",
    ReferralKind.MEDIATION: "调解",
}
