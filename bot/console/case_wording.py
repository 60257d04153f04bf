"""How the office words what it does in a case."""

from __future__ import annotations

from collections.abc import Mapping

from bot.console.answers import SAFETY
from bot.conversation.case_work import EntryKind, Outcome, VisitStatus
from bot.conversation.cases import Agency
from bot.conversation.deadlines import DeadlineKind

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
}

DEADLINE_SOURCES: Mapping[str, str] = {
    DeadlineKind.TELL: "登记起15日，信访工作条例第22、23条",
    DeadlineKind.OBJECTION: "转出起5个工作日，第23条",
    DeadlineKind.ANSWER: "受理起60日，可延长30日，第34条",
}

ENTRIES: Mapping[str, str] = {
    EntryKind.STEP: "办理",
    EntryKind.NOTE: "备注",
    EntryKind.EXTENDED: "延长30日",
    EntryKind.REPORT_NEEDED: "要强制报告",
    EntryKind.REPORTED: "已强制报告",
    EntryKind.REPORT_LIFTED: "核实后不必强制报告",
    EntryKind.ASSESSED: "评估危险",
    EntryKind.VISIT_PLANNED: "约了回访",
    EntryKind.VISIT_SETTLED: "回访有了结果",
}

VISITS: Mapping[str, str] = {
    VisitStatus.PLANNED: "约好了",
    VisitStatus.DONE: "回访过了",
    VisitStatus.REFUSED: "本人不要回访",
}

OUTCOMES: Mapping[str, str] = {
    Outcome.BETTER: "好转了",
    Outcome.SAME: "没有变化",
    Outcome.WORSE: "更严重了",
    Outcome.NOT_REACHED: "没联系上",
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
}
"""What the templates of the office's files know beside the others."""
