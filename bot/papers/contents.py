"""What each flow has for its templates: which sheets, and the values under the templates' Chinese names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.conversation.errors import NotFound
from bot.conversation.flows import Answer
from bot.conversation.payments import Payment
from bot.papers.refund import refund_values
from bot.papers.wording import ASKS, ASSETS, BASES, DEBTS, EVIDENCE, FITTING_LINES, RELATIONS, in_words
from bot.papers.words import BLANK, block, day, inline, money_told, several, words

type Answers = Mapping[str, Answer]
type Values = dict[str, object]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One template to fill: its file's name, the paper's name, and the values."""

    template: str
    name: str
    context: Values


def sheets(flow: str, answers: Answers, on: date, payments: tuple[Payment, ...]) -> list[Sheet]:
    """The sheets of a flow; raises NotFound for a flow without papers, InvalidData (see Stationery.make_papers)."""
    try:
        make = _FLOWS[flow]
    except KeyError:
        raise NotFound(f"flow {flow} has no papers") from None
    return make(answers, on, payments)


def _protection_order(answers: Answers, on: date, payments: tuple[Payment, ...]) -> list[Sheet]:
    evidence = in_words(EVIDENCE, several(answers, "evidence"))
    relation = words(answers, "relation")
    for_other = words(answers, "for_whom") in ("child", "elder", "other")
    values = {
        "申请人": BLANK if for_other else inline(words(answers, "applicant")),
        "代为申请人": inline(words(answers, "applicant")),
        "被申请人": inline(words(answers, "respondent")),
        "代为申请": for_other,
        "自称": "申请人" if for_other else "我",
        "关系": inline(RELATIONS.get(relation, relation)),
        "依据": BASES.get(relation, "其他"),
        "请求事项": in_words(ASKS, several(answers, "asks")) or [BLANK] * 2,
        "最近一次": inline(words(answers, "last_time")),
        "经过": block(words(answers, "happened"), lines=5),
        "以前": block(words(answers, "before")),
        "伤情": block(words(answers, "injuries")),
        "威胁": block(words(answers, "threats")),
        "孩子": block(words(answers, "children")),
        "证据": evidence or [BLANK] * 3,
        "法院": _court(words(answers, "court")),
    }
    return [Sheet("protection_order", "申请书", values), _evidence_of_violence(evidence, (), on)]


def _court(told: str) -> str:
    """反家暴法 25: a basic court; the place's name alone is completed, a code of GB/T 2260 is none."""
    name = inline(told)
    if name == BLANK or name.isdigit():
        return f"{BLANK}人民法院"
    return name if name.endswith("法院") else f"{name}人民法院"


def _safety_check(answers: Answers, on: date, payments: tuple[Payment, ...]) -> list[Sheet]:
    fitting = tuple(line for key, line in FITTING_LINES.items() if answers.get(key) in ("yes", "unsure"))
    return [_evidence_of_violence([], fitting, on)]


def _evidence_of_violence(evidence: list[str], fitting: tuple[tuple[str, str], ...], on: date) -> Sheet:
    rows = [{"材料": what, "说明": why} for what, why in fitting]
    return Sheet("safety_evidence", "材料清单", {"日期": day(on), "证据": evidence, "另外": rows})


def _refund(answers: Answers, on: date, payments: tuple[Payment, ...]) -> list[Sheet]:
    values = refund_values(answers, on, payments)
    papers = [("refund_statement", "情况说明"), ("refund_evidence", "证据清单"), ("refund_letter", "申请信")]
    if payments:
        papers.insert(2, ("refund_payments", "明细表"))
    return [Sheet(template, name, values) for template, name in papers]


def _divorce(answers: Answers, on: date, payments: tuple[Payment, ...]) -> list[Sheet]:
    values = {
        "日期": day(on),
        "孩子": inline(_ages(answers)),
        "收入": inline(money_told(answers, "income")),
        "申请日期": words(answers, "applied_on"),
        "财产": inline("、".join(in_words(ASSETS, several(answers, "assets")))),
        "债务": inline("、".join(in_words(DEBTS, several(answers, "debts")))),
        "家庭暴力": words(answers, "violence") in ("yes", "unsure"),
    }
    return [Sheet("divorce_assets", "资料清单", values)]


def _ages(answers: Answers) -> str:
    """Of the children who are not of age; an empty list says that there are none."""
    if answers.get("children") == []:
        return "没有不满十八岁的孩子"
    told = several(answers, "children")
    return "、".join(f"{one}岁" if one.replace(".", "").isdigit() else one for one in told)


_FLOWS: Mapping[str, Callable[[Answers, date, tuple[Payment, ...]], list[Sheet]]] = {
    "protection_order": _protection_order,
    "safety_check": _safety_check,
    "child_game_refund": _refund,
    "divorce_path": _divorce,
}
