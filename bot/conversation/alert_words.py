"""How an alert is worded, for the desk and for the groups of staff: the matter, never the person."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.alerts import AlertKind

ALERT_WORDS: Mapping[AlertKind, str] = {
    AlertKind.WAITING_LATE: "等人接入，没有人接",
    AlertKind.WAITING_VERY_LATE: "等人接入太久了，一直没有人接",
    AlertKind.ANSWER_LATE: "接入后还没有回第一句话",
    AlertKind.ANSWER_VERY_LATE: "接入后很久没有回第一句话",
    AlertKind.UNREAD_LATE: "来信没有回",
    AlertKind.UNREAD_VERY_LATE: "来信很久没有回",
    AlertKind.NOBODY_ON_DUTY: "有紧急会话，没有人在岗",
    AlertKind.SHIFT_UNFILLED: "排了班，没有人在岗",
    AlertKind.CALL_BACK_LATE: "登记的回电过了时间，还没有打",
    AlertKind.CASE_DUE_SOON: "办件快到期限",
    AlertKind.CASE_OVERDUE: "办件超过期限",
    AlertKind.VISIT_DUE: "今天要回访",
    AlertKind.REPORT_DUE: "强制报告超过一天没有报",
}
