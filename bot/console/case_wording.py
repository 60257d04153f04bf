"""How the office words what it does in a case."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console.answers import SAFETY
from bot.conversation.call_backs import CallOutcome
from bot.conversation.case_checks import Question, Verdict
from bot.conversation.case_work import EntryKind, Outcome, VisitStatus
from bot.conversation.cases import Agency
from bot.conversation.deadlines import DeadlineKind
from bot.papers.letter import TITLES

AGENCIES: Mapping[str, str] = {
    Agency.POLICE: "公安",
    Agency.COURT: "法院",
    Agency.PROCURATORATE: "检察院",
    Agency.EDUCATION: "教育",
    Agency.CIVIL_AFFAIRS: "民政",
    Agency.JUSTICE: "司法行政",
    Agency.HEALTH: "卫健",
    Agency.LABOUR: "人社",
    Agency.LOWER_FEDERATION: "下级妇联",
    Agency.OTHER: "其他单位",
}

REPORT_AGENCIES = (Agency.POLICE, Agency.CIVIL_AFFAIRS, Agency.EDUCATION, Agency.PROCURATORATE)
"""Who is told of harm to a minor (未成年人保护法, article 11), the police first."""

DEADLINES: Mapping[str, str] = {
    DeadlineKind.TELL: "告知本人是否受理、转到哪里",
    DeadlineKind.OBJECTION: "问对方单位收不收（对方可提异议）",
    DeadlineKind.ANSWER: "答复本人",
    DeadlineKind.REDO: "重新办理：再答复她，或改好归档",
}

DEADLINE_SOURCES: Mapping[str, str] = {
    DeadlineKind.TELL: "登记起15日，信访工作条例第22、23条",
    DeadlineKind.OBJECTION: "转出起5个工作日，第23条",
    DeadlineKind.ANSWER: "受理起60日，可延长30日，第34条",
    DeadlineKind.REDO: "重新办理起30日，参照第35条复查的期限",
}

ENTRIES: Mapping[str, str] = {
    EntryKind.STEP: "办理",
    EntryKind.HEARD: "她又来信",
    EntryKind.REFERRED: "请求",
    EntryKind.MOVED: "跟会话转到别的地区",
    EntryKind.HANDLER: "经办人",
    EntryKind.NOTE: "备注",
    EntryKind.EXTENDED: "延长30日",
    EntryKind.REPORT_NEEDED: "要强制报告",
    EntryKind.REPORTED: "已强制报告",
    EntryKind.REPORT_LIFTED: "核实后不必强制报告",
    EntryKind.ASSESSED: "评估危险",
    EntryKind.VISIT_PLANNED: "约了回访",
    EntryKind.VISIT_SETTLED: "回访有了结果",
    EntryKind.LETTER: "写了函",
    EntryKind.CHECKED: "督导检查",
    EntryKind.SHARED: "跨城市共享",
}

VISITS: Mapping[str, str] = {
    VisitStatus.PLANNED: "约好了",
    VisitStatus.DONE: "回访过了",
    VisitStatus.REFUSED: "本人不要回访",
    VisitStatus.CALLED_OFF: "改约、取消了",
}

OUTCOMES: Mapping[str, str] = {
    Outcome.BETTER: "好转了",
    Outcome.SAME: "没有变化",
    Outcome.WORSE: "更严重了",
    Outcome.NOT_REACHED: "没联系上",
}

QUESTIONS: Mapping[str, str] = {
    Question.SAFETY: "安全放在第一",
    Question.LAW: "法律说得对",
    Question.PROMISES: "答应的做到了，没有乱答应",
    Question.DEADLINES: "期限守住了",
    Question.TONE: "说话的态度",
}

VERDICTS: Mapping[str, str] = {Verdict.GOOD: "好", Verdict.BETTER: "可以更好", Verdict.WRONG: "有问题"}

CHECKS: Mapping[str, str] = {"passed": "通过", "failed": "没有通过", "open": "还没检查"}

CALL_BACKS: Mapping[str, str] = {
    "asked": "登记的",
    CallOutcome.REACHED: "打通了",
    CallOutcome.NOT_REACHED: "没打通，不再打",
    CallOutcome.WRONG_NUMBER: "号码不对",
    CallOutcome.WITHDRAWN: "本人不要了",
    "open": "还没打通",
    "late": "上面这些里，过了时间的",
}

RISKS = SAFETY
"""What speaks for danger, as the safety check words it."""

CASE_NAMES: Mapping[str, object] = {
    "agencies": AGENCIES,
    "report_agencies": REPORT_AGENCIES,
    "deadline_words": DEADLINES,
    "deadline_sources": DEADLINE_SOURCES,
    "entry_kinds": ENTRIES,
    "visit_statuses": VISITS,
    "outcomes": OUTCOMES,
    "risk_words": RISKS,
    "questions": QUESTIONS,
    "verdicts": VERDICTS,
    "letter_titles": TITLES,
}
"""What the templates of the office's files know beside the others."""
