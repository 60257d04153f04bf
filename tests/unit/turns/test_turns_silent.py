"""What she does without a word: she leaves, takes a permission back, answers about notices."""

from __future__ import annotations

import pytest

from bot.conversation.accounts import Consent
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.content import (
    AccountClosed,
    ConsentRevoked,
    Content,
    Followed,
    Image,
    Location,
    NoticeSettled,
    SubscriptionAnswered,
    Unfollowed,
    Video,
    Voice,
)
from bot.conversation.conversations import Mode
from bot.conversation.handoffs import HandoffStatus
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, Message
from bot.conversation.ports import Slot
from bot.turns.erase import Eraser
from bot.turns.take import take
from tests.unit.world import CRITICAL, DIVORCE, HUNAN, World

TEMPLATE = "template-of-follow-up"
ALLOWED, REFUSED = SubscriptionAnswered(TEMPLATE, True), SubscriptionAnswered(TEMPLATE, False)
LEAVES = [Unfollowed(), AccountClosed()]


def left(world: World) -> int:
    """Notices that she allowed and that are not used."""
    return sum(consent.left for consent in world.kept(Consent))


async def with_files(world: World) -> None:
    """She sent one file of each kind, and they were fetched."""
    for content in (Image("a"), Voice("b"), Video("c")):
        await world.hear(content)
    async with world.units() as uow:
        for media in world.kept(Media):
            media.status = MediaStatus.STORED
            await uow.media.save(media)
            await uow.media.keep_body(media.id, Body("image/png", b"bytes"))
        await uow.commit()


def stored(world: World) -> set[MediaKind]:
    return {media.kind for media in world.kept(Media) if media.status is MediaStatus.STORED}


# --- she leaves -------------------------------------------------------------------------------------------------


@pytest.mark.wechat("2.21", "2.22", "2.45", "5.27")
@pytest.mark.parametrize("content", LEAVES, ids=repr)
async def test_who_leaves_is_not_answered_and_asks_to_be_erased(world: World, content: Content) -> None:
    await world.hear(DIVORCE)
    await world.hear(ALLOWED)
    assert await take(world.inbound(content), world.turns) == Slot(None)
    assert (world.contact.following, world.contact.window) == (False, None)
    assert world.contact.erase_asked_at == world.clock.now()
    assert left(world) == 0
    assert world.said_by(Author.CONTACT)[-1].content == content


async def test_leaving_twice_was_asked_the_first_time(world: World) -> None:
    await world.hear(DIVORCE)
    await world.hear(Unfollowed())
    asked_at = world.contact.erase_asked_at
    world.pass_time(minutes=1)
    await world.hear(AccountClosed())
    assert world.contact.erase_asked_at == asked_at


async def test_who_comes_back_before_she_was_erased_is_not_erased(world: World) -> None:
    await world.hear(DIVORCE)
    await world.hear(Unfollowed())
    await world.hear(DIVORCE)
    assert (world.contact.following, world.contact.erase_asked_at) == (True, None)


async def test_a_message_from_before_she_left_does_not_bring_her_back(world: World) -> None:
    await world.hear(DIVORCE)
    late = world.inbound(DIVORCE)
    world.pass_time(minutes=1)
    await world.hear(Unfollowed())
    world.pass_time(minutes=1)
    await take(late, world.turns)
    assert (world.contact.following, world.contact.window) == (False, None)
    assert world.contact.erase_asked_at is not None


async def test_who_is_back_before_we_heard_that_she_left_is_back(world: World) -> None:
    await world.hear(DIVORCE)
    leaves = world.inbound(Unfollowed())
    world.pass_time(seconds=1)
    returns = world.inbound(Followed())
    world.pass_time(minutes=1)
    await take(leaves, world.turns)
    await take(returns, world.turns)
    assert (world.contact.following, world.contact.erase_asked_at) == (True, None)


async def test_who_asked_for_it_while_following_still_asks_when_she_writes_on(world: World) -> None:
    await world.hear(DIVORCE)
    async with world.units() as uow:
        contact = await uow.contacts.get(world.contact.id)
        contact.erase_asked_at = world.clock.now()
        await uow.contacts.save(contact)
        await uow.commit()
    await world.hear(DIVORCE)
    assert world.contact.erase_asked_at is not None


@pytest.mark.parametrize("content", [*LEAVES, ConsentRevoked(("206",)), ALLOWED, NoticeSettled(TEMPLATE, 0)], ids=repr)
async def test_nobody_becomes_known_by_leaving(world: World, content: Content) -> None:
    assert await take(world.inbound(content), world.turns) == Slot(None)
    assert world.kept(Message) == []


# --- and is erased ----------------------------------------------------------------------------------------------


