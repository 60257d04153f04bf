"""What is offered to tap under an answer: another article, or a flow of guided help."""

from __future__ import annotations

from collections.abc import Mapping

FLOW = "flow:"
"""How a button that begins a flow is written in an article."""

WORDS_OF_FLOW: Mapping[str, str] = {
    "safety_check": "评估一下我的安全",
    "protection_order": "写保护令申请书",
    "child_game_refund": "准备退款材料",
    "divorce_path": "理一理离婚的事",
    "parenting_help": "说说孩子的情况",
    "referral": "申请法律援助或咨询",
    "call_back": "登记回电",
}
"""The words on the button of each flow, of `bot.conversation.flows.FLOWS`; whoever sees her phone may read them.

The assistant knows these very words (actions/, data/nlu/flows.yml)."""


def flow_of(button: str) -> str | None:
    """The flow that a button begins; None where it gives an article."""
    return button.removeprefix(FLOW) if button.startswith(FLOW) else None
