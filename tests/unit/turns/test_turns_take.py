"""A routine message in, an answer out; and everything else that a person may send."""

from __future__ import annotations

import pytest

from bot.conversation.accounts import Scene
from bot.conversation.content import (
    Content,
    Followed,
    Image,
    Link,
    Location,
    MenuClicked,
    Scanned,
    Text,
    Unfollowed,
    Unsupported,
    Video,
    Voice,
)
from bot.conversation.conversations import Mode
from bot.conversation.dialogue import AnswerProposed, ChoicesProposed, HandoffProposed, TextProposed
from bot.conversation.errors import NotFound
from bot.conversation.events import EventKind
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import Author, DeliveryStatus
from bot.turns.take import take
from tests.unit.world import (
    ASKS_FOR_PERSON,
    CHANGSHA,
    DISCLOSES,
    DIVORCE,
    DIVORCE_ARTICLE,
    HIGH,
    World,
    and_offer,
    proposed,
    words,
)

NOTICE = "other/handoff_opened"
NOBODY_ON_DUTY = "other/handoff_duty"
WRITE_A_WORD = "other/write_a_word"


async def known(world: World) -> None:
    """Let her have written before."""
    await world.hear(DIVORCE)


# --- routine ----------------------------------------------------------------------------------------------------


async def test_a_routine_question_gets_its_article(world: World) -> None:
    await known(world)
    assert await world.hear(DIVORCE) == words(DIVORCE_ARTICLE)


async def test_the_first_contact_gets_the_welcome_once(world: World) -> None:
    assert await world.hear(DIVORCE) == words(DIVORCE_ARTICLE, "other/welcome")
    assert await world.hear(DIVORCE) == words(DIVORCE_ARTICLE)


async def test_who_followed_was_welcomed_already(world: World) -> None:
    assert await world.hear(Followed()) == words("other/welcome")
    assert await world.hear(DIVORCE) == words(DIVORCE_ARTICLE)


async def test_the_words_are_those_of_her_account(world: World) -> None:
    answer = await world.hear(DIVORCE, account=CHANGSHA)
    assert answer == words(DIVORCE_ARTICLE, "other/welcome", account=CHANGSHA)
    assert world.conversation.region == "430100"


async def test_a_routine_turn_is_kept_whole(world: World) -> None:
    answer = await world.hear(DIVORCE, fetched=False)
    (heard,), (said,) = world.said_by(Author.CONTACT), world.said_by(Author.ASSISTANT)
    assert (heard.content, heard.intent, heard.confidence) == (Text(DIVORCE), "divorce_cooling_off", 0.93)
    assert heard.level == Level.NORMAL
    assert (said.content, [name.partition("@")[0] for name in said.articles]) == (
        Text(answer or ""),
        [DIVORCE_ARTICLE, "other/welcome"],
    )
    (delivery,) = world.deliveries
    assert (delivery.content, delivery.status, delivery.message_id) == (said.content, DeliveryStatus.OFFERED, said.id)
    assert (world.conversation.mode, world.conversation.topic) == (Mode.BOT, Topic.DIVORCE)
    assert world.conversation.last_message_at == world.clock.now()
    assert world.events == [EventKind.MESSAGE_ADDED]
    assert await world.queue.entries() == []


async def test_two_persons_have_two_conversations(world: World) -> None:
    await world.hear(DIVORCE, "mei")
    await world.hear(DIVORCE, "lan")
    contacts = {message.contact_id for message in world.said_by(Author.CONTACT)}
    conversations = {message.conversation_id for message in world.said_by(Author.CONTACT)}
    assert len(contacts) == len(conversations) == 2


async def test_a_message_of_an_account_that_is_not_ours_is_refused(world: World) -> None:
    inbound = world.inbound(DIVORCE)
    world.accounts = {}
    with pytest.raises(NotFound):
        await take(inbound, world.turns)


# --- what the assistant proposes --------------------------------------------------------------------------------


async def test_words_of_a_flow_are_said_as_they_are(world: World) -> None:
    await known(world)
    world.dialogue.script["两万"] = proposed("child_game_refund_amount", TextProposed("孩子几岁？"))
    assert await world.hear("两万") == "孩子几岁？"


async def test_choices_are_numbered_by_the_titles_of_their_articles(world: World) -> None:
    await known(world)
    world.dialogue.script["那个"] = proposed(
        "nlu_fallback", ChoicesProposed(("divorce_cooling_off", "no_such_intent", "divorce_custody"))
    )
    answer = await world.hear("那个")
    lines = (answer or "").splitlines()
    assert words("other/choices") == "\n".join(lines[:-2])
    assert [line[:3] for line in lines[-2:]] == ["1. ", "2. "]


