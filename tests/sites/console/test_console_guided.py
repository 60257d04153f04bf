"""What she answered in guided help, beside the conversation; and the warning when she has hidden the chat."""

from __future__ import annotations

import re
from datetime import timedelta

from bot import guidance
from bot.conversation.conversations import Conversation
from bot.conversation.dialogue import FlowProposed
from bot.conversation.flows import Answers, FlowState
from tests.doubles.office import Office
from tests.sites.console.pages import opened, taken, words


async def answers(office: Office, talk: Conversation, flow: str, given: Answers) -> None:
    """She answers questions of a flow."""
    async with office.units() as uow:
        await guidance.keep(uow, talk, FlowProposed(flow, FlowState.FINISHED, given), office.clock.now())
        await uow.commit()


def guided(page: str) -> str:
    """The part of the file that shows a flow."""
    found = re.search(r'<section class="answered"[^>]*>.*?</section>', page, flags=re.DOTALL)
    assert found
    return found[0]


async def test_the_answers_of_the_safety_check_stand_beside_the_chat_and_alarming_ones_are_marked(
    office: Office,
) -> None:
    talk = await taken(office, "我想评估一下")
    await answers(office, talk, "safety_check", {"weapon": "yes", "choking": "no", "weight": 4.0, "level": "critical"})
    section = guided(await opened(office, talk))
    assert words(section) == "安全评估 填完了 用过或威胁用凶器 有 掐过脖子 没有 分量 4 级别 紧急"
    assert section.count('class="alarming"') == 1
    assert '<dt>用过或威胁用凶器</dt><dd class="alarming">有</dd>' in section


async def test_her_words_in_a_flow_are_shown_as_words(office: Office) -> None:
    talk = await taken(office, "写申请")
    await answers(
        office, talk, "protection_order", {"happened": "<script>alert(1)</script>", "asks": ("不许打", "搬走")}
    )
    section = guided(await opened(office, talk))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in section
    assert "<script>" not in section
    assert "不许打、搬走" in section


async def test_an_operator_is_warned_while_the_chat_is_hidden(office: Office) -> None:
    talk = await taken(office, "你好")
    await office.change_contact(talk, hidden_at=office.clock.now() - timedelta(minutes=2))
    assert "可能有人在看她的手机" in await opened(office, talk)
    await office.change_contact(talk, hidden_at=None)
    assert "可能有人在看她的手机" not in await opened(office, talk)
