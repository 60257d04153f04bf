"""What operators see: the right lines in the right order, and nothing outside their scope."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.accounts import Consent, Scene, SendingWindow
from bot.conversation.alarms import Alarm, AlarmKind
from bot.conversation.cases import CaseStatus
from bot.conversation.content import Image
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import NotFound
from bot.conversation.handoffs import Handoff, HandoffStatus
from bot.conversation.levels import Level
from bot.conversation.media import Body, MediaStatus
from bot.conversation.messages import Author, DeliveryStatus, Route
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Scope
from bot.store.encryption import FernetSealer
from bot.store.lists import own_lists, waiting_list
from bot.store.queries import Fate, conversation_page, list_alarms, media_body
from tests.contract.store.entities import (
    NOW,
    a_case,
    a_contact,
    a_conversation,
    a_delivery,
    a_file,
    a_handoff,
    a_message,
    keep,
    later,
)

EVERYTHING = Scope()


async def somebody_waits(
    units: UnitsOfWork, account: str = "hunan", region: str = "430100", **changes: object
) -> Handoff:
    contact = a_contact(account_id=account)
    conversation = a_conversation(contact, region=region, mode=Mode.WAITING)
    handoff = a_handoff(conversation, **changes)
    await keep(units, contact, conversation, handoff)
    return handoff


async def test_nobody_waits(engine: AsyncEngine, sealer: FernetSealer) -> None:
    assert (await waiting_list(engine, sealer, EVERYTHING, 100)).rows == ()


async def test_a_line_tells_what_an_operator_needs(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    contact = a_contact(id="ab12" + "0" * 28)
    conversation = a_conversation(contact, mode=Mode.WAITING)
    handoff = a_handoff(conversation)
    case, archived = a_case(conversation), a_case(conversation, opened_at=later(9), status=CaseStatus.ARCHIVED)
    said = [
        a_message(conversation, "早先的话"),
        a_message(conversation, author=Author.OPERATOR, staff_id="li"),
        a_message(conversation, "救" * 70, at=later(2)),
        a_message(conversation, author=Author.ASSISTANT),
    ]
    await keep(sql_units, contact, conversation, handoff, case, archived, *said)
    [line] = (await waiting_list(engine, sealer, EVERYTHING, 100)).rows
    assert (line.conversation_id, line.handoff_id) == (conversation.id, handoff.id)
    assert (line.account_id, line.region) == ("hunan", "430100")
    assert (line.level, line.topic, line.reasons) == (handoff.level, handoff.topic, handoff.reasons)
    assert line.requested_at == NOW
    assert line.contact_name == "来访者 AB12"
    assert line.last_words == "救" * 60
    assert (line.unread, line.total) == (1, 4)
    assert line.unread_since == said[2].at
    assert line.case_number == case.number
    assert "救" not in repr(line)


async def test_a_line_of_somebody_who_said_nothing(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    await somebody_waits(sql_units)
    [line] = (await waiting_list(engine, sealer, EVERYTHING, 100)).rows
    assert (line.last_words, line.unread, line.total, line.case_number) == ("", 0, 0, None)
    assert line.unread_since is None


async def test_what_is_no_text_is_named(sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    await keep(
        sql_units, contact, conversation, a_handoff(conversation), a_message(conversation, content=Image("media"))
    )
    [line] = (await waiting_list(engine, sealer, EVERYTHING, 100)).rows
    assert line.last_words == "［图片］"


async def test_the_most_urgent_comes_first_and_then_the_longest_waiting(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    late = await somebody_waits(sql_units, level=Level.HIGH, requested_at=later(2))
    early = await somebody_waits(sql_units, level=Level.HIGH, requested_at=later(1))
    normal = await somebody_waits(sql_units, level=Level.NORMAL, requested_at=later(0))
    critical = await somebody_waits(sql_units, level=Level.CRITICAL, requested_at=later(3))
    await somebody_waits(sql_units, status=HandoffStatus.CLAIMED)
    await somebody_waits(sql_units, status=HandoffStatus.RESOLVED)
    lines = (await waiting_list(engine, sealer, EVERYTHING, 100)).rows
    assert [line.handoff_id for line in lines] == [critical.id, early.id, late.id, normal.id]


@pytest.mark.parametrize(
    ("accounts", "regions"),
    [
        ((), ()),
        (("hunan",), ()),
        (("nobody",), ()),
        ((), ("430000",)),
        ((), ("430100",)),
        ((), ("430102", "440000")),
        (("hunan",), ("430100",)),
        (("changsha", "hunan"), ("430100", "430200")),
        ((), ("4%", "43_100")),
    ],
)
async def test_the_scope_is_kept(
    sql_units: UnitsOfWork,
    engine: AsyncEngine,
    sealer: FernetSealer,
    accounts: tuple[str, ...],
    regions: tuple[str, ...],
) -> None:
    scope = Scope(frozenset(accounts), frozenset(regions))
    everybody = [
        await somebody_waits(sql_units, account, region)
        for account in ("hunan", "changsha")
        for region in ("430000", "430100", "430102", "430200", "440100")
    ]
    expected = {one.id for one in everybody if scope.covers(one.account_id, one.region)}
    assert {line.handoff_id for line in (await waiting_list(engine, sealer, scope, 100)).rows} == expected
    for one in everybody:
        if one.id in expected:
            await conversation_page(engine, sealer, scope, one.conversation_id)
            continue
        with pytest.raises(NotFound):
            await conversation_page(engine, sealer, scope, one.conversation_id)


async def test_my_conversations_are_those_that_i_own(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    async def talk(owner: str | None, mode: Mode, status: HandoffStatus) -> Conversation:
        contact = a_contact()
        conversation = a_conversation(contact, mode=mode, owner=owner)
        await keep(sql_units, contact, conversation, a_handoff(conversation, status=status))
        return conversation

    mine = await talk("li", Mode.HUMAN, HandoffStatus.CLAIMED)
    await talk("wang", Mode.HUMAN, HandoffStatus.CLAIMED)
    await talk("li", Mode.CLOSED, HandoffStatus.RESOLVED)
    await talk(None, Mode.WAITING, HandoffStatus.WAITING)
    lines = (await own_lists(engine, sealer, EVERYTHING, "li")).talking
    assert [line.conversation_id for line in lines] == [mine.id]
    elsewhere = Scope(regions=frozenset({"440000"}))
    assert (await own_lists(engine, sealer, elsewhere, "li")).talking == ()


async def test_a_page_shows_the_whole_conversation(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    window = SendingWindow(Scene.MESSAGE, NOW, sent=2)
    contact = a_contact(window=window, following=False)
    conversation = a_conversation(contact, mode=Mode.HUMAN, owner="li")
    first = a_handoff(conversation, status=HandoffStatus.RESOLVED)
    second = a_handoff(conversation, status=HandoffStatus.CLAIMED, requested_at=later(1))
    case = a_case(conversation, opened_at=later(1))
    archived = [a_case(conversation, opened_at=later(minutes), status=CaseStatus.ARCHIVED) for minutes in (-2, 2, -1)]
    said = a_message(conversation, "在吗")
    answer = a_message(conversation, "在的", author=Author.OPERATOR, staff_id="li")
    refused = a_delivery(
        answer,
        status=DeliveryStatus.REFUSED,
        route=Route.CUSTOMER_SERVICE,
        errcode=45015,
        settled_at=later(3),
    )
    await keep(sql_units, contact, conversation, first, second, case, *archived, said, answer)
    await keep(sql_units, refused, a_delivery(answer))
    page = await conversation_page(engine, sealer, EVERYTHING, conversation.id)
    assert (page.conversation, page.handoff, page.case) == (conversation, second, case)
    assert page.earlier_cases == (archived[1], archived[2], archived[0])
    assert (page.window, page.following) == (window, False)
    assert [shown.message for shown in page.messages] == [said, answer]
    assert page.messages[0].fates == ()
    assert page.messages[1].fates == (
        Fate(DeliveryStatus.REFUSED, Route.CUSTOMER_SERVICE, 45015, later(3)),
        Fate(DeliveryStatus.PENDING, None, None, None),
    )


async def test_a_closed_conversation_shows_its_own_case(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    contact = a_contact()
    before = a_conversation(contact, mode=Mode.CLOSED)
    closed = a_conversation(contact, mode=Mode.CLOSED)
    its_case = a_case(closed, status=CaseStatus.ARCHIVED)
    other = a_case(before, status=CaseStatus.ARCHIVED, opened_at=later(1))
    await keep(sql_units, contact, before, closed, its_case, other)
    page = await conversation_page(engine, sealer, EVERYTHING, closed.id)
    assert (page.case, page.earlier_cases) == (its_case, (other,))
    assert (page.handoff, page.window, page.messages) == (None, None, ())


async def test_her_earlier_conversations_are_named_the_newest_first_within_the_scope(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    contact, other = a_contact(), a_contact()
    closed = {"mode": Mode.CLOSED}
    first, second = (a_conversation(contact, opened_at=later(minute), **closed) for minute in (1, 2))
    elsewhere = a_conversation(contact, opened_at=later(3), region="440100", **closed)
    now = a_conversation(contact, opened_at=later(4))
    await keep(sql_units, contact, other, first, second, elsewhere, now, a_conversation(other))
    province = Scope(regions=frozenset({"430000"}))
    assert (await conversation_page(engine, sealer, province, now.id)).earlier == (second, first)
    assert (await conversation_page(engine, sealer, EVERYTHING, second.id)).earlier == (first,)


async def test_earlier_cases_stay_within_the_scope(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    elsewhere = a_case(conversation, region="440100")
    await keep(sql_units, contact, conversation, elsewhere)
    page = await conversation_page(engine, sealer, Scope(regions=frozenset({"430000"})), conversation.id)
    assert (page.case, page.earlier_cases) == (None, ())


async def test_a_page_tells_of_the_person_what_matters_for_an_answer(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    contact = a_contact(region="430102", refusal=43016, erase_asked_at=later(1))
    conversation, other = a_conversation(contact), a_contact()
    await keep(sql_units, contact, conversation, other)
    consents = [Consent(contact.id, "one", 1, NOW), Consent(contact.id, "two", 3, NOW)]
    async with sql_units() as uow:
        for consent in (*consents, Consent(other.id, "one", 9, NOW)):
            await uow.consents.save(consent)
        await uow.commit()
    page = await conversation_page(engine, sealer, EVERYTHING, conversation.id)
    assert (page.contact_region, page.refusal, page.erase_asked_at) == ("430102", 43016, later(1))
    assert page.consents == tuple(consents)


async def test_a_page_shows_what_each_message_brought(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    contact = a_contact()
    conversation, before = a_conversation(contact), a_conversation(contact, mode=Mode.CLOSED)
    words, picture = a_message(conversation), a_message(conversation, content=Image("media"))
    earlier = a_message(before, content=Image("media"))
    media = a_file(picture, status=MediaStatus.REFUSED, reason="size")
    await keep(sql_units, contact, before, conversation, words, picture, earlier, media, a_file(earlier))
    page = await conversation_page(engine, sealer, EVERYTHING, conversation.id)
    assert [(shown.message.id, shown.media) for shown in page.messages] == [(words.id, None), (picture.id, media)]


async def test_a_file_is_shown_within_the_scope_only(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    contact = a_contact()
    conversation = a_conversation(contact, region="430100")
    message = a_message(conversation)
    media, came, plays = a_file(message), Body("audio/amr", b"came"), Body("audio/mpeg", b"plays")
    await keep(sql_units, contact, conversation, message, media)
    show = partial(media_body, engine, sealer)
    with pytest.raises(NotFound):
        await show(EVERYTHING, media.id, playable=True)
    async with sql_units() as uow:
        await uow.media.keep_body(media.id, came)
        await uow.commit()
    assert await show(EVERYTHING, media.id, playable=True) == came
    async with sql_units() as uow:
        await uow.media.keep_body(media.id, plays, playable=True)
        await uow.commit()
    for scope in (EVERYTHING, Scope(frozenset({"hunan"}), frozenset({"430000"}))):
        assert await show(scope, media.id, playable=True) == plays
        assert await show(scope, media.id, playable=False) == came
    for scope in (Scope(accounts=frozenset({"changsha"})), Scope(regions=frozenset({"430200"}))):
        with pytest.raises(NotFound):
            await show(scope, media.id, playable=True)
    with pytest.raises(NotFound):
        await show(EVERYTHING, "none", playable=False)


async def test_alarms_are_those_of_the_accounts_of_the_scope(sql_units: UnitsOfWork, engine: AsyncEngine) -> None:
    hunan, changsha = (Alarm(account, AlarmKind.SENDING, "48001", NOW, NOW) for account in ("hunan", "changsha"))
    async with sql_units() as uow:
        for alarm in (hunan, changsha):
            await uow.alarms.raise_(alarm.account_id, alarm.kind, alarm.detail, NOW)
        await uow.commit()
    assert await list_alarms(engine, EVERYTHING) == [changsha, hunan]
    assert await list_alarms(engine, Scope(frozenset({"hunan"}), frozenset({"430200"}))) == [hunan]