async def test_choices_without_any_article_are_not_understood(world: World) -> None:
    await known(world)
    world.dialogue.script["那个"] = proposed("nlu_fallback", ChoicesProposed(("no_such_intent",)))
    assert await world.hear("那个") == words("other/not_understood")


async def test_an_article_that_is_missing_is_not_understood(world: World) -> None:
    await known(world)
    world.dialogue.script["什么"] = proposed("divorce_new", AnswerProposed("divorce/not_written_yet"))
    assert await world.hear("什么") == words("other/not_understood")


@pytest.mark.wechat("4.11")
async def test_several_answers_are_one_message(world: World) -> None:
    await known(world)
    world.dialogue.script["两样"] = proposed("x", AnswerProposed("other/thanks"), AnswerProposed("other/goodbye"))
    assert await world.hear("两样") == words("other/thanks", "other/goodbye")


# --- a person is needed, not this minute ------------------------------------------------------------------------


async def test_a_disclosure_gets_the_answer_and_the_notice(world: World) -> None:
    await known(world)
    await world.operator()
    assert await world.hear(DISCLOSES) == words("domestic_violence/disclosed", NOTICE)
    assert (world.conversation.mode, world.conversation.level) == (Mode.WAITING, Level.HIGH)
    assert world.conversation.acknowledged_at == world.clock.now()
    assert world.handoff.reasons == ("助手估计：可能讲到伤害、轻生或别的急事",)
    assert world.handoff.topic is Topic.DOMESTIC_VIOLENCE


async def test_serious_words_that_the_assistant_did_not_understand_get_serious_words(world: World) -> None:
    await world.operator()
    assert await world.hear(HIGH) == words("other/safety_high", NOTICE)
    assert world.dialogue.asked == [HIGH]


async def test_when_nobody_is_on_duty_the_notice_says_so(world: World) -> None:
    await known(world)
    assert await world.hear(DISCLOSES) == and_offer(words("domestic_violence/disclosed", NOBODY_ON_DUTY))


async def test_when_redis_is_away_the_notice_promises_nobody(world: World) -> None:
    await known(world)
    await world.operator()
    world.queue.available = False
    assert await world.hear(DISCLOSES) == and_offer(words("domestic_violence/disclosed", NOBODY_ON_DUTY))


async def test_who_asks_for_a_person_gets_only_the_notice(world: World) -> None:
    await world.operator()
    assert await world.hear(ASKS_FOR_PERSON) == words(NOTICE)
    assert (world.conversation.mode, world.handoff.level) == (Mode.WAITING, Level.HIGH)
    assert world.handoff.reasons == ("本人要求人工",)


async def test_who_asks_for_a_person_and_is_in_trouble_gets_serious_words_too(world: World) -> None:
    await world.operator()
    world.dialogue.script[HIGH] = proposed("other_ask_human", HandoffProposed(Level.HIGH, "asked_for_person"))
    assert await world.hear(HIGH) == words("other/safety_high", NOTICE)
    assert "本人要求人工" in world.handoff.reasons
    assert len(world.handoff.reasons) > 1


async def test_the_menu_calls_a_person_without_the_assistant(world: World) -> None:
    await world.operator()
    assert await world.hear(MenuClicked("human")) == words(NOTICE, WRITE_A_WORD)
    assert (world.conversation.mode, world.handoff.reasons) == (Mode.WAITING, ("本人要求人工",))
    assert world.dialogue.asked == []


async def test_who_wrote_lately_need_not_write_again_to_be_answered(world: World) -> None:
    await known(world)
    await world.operator()
    assert await world.hear(MenuClicked("human")) == words(NOTICE)


async def test_who_taps_that_she_is_in_danger_gets_safety_words_and_a_person(world: World) -> None:
    await world.operator()
    assert await world.hear(MenuClicked("domestic_violence/in_danger_now")) == words(
        "domestic_violence/safety_now", NOTICE, WRITE_A_WORD
    )
    assert (world.conversation.mode, world.conversation.level) == (Mode.WAITING, Level.CRITICAL)
    assert world.conversation.topic is Topic.DOMESTIC_VIOLENCE
    assert world.handoff.reasons == ("点了菜单里的“现在有危险”",)


@pytest.mark.parametrize("key", ["domestic_violence/disclosed", "other/suicidal_thoughts"])
async def test_an_item_for_who_is_hurt_or_despairs_answers_and_calls_a_person(world: World, key: str) -> None:
    await world.operator()
    assert await world.hear(MenuClicked(key)) == words(key, NOTICE, WRITE_A_WORD)
    assert (world.conversation.mode, world.conversation.level) == (Mode.WAITING, Level.HIGH)


