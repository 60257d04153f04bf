"""The same person in two cities: a code carried from one account to the other, a plain question, and an end to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.accounts import Account
from bot.conversation.case_work import CaseEntry, EntryKind
from bot.conversation.content import Text
from bot.conversation.handoffs import Handoff
from bot.conversation.messages import Author, Message
from bot.conversation.shares import Share, code_in
from tests.unit.world import CHANGSHA, CRITICAL, DIVORCE, HIGH, HUNAN, World, words

HERE = replace(CHANGSHA, union="changzhutan")
THERE = Account(
    "xiangtan",
    "湘潭妇联",
    "430300",
    app_id="",
    app_secret="",
    token="",
    encoding_aes_key="",
    union="changzhutan",
)
FAR = replace(THERE, id="yueyang", name="岳阳妇联", region="430600", union="dongting")
ASKS = words("other/share_ask", account=THERE)
WRONG = words("other/share_wrong", account=THERE)


@pytest.fixture
def world() -> World:
    drill = replace(THERE, id="drill", drill=True)
    return World(accounts={one.id: one for one in (HERE, THERE, FAR, drill, HUNAN)})


async def given(world: World) -> str:
    """The code that she gets in the first city."""
    answer = await world.hear("换个城市继续", account=HERE)
    assert answer is not None
    explained, code = answer.rsplit("\n\n", 1)
    assert explained == words("other/share_code", account=HERE)
    assert code_in(code) == code
    return code


async def there(world: World, said: str, account: Account = THERE) -> str | None:
    """What she hears in the second city."""
    return await world.hear(said, f"mei-{account.id}", account=account)


async def shared(world: World) -> Share:
    """She has a case in the first city, and lets the second one read it."""
    await world.hear(HIGH, account=HERE)
    await there(world, await given(world))
    assert await there(world, "同意") == words("other/share_agreed", account=THERE)
    (share,) = world.kept(Share)
    return share


def history(world: World) -> list[str]:
    """What the case of the first city says of sharing."""
    return [entry.words for entry in world.kept(CaseEntry) if entry.kind is EntryKind.SHARED]


async def test_nothing_is_read_before_she_said_yes_in_the_other_city(world: World) -> None:
    await world.hear(HIGH, account=HERE)
    asked = await there(world, await given(world))
    assert asked is not None
    assert asked.startswith(f"您在{HERE.name}留过事。\n\n{ASKS}")
    (share,) = world.kept(Share)
    assert not share.holds
    assert history(world) == []
    await there(world, "同意")
    (share,) = world.kept(Share)
    assert share.holds
    assert history(world) == ["她同意让湘潭妇联看这里的办件"]


async def test_she_answers_by_tapping(world: World) -> None:
    code = await given(world)
    await there(world, DIVORCE)
    await there(world, code)
    tapped = Text("不同意", menu_id="say:不同意")
    assert await world.hear(tapped, "mei-xiangtan", account=THERE) == words("other/share_refused", account=THERE)
    (share,) = world.kept(Share)
    assert share.ended_at is not None


@pytest.mark.parametrize("said", ["同意", "不同意"])
async def test_without_a_question_yes_and_no_are_words_like_any(world: World, said: str) -> None:
    await there(world, said)
    assert world.dialogue.asked


async def test_a_code_is_good_once_and_for_a_day(world: World) -> None:
    code = await given(world)
    await there(world, f" {code[:4].lower()}-{code[4:].lower()} ")
    assert await there(world, code) == WRONG
    code = await given(world)
    world.pass_time(hours=24)
    assert await there(world, code) == WRONG


async def test_what_is_asked_need_not_be_answered_for_ever(world: World) -> None:
    await there(world, await given(world))
    world.pass_time(hours=24)
    await there(world, "同意")
    (share,) = world.kept(Share)
    assert not share.holds


async def test_a_new_code_ends_the_one_before(world: World) -> None:
    old = await given(world)
    await given(world)
    assert await there(world, old) == WRONG


async def test_after_five_wrong_codes_a_day_no_code_is_heard(world: World) -> None:
    code = await given(world)
    for _ in range(5):
        assert await there(world, "ACDE3467") == WRONG
    assert await there(world, "ACDE3467") is None
    assert await there(world, code) is None
    assert len(world.said_by(Author.CONTACT)) == 8  # nothing she wrote is lost
    world.pass_time(hours=23)
    assert await there(world, code) is None
    world.pass_time(hours=2)
    assert await there(world, "ACDE3467") == WRONG


async def test_a_code_is_told_kindly_where_it_does_not_belong(world: World) -> None:
    code = await given(world)
    assert await world.hear(code, account=HERE) == words("other/share_here", account=HERE)
    assert await there(world, code, FAR) == words("other/share_foreign", account=FAR)
    assert await there(world, code, HUNAN) == words("other/share_foreign", account=HUNAN)
    drill = world.accounts["drill"]
    assert await there(world, code, drill) == words("other/share_foreign", account=drill)
    assert ASKS in (await there(world, code) or "")


async def test_where_no_city_works_with_this_one_she_is_told_so(world: World) -> None:
    assert await world.hear("换个城市继续") == words("other/share_nowhere")
    assert not world.kept(Share)


@pytest.mark.parametrize("side", ["here", "there"])
async def test_she_ends_it_on_either_side(world: World, side: str) -> None:
    await shared(world)
    if side == "here":
        answer, account = await world.hear("取消共享。", account=HERE), HERE
    else:
        answer, account = await there(world, "取消共享"), THERE
    assert answer == words("other/share_ended", account=account)
    (share,) = world.kept(Share)
    assert not share.holds
    assert history(world)[-1] == "她取消了共享，别的城市不能再看"
    assert await there(world, "取消共享") == words("other/share_none", account=THERE)


async def test_while_the_chat_is_hidden_nobody_is_passed_on(world: World) -> None:
    code = await given(world)
    await there(world, DIVORCE)
    await there(world, "收起来")
    assert await there(world, code) == words("other/hidden", account=THERE)
    await there(world, "回来")
    await there(world, code)
    await there(world, "收起来")
    assert await there(world, "同意") == words("other/hidden", account=THERE)
    assert await there(world, "取消共享") == words("other/hidden", account=THERE)
    (share,) = world.kept(Share)
    assert (share.holds, share.ended_at) == (False, None)
    await world.hear("收起来", account=HERE)
    assert await world.hear("换个城市继续", account=HERE) == words("other/hidden", account=HERE)


async def test_a_cry_for_help_is_heard_beside_a_code(world: World) -> None:
    await given(world)
    await there(world, CRITICAL)
    assert len(world.kept(Handoff)) == 1


async def test_a_code_stands_in_no_log_of_the_share(world: World) -> None:
    code = await given(world)
    (share,) = world.kept(Share)
    assert code not in repr(share)
    assert code not in repr(world.kept(Message)[0])


@pytest.mark.parametrize("words_of_hers", ["jiuming110", "12345678", "ACDEFGHJ", "A346797", "13800138000", "你好"])
def test_words_and_numbers_are_no_codes(words_of_hers: str) -> None:
    assert code_in(words_of_hers) is None
