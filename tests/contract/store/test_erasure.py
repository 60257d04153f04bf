"""A person who asked to be erased: who may be, what goes, what stays, and that nothing of it comes back."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.accounts import Consent, Contact, Scene, SendingWindow
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.content import Location, Picture, Voice, words_of
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import InvalidData, NotFound, StaleVersion
from bot.conversation.handoffs import HandoffStatus
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, Delivery, DeliveryStatus, Message
from bot.conversation.repositories import UnitsOfWork
from bot.store.encryption import FernetSealer
from bot.store.engine import create_engine
from bot.store.tables import metadata
from bot.store.unit_of_work import SqlUnitOfWork
from tests.contract.store.conftest import MakeDatabase
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

OPENID = "o-SECRET-openid"
BYTES = b"SECRET picture " * 9
SHA256 = hashlib.sha256(BYTES).hexdigest()
TRACES = ("SECRET", SHA256, "430102", "at-the-platform")


@dataclass
class Life:
    """All that a store may know of one person."""

    contact: Contact
    talks: list[Conversation]
    messages: list[Message]
    deliveries: list[Delivery]
    files: list[Media]
    case: Case


def a_life() -> Life:
    window = SendingWindow(Scene.MESSAGE, NOW, sent=2)
    contact = a_contact(openid=OPENID, mailbox="SECRET-mailbox", window=window, region="430102", erase_asked_at=NOW)
    closed = a_conversation(contact, mode=Mode.CLOSED, closed_at=NOW)
    current = a_conversation(contact, mode=Mode.HUMAN, owner="li")
    said = [
        a_message(closed, "SECRET 早先", inbound_key="hunan:SECRET-1"),
        a_message(current, content=Voice("SECRET-voice"), inbound_key="hunan:SECRET-2"),
        a_message(current, content=Location(28.2, 112.9, "SECRET 路"), level="high"),
        a_message(current, "SECRET answer", author=Author.OPERATOR, staff_id="li"),
    ]
    answer = partial(a_delivery, said[-1])
    sent = [
        answer(status=DeliveryStatus.SENT, inbound_key="hunan:SECRET-1", settled_at=later(1)),
        answer(status=DeliveryStatus.HELD, uploaded_id="at-the-platform", uploaded_until=later(9)),
        answer(content=Picture("SECRET-file")),
    ]
    picture = a_file(said[0], platform_id="SECRET-id", sha256=SHA256, status=MediaStatus.STORED)
    voice = a_file(said[1], platform_id="SECRET-id", kind=MediaKind.VOICE, transcribed=False)
    return Life(contact, [closed, current], said, sent, [picture, voice], a_case(closed, status=CaseStatus.ARCHIVED))


async def lived(units: UnitsOfWork) -> Life:
    life = a_life()
    await keep(units, life.contact, *life.talks, *life.messages, *life.deliveries, *life.files, life.case)
    async with units() as uow:
        await uow.media.keep_body(life.files[0].id, Body("image/jpeg", BYTES))
        await uow.media.keep_body(life.files[0].id, Body("image/png", BYTES), playable=True)
        await uow.consents.save(Consent(life.contact.id, "template", 2, NOW))
        await uow.commit()
    return life


async def erase(units: UnitsOfWork, contact: Contact) -> None:
    async with units() as uow:
        await uow.contacts.erase(contact.id)
        await uow.commit()


# --- who may be erased ----------------------------------------------------------------------------------------


@pytest.mark.wechat("2.22", "2.45")
async def test_those_are_erased_who_asked_and_of_whom_nothing_is_open(units: UnitsOfWork) -> None:
    async def somebody(handoff: HandoffStatus, case: CaseStatus, **changes: object) -> Contact:
        contact = a_contact(**{"erase_asked_at": NOW, **changes})
        conversation = a_conversation(contact)
        await keep(units, contact, conversation, a_handoff(conversation, status=handoff))
        await keep(units, a_case(conversation, status=case))
        return contact

    done, archived = HandoffStatus.RESOLVED, CaseStatus.ARCHIVED
    second = await somebody(done, archived, erase_asked_at=later(2))
    first = await somebody(done, archived)
    await somebody(done, archived, erase_asked_at=None)
    await somebody(HandoffStatus.WAITING, archived)
    await somebody(HandoffStatus.CLAIMED, archived)
    await somebody(done, CaseStatus.FOLLOWING_UP)
    async with units() as uow:
        assert await uow.contacts.to_erase(10) == [first, second]
        assert await uow.contacts.to_erase(1) == [first]
        await uow.contacts.erase(first.id)
        await uow.commit()
    async with units() as uow:
        assert await uow.contacts.to_erase(10) == [second], "she is erased once"


# --- what goes, and what stays --------------------------------------------------------------------------------


@pytest.mark.wechat("2.22", "2.45")
async def test_nothing_is_left_that_names_or_shows_her(units: UnitsOfWork) -> None:
    life = await lived(units)
    await erase(units, life.contact)
    async with units() as uow:
        contact = await uow.contacts.get(life.contact.id)
        assert await uow.contacts.by_mailbox("SECRET-mailbox") is None
        assert "SECRET" not in contact.openid + contact.mailbox
        assert (contact.window, contact.region, contact.following) == (None, None, False)
        said = [line for talk in life.talks for line in await uow.messages.recent(talk.id, 9)]
        assert [words_of(line.content) for line in said] == ["［无法显示的消息：已按本人要求删除］"] * 4
        assert await uow.messages.by_inbound_key("hunan:SECRET-1") is None
        sent = [await uow.deliveries.get(delivery.id) for delivery in life.deliveries]
        assert "SECRET" not in str([delivery.content for delivery in sent])
        assert [delivery.uploaded_id for delivery in sent] == [None] * 3
        assert await uow.deliveries.for_inbound("hunan:SECRET-1") == []
        files = [await uow.media.get(media.id) for media in life.files]
        assert [(one.status, one.platform_id, one.sha256) for one in files] == [(MediaStatus.ERASED, None, None)] * 2
        for playable in (True, False):
            with pytest.raises(NotFound):
                await uow.media.body(life.files[0].id, playable=playable)
        assert await uow.consents.get(life.contact.id, "template") is None


async def test_nothing_more_is_sent_fetched_or_said_to_her(units: UnitsOfWork) -> None:
    life = await lived(units)
    await erase(units, life.contact)
    async with units() as uow:
        assert await uow.deliveries.due(later(999), 9) == []
        assert await uow.deliveries.held(life.contact.id) == []
        sent = [await uow.deliveries.get(delivery.id) for delivery in life.deliveries]
        assert [one.status for one in sent] == [DeliveryStatus.SENT, DeliveryStatus.REFUSED, DeliveryStatus.REFUSED]
        assert all(one.settled_at for one in sent)
        assert await uow.media.due(later(999), 9) == await uow.media.untranscribed(later(999), 9) == []
        assert await uow.conversations.current(life.contact.id) is None
        ended = await uow.conversations.get(life.talks[1].id)
        assert (ended.mode, ended.owner, ended.version) == (Mode.CLOSED, None, 1)
        assert ended.closed_at is not None


async def test_what_names_nobody_stays(units: UnitsOfWork) -> None:
    life = await lived(units)
    await erase(units, life.contact)
    async with units() as uow:
        assert await uow.cases.get(life.case.id) == life.case
        assert await uow.conversations.get(life.talks[0].id) == life.talks[0]
        said = await uow.messages.recent(life.talks[1].id, 9)
        assert [(line.id, line.author, line.at, line.level) for line in said] == [
            (line.id, line.author, line.at, line.level) for line in life.messages[1:]
        ]


async def test_others_lose_nothing(units: UnitsOfWork) -> None:
    other = a_contact()
    conversation = a_conversation(other)
    message = a_message(conversation, "别人的话", inbound_key="hunan:1")
    delivery, media = a_delivery(message), a_file(message)
    await keep(units, other, conversation, message, delivery, media)
    async with units() as uow:
        await uow.media.keep_body(media.id, Body("image/jpeg", b"theirs"))
        await uow.consents.save(Consent(other.id, "template", 1, NOW))
        await uow.commit()
    await erase(units, (await lived(units)).contact)
    async with units() as uow:
        assert await uow.contacts.get(other.id) == other
        assert await uow.conversations.current(other.id) == conversation
        assert await uow.messages.by_inbound_key("hunan:1") == message
        assert await uow.deliveries.due(NOW, 9) == [delivery]
        assert await uow.media.due(NOW, 9) == [media]
        assert await uow.media.body(media.id) == Body("image/jpeg", b"theirs")
        assert await uow.consents.get(other.id, "template") == Consent(other.id, "template", 1, NOW)


async def test_she_may_write_again_as_a_stranger(units: UnitsOfWork) -> None:
    life = await lived(units)
    await erase(units, life.contact)
    again = a_contact(openid=OPENID, mailbox="SECRET-mailbox")
    conversation = a_conversation(again)
    await keep(units, again, conversation, a_message(conversation, inbound_key="hunan:SECRET-1"))
    async with units() as uow:
        assert await uow.contacts.by_mailbox("SECRET-mailbox") == again
        assert await uow.contacts.to_erase(9) == []


async def test_whoever_read_her_before_cannot_bring_her_back(units: UnitsOfWork) -> None:
    life = await lived(units)
    await erase(units, life.contact)
    late = a_message(life.talks[1], "SECRET late")
    async with units() as uow:
        for use in (
            uow.contacts.save(life.contact),
            uow.contacts.erase(life.contact.id),
            uow.conversations.save(life.talks[1]),
            uow.conversations.add(a_conversation(life.contact)),
            uow.messages.add(late),
            uow.deliveries.save(life.deliveries[1]),
            uow.deliveries.add(a_delivery(life.messages[0])),
            uow.media.save(life.files[1]),
            uow.media.add(replace(life.files[1], id="another", message_id=life.messages[2].id)),
            uow.media.keep_body(life.files[1].id, Body("audio/amr", BYTES)),
            uow.consents.save(Consent(life.contact.id, "template", 1, NOW)),
        ):
            with pytest.raises(StaleVersion):
                await use


async def test_an_unknown_person_is_not_erased(units: UnitsOfWork) -> None:
    async with units() as uow:
        with pytest.raises(NotFound):
            await uow.contacts.erase("nobody")


# --- the database itself --------------------------------------------------------------------------------------


@pytest.mark.wechat("2.22", "2.45")
async def test_no_sealed_value_of_hers_is_left_in_any_table(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: FernetSealer
) -> None:
    life = await lived(sql_units)
    assert set(TRACES) <= set(_traces(await _values(engine), sealer)), "the search finds them while she is there"
    await erase(sql_units, life.contact)
    assert _traces(await _values(engine), sealer) == []
    async with engine.connect() as connection:
        for table in ("media_bodies", "consents"):
            count = sa.select(sa.func.count()).select_from(sa.table(table))
            assert (await connection.execute(count)).scalar_one() == 0


async def test_no_sealed_value_of_hers_is_left_in_the_file(
    migrated_database: MakeDatabase, sealer: FernetSealer
) -> None:
    """Not even where SQLite keeps pages and cells that it no longer needs."""
    url = migrated_database("sqlite")
    engine = create_engine(url)
    units: UnitsOfWork = partial(SqlUnitOfWork, engine, sealer)
    life = await lived(units)
    file = Path(sa.make_url(url).database or "")
    kept = _traces(_tokens(file), sealer)
    assert set(TRACES) <= set(kept), "the search finds them while she is there"
    await erase(units, life.contact)
    assert _traces(_tokens(file), sealer) == []
    await engine.dispose()


async def _values(engine: AsyncEngine) -> list[object]:
    async with engine.connect() as connection:
        rows = [await connection.execute(sa.select(table)) for table in metadata.sorted_tables]
        return [value for result in rows for row in result for value in row]


def _tokens(file: Path) -> list[object]:
    """All that is in a SQLite file: it as a whole, and each sealed value in it."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
    raw = file.read_bytes()
    return [raw.decode("latin-1"), *re.findall(rb"gAAAAA[0-9A-Za-z_-]+=*", raw)]


def _traces(values: list[object], sealer: FernetSealer) -> list[str]:
    found: list[str] = []
    for value in values:
        clear = str(value)
        if isinstance(value, bytes | memoryview):
            clear = _opened(bytes(value), sealer)
        found += [trace for trace in TRACES if trace in clear]
    return found


def _opened(sealed: bytes, sealer: FernetSealer) -> str:
    try:
        return sealer.open(sealed).decode("latin-1")
    except InvalidData:
        return sealed.decode("latin-1")