# --- the assistant is away --------------------------------------------------------------------------------------


async def test_without_the_assistant_she_gets_a_plain_answer(world: World) -> None:
    await known(world)
    world.dialogue.down = True
    assert await world.hear(DIVORCE) == words("other/assistant_unavailable")
    assert world.conversation.mode is Mode.BOT
    assert world.said_by(Author.CONTACT)[-1].intent is None


async def test_without_the_assistant_serious_words_still_call_a_person(world: World) -> None:
    await world.operator()
    world.dialogue.down = True
    assert await world.hear(HIGH) == words("other/safety_high", NOTICE)
    assert (world.conversation.mode, world.conversation.level) == (Mode.WAITING, Level.HIGH)


# --- other kinds ------------------------------------------------------------------------------------------------


@pytest.mark.wechat("2.13", "2.14", "2.18", "2.25", "2.28")
@pytest.mark.parametrize(
    ("content", "article"),
    [
        (Followed(), "other/welcome"),
        (Followed("qr-7"), "other/welcome"),
        (Scanned("qr-7"), "other/welcome"),
        (MenuClicked("divorce/custody"), "divorce/custody"),
        (MenuClicked("an old item"), "other/welcome"),
        (Image("media"), "other/image_received"),
        (Voice("media"), "other/voice_received"),
        (Video("media"), "other/video_received"),
        (Link("标题", "https://example.org/"), "other/link_received"),
        (Location(39.9, 116.4), "other/location_received"),
        (Unsupported("file"), "other/unsupported"),
    ],
    ids=repr,
)
async def test_each_kind_has_its_answer_without_the_assistant(world: World, content: Content, article: str) -> None:
    assert await world.hear(content) == words(article)
    assert world.said_by(Author.CONTACT)[0].content == content
    assert world.dialogue.asked == []


@pytest.mark.wechat("2.21", "5.27")
async def test_who_leaves_is_recorded_and_not_answered(world: World) -> None:
    await known(world)
    assert await world.hear(Unfollowed()) is None
    assert (world.contact.following, world.contact.window) == (False, None)
    assert len(world.said_by(Author.ASSISTANT)) == 1


@pytest.mark.wechat("2.18")
async def test_who_comes_back_is_welcome(world: World) -> None:
    await world.hear(Unfollowed())
    assert await world.hear(Followed()) == words("other/welcome")
    assert world.contact.following


# --- the window in which we may send ----------------------------------------------------------------------------


@pytest.mark.wechat("5.20", "5.21", "5.22", "5.23", "5.25", "5.26")
@pytest.mark.parametrize(
    ("content", "scene", "left"),
    [
        (Text("你好"), Scene.MESSAGE, 5),
        (Image("media"), Scene.MESSAGE, 5),
        (Followed(), Scene.GESTURE, 3),
        (Scanned("qr"), Scene.GESTURE, 3),
        (MenuClicked("human"), Scene.GESTURE, 3),
        (Text("是", menu_id="101"), Scene.GESTURE, 3),
        (Unsupported("scancode_waitmsg"), Scene.GESTURE, 3),
    ],
    ids=repr,
)
async def test_what_she_did_opens_her_window(world: World, content: Content, scene: Scene, left: int) -> None:
    await world.hear(content)
    window = world.contact.window
    assert window is not None
    assert (window.scene, window.left(world.clock.now())) == (scene, left)


@pytest.mark.wechat("5.29")
async def test_a_gesture_does_not_shorten_what_a_message_opened(world: World) -> None:
    await known(world)
    await world.hear(MenuClicked("human"))
    world.pass_time(hours=5)
    window = world.contact.window
    assert window is not None
    assert window.left(world.clock.now()) == 5


@pytest.mark.wechat("5.21", "5.29")
async def test_a_gesture_opens_a_window_where_the_messages_has_closed(world: World) -> None:
    await known(world)
    world.pass_time(hours=49)
    await world.hear(MenuClicked("human"))
    window = world.contact.window
    assert window is not None
    assert (window.scene, window.left(world.clock.now())) == (Scene.GESTURE, 3)


async def test_the_window_counts_from_when_the_message_came_not_from_when_it_was_taken(world: World) -> None:
    inbound = world.inbound(Followed())
    world.pass_time(seconds=61)
    await take(inbound, world.turns)
    assert world.contact.window is not None
    assert world.contact.window.left(world.clock.now()) == 0
