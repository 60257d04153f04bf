"""What she answered in guided help, as an operator reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.console.folding import folded
from bot.conversation.answers import TITLE_OF_FLOW, WORDS_OF_ANSWERS, told
from bot.conversation.flows import Flow, FlowState
from bot.conversation.masking import masked

_STATES = {FlowState.ASKING: "还在填", FlowState.FINISHED: "填完了", FlowState.LEFT: "中途离开"}
SAFETY = {
    "now": "现在正有危险",
    "weapon": "用过或威胁用凶器",
    "kill_threat": "威胁要杀人",
    "choking": "掐过脖子",
    "fear": "她觉得会被打死",
    "worse": "近来更重、更频繁",
    "leaving": "刚分开或准备离开",
    "control": "管控、吃醋厉害",
    "following": "跟踪、盯梢、威胁信息",
    "forced": "强迫过夜",
    "pregnancy": "怀孕时打过",
    "children": "威胁或打过孩子",
    "habits": "酗酒、吸毒、赌博",
    "his_suicide": "他说过要寻死",
    "injuries": "有伤没治",
}
"""The questions of the safety check (actions/safety_check.py), as an operator reads them."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One flow: its name, how far it came, and its rows of question and answer; alarming ones are marked.

    `hides` if a number in them is hidden.
    """

    id: str
    conversation_id: str
    title: str
    state: str
    rows: tuple[tuple[str, str, bool], ...] = field(repr=False)
    hides: bool


def answered(flows: Iterable[Flow], show: Callable[[str], str] = masked) -> tuple[Answered, ...]:
    """The flows in which she answered anything; `show` says what of the words is seen."""
    return tuple(_answered(flow, show) for flow in flows if flow.answers)


def _answered(flow: Flow, show: Callable[[str], str]) -> Answered:
    safety = flow.name == "safety_check"
    labels = {**WORDS_OF_ANSWERS, **SAFETY} if safety else WORDS_OF_ANSWERS
    rows = [
        (labels.get(name, name), told(value, name), safety and value == "yes") for name, value in flow.answers.items()
    ]
    if flow.payments:
        total = sum(payment.amount for payment in flow.payments) / 100
        rows.append(("选中的付款", f"{len(flow.payments)} 笔，{total:,.2f} 元", False))
    said = [(label, folded(words, show), alarming) for label, words, alarming in rows]
    hidden = any(words.hides for _, words, _ in said)
    seen = tuple((label, f"{words.text}……" if words.rest else words.text, alarming) for label, words, alarming in said)
    return Answered(flow.id, flow.conversation_id, TITLE_OF_FLOW[flow.name], _STATES[flow.state], seen, hidden)