@pytest.mark.wechat("2.22")
async def test_who_left_is_erased_once(world: World) -> None:
    for person in ("mei", "lan"):
        await world.hear(DIVORCE, person)
        await world.hear(Unfollowed(), person)
    await world.hear(DIVORCE, "hua")
    eraser = Eraser(world.units)
    assert [await eraser.erase_due(), await eraser.erase_due()] == [2, 0]
    async with world.units() as uow:
        assert await uow.contacts.by_mailbox("box-of-mei") is None
        assert await uow.contacts.by_mailbox("box-of-hua") is not None


@pytest.mark.wechat("2.22", "2.45")
async def test_an_urgent_case_is_kept_until_it_is_closed(world: World) -> None:
    await world.hear(CRITICAL)
    await world.hear(Unfollowed())
    eraser = Eraser(world.units)
    assert await eraser.erase_due() == 0
    assert (world.handoff.status, world.conversation.mode) == (HandoffStatus.WAITING, Mode.WAITING)
    async with world.units() as uow:
        (asked,), (case,) = world.kept(type(world.handoff)), world.kept(Case)
        asked.status, case.status = HandoffStatus.RESOLVED, CaseStatus.ARCHIVED
        await uow.handoffs.save(asked)
        await uow.cases.save(case)
        await uow.commit()
    assert await eraser.erase_due() == 1


async def test_who_was_erased_comes_back_as_a_stranger(world: World) -> None:
    await world.hear(DIVORCE)
    await world.hear(Unfollowed())
    await Eraser(world.units).erase_due()
    assert "AI" in (await world.hear(DIVORCE) or "")


# --- she takes a permission back --------------------------------------------------------------------------------


@pytest.mark.wechat("2.42")
async def test_without_her_place_the_account_s_own_office_serves(world: World) -> None:
    await world.hear(Location(28.18, 112.93, "长沙市岳麓区"))
    assert await world.hear(ConsentRevoked(("206",))) is None
    assert (world.contact.region, world.conversation.region) == (None, HUNAN.region)


@pytest.mark.wechat("2.43", "2.44")
@pytest.mark.parametrize(
    ("items", "kept"),
    [
        (("204",), {MediaKind.IMAGE, MediaKind.VIDEO}),
        (("207",), {MediaKind.VOICE}),
        (("204", "207"), set()),
        (("201", "205", "1"), set(MediaKind)),
    ],
)
async def test_files_that_she_takes_back_are_erased(world: World, items: tuple[str, ...], kept: set[MediaKind]) -> None:
    await with_files(world)
    await world.hear(ConsentRevoked(items))
    assert stored(world) == kept


@pytest.mark.wechat("2.43")
async def test_while_a_case_is_open_files_are_kept_as_evidence(world: World) -> None:
    await with_files(world)
    await world.hear(CRITICAL)
    await world.hear(ConsentRevoked(("204", "207")))
    assert stored(world) == set(MediaKind)


# --- notices ----------------------------------------------------------------------------------------------------


@pytest.mark.wechat("2.35", "2.36")
async def test_each_yes_allows_one_notice_and_a_no_takes_all(world: World) -> None:
    await world.hear(DIVORCE)
    counts = []
    for answer in (ALLOWED, ALLOWED, REFUSED, ALLOWED):
        await world.hear(answer)
        counts.append(left(world))
    assert counts == [1, 2, 0, 1]


@pytest.mark.wechat("2.35")
async def test_a_yes_that_is_taken_twice_counts_once(world: World) -> None:
    await world.hear(DIVORCE)
    inbound = world.inbound(ALLOWED)
    await take(inbound, world.turns)
    await take(inbound, world.turns)
    assert left(world) == 1


@pytest.mark.wechat("2.37", "5.63")
@pytest.mark.parametrize(("errcode", "count"), [(0, 1), (43101, 0), (47003, 1)])
async def test_the_platform_tells_when_no_consent_is_left(world: World, errcode: int, count: int) -> None:
    await world.hear(DIVORCE)
    await world.hear(ALLOWED)
    await world.hear(NoticeSettled(TEMPLATE, errcode))
    assert left(world) == count


@pytest.mark.wechat("5.27")
@pytest.mark.parametrize("content", [ALLOWED, NoticeSettled(TEMPLATE, 0), ConsentRevoked(("206",))], ids=repr)
async def test_silence_opens_no_window_and_is_no_message_of_hers(world: World, content: Content) -> None:
    await world.hear(DIVORCE)
    window, last = world.contact.window, world.conversation.last_message_at
    world.pass_time(minutes=5)
    assert await world.hear(content) is None
    assert (world.contact.window, world.conversation.last_message_at) == (window, last)
