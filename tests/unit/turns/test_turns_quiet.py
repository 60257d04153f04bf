"""A conversation with the assistant alone ends once it has been quiet for a week; what waits for anybody never does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import handoff
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.content import Followed, Unfollowed
from bot.conversation.conversations import QUIET_ENDS, Conversation, Mode
from bot.conversation.dialogue import FlowProposed, PaperProposed, TextProposed
from bot.conversation.flows import FlowState
from bot.conversation.handoffs import Disposition
from bot.conversation.levels import Level
from bot.conversation.messages import Author
from bot.turns.reply import reply
from bot.turns.salvage import salvage
from tests.unit.world import ASKS_FOR_PERSON, DIVORCE, PAGES_URL, World, proposed, words

NUMBER = "13800000000"


def talks(world: World) -> list[Conversation]:
    """All of her conversations, in the order in which they began."""
    return world.kept(Conversation)


async def released(world: World) -> None:
    """She asked for a person, who answered her and handed her back to the assistant."""
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    await reply(world.conversation.id, "您先看看这个，过几天告诉我", staff, world.replies)
    await handoff.release(world.conversation.id, staff, world.moves)


async def archived(world: World) -> None:
    async with world.units() as uow:
        (case,) = world.kept(Case)
        await uow.cases.save(replace(case, status=CaseStatus.ARCHIVED))
        await uow.commit()


async def test_who_writes_again_after_a_week_begins_another(world: World) -> None:
    await world.hear(DIVORCE)
    world.clock.advance(QUIET_ENDS)
    await world.hear(DIVORCE)
    before, now = talks(world)
    assert (before.mode, before.closed_at) == (Mode.CLOSED, world.clock.now())
    assert (now.mode, now.opened_at) == (Mode.BOT, world.clock.now())
    assert [line.conversation_id for line in world.said_by(Author.CONTACT)] == [before.id, now.id]
    assert world.said_by(Author.ASSISTANT)[-1].conversation_id == now.id


async def test_who_writes_again_within_the_week_goes_on(world: World) -> None:
    for _ in range(3):
        await world.hear(DIVORCE)
        world.clock.advance(QUIET_ENDS)
        world.pass_time(seconds=-1)
    await world.hear(DIVORCE)
    assert len(talks(world)) == 1


async def test_she_is_not_greeted_as_a_stranger_again(world: World) -> None:
    first = await world.hear(DIVORCE)
    world.clock.advance(QUIET_ENDS)
    again = await world.hear(DIVORCE)
    assert first is not None
    assert again is not None
    assert first.startswith(again)
    assert len(first) > len(again)


async def test_who_waits_for_a_person_waits_as_long_as_it_takes(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    world.pass_time(days=30)
    await world.hear("有人吗")
    assert [talk.mode for talk in talks(world)] == [Mode.WAITING]


async def test_what_an_operator_holds_does_not_end_by_itself(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    world.pass_time(days=30)
    await world.hear("我回来了")
    assert [talk.mode for talk in talks(world)] == [Mode.HUMAN]


async def test_as_long_as_the_office_has_her_case_open_she_goes_on(world: World) -> None:
    await released(world)
    world.pass_time(days=30)
    await world.hear("我又想起一件事")
    assert len(talks(world)) == 1
    await archived(world)
    world.pass_time(days=30)
    await world.hear("又是我")
    assert [talk.mode for talk in talks(world)] == [Mode.CLOSED, Mode.BOT]


async def test_the_last_words_of_an_operator_count_as_hers_do(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    world.pass_time(days=6)
    staff = await world.operator()
    await handoff.claim(world.conversation.id, staff, world.moves)
    await reply(world.conversation.id, "您先看看这个，过几天告诉我", staff, world.replies)
    await handoff.release(world.conversation.id, staff, world.moves)
    await archived(world)
    world.pass_time(days=6)
    await world.hear("看了，谢谢")
    assert len(talks(world)) == 1


async def test_who_is_still_to_be_called_goes_on(world: World) -> None:
    await world.hear(DIVORCE)
    async with world.units() as uow:
        given = {"phone": NUMBER, "when": "周末"}
        assert await handoff.ask_call_back(uow, world.conversation, given, world.clock.now())
        await uow.commit()
    world.pass_time(days=30)
    await world.hear(DIVORCE)
    assert len(talks(world)) == 1


async def test_what_sounded_serious_and_reached_nobody_yet_is_not_put_away(world: World) -> None:
    await world.hear(DIVORCE)
    async with world.units() as uow:
        await uow.conversations.save(replace(world.conversation, level=Level.HIGH))
        await uow.commit()
    world.pass_time(days=30)
    await world.hear(DIVORCE)
    assert len(talks(world)) == 1


async def test_who_leaves_without_a_word_begins_nothing(world: World) -> None:
    await world.hear(DIVORCE)
    world.pass_time(days=30)
    await world.hear(Unfollowed())
    assert [talk.mode for talk in talks(world)] == [Mode.BOT]
    await world.hear(Followed())
    assert [talk.mode for talk in talks(world)] == [Mode.CLOSED, Mode.BOT]


@pytest.mark.parametrize("said", ["收起来", "设暗号 买菜清单"])
async def test_what_she_set_about_the_chat_stays_hers(world: World, said: str) -> None:
    await world.hear(DIVORCE)
    await world.hear(said)
    before = (world.contact.hidden_at, world.contact.safe_word)
    assert any(before)
    world.clock.advance(QUIET_ENDS)
    await world.hear(DIVORCE)
    assert len(talks(world)) == 2
    assert (world.contact.hidden_at, world.contact.safe_word) == before


async def test_she_still_gets_the_papers_that_she_had_filled(world: World) -> None:
    done = FlowProposed("divorce_path", FlowState.FINISHED, {"way": "lawsuit"})
    paper = PaperProposed("divorce_path")
    world.dialogue.script["起诉"] = proposed("nlu_fallback", TextProposed("好了。"), done, paper)
    await world.hear("起诉")
    world.clock.advance(QUIET_ENDS)
    assert PAGES_URL in (await world.hear("再发一次链接") or "")
    assert len(talks(world)) == 2


async def test_a_question_that_stood_open_in_the_one_before_is_not_answered_here(world: World) -> None:
    staff = await world.operator()
    await world.hear(ASKS_FOR_PERSON)
    asking = FlowProposed("divorce_path", FlowState.ASKING, {})
    world.dialogue.script["登记回电"] = proposed("nlu_fallback", TextProposed("问您几样。"), asking)
    await world.hear("登记回电")
    await handoff.claim(world.conversation.id, staff, world.moves)
    await handoff.close(world.conversation.id, staff, Disposition.ANSWERED, world.moves)
    await world.hear(ASKS_FOR_PERSON)
    asked = len(world.dialogue.asked)
    await world.hear("还有一句")
    assert len(world.dialogue.asked) == asked, "who waits is not asked on by a flow of an ended conversation"


async def test_a_message_that_no_turn_can_take_begins_another_too(world: World) -> None:
    await world.hear(DIVORCE)
    world.clock.advance(QUIET_ENDS)
    await salvage(world.inbound(DIVORCE), "ZeroDivisionError", world.turns)
    assert [talk.mode for talk in talks(world)] == [Mode.CLOSED, Mode.BOT]
    assert world.said_by(Author.ASSISTANT)[-1].content.text == words("other/not_handled")  # type: ignore[union-attr]
