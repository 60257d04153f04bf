"""What every store promises about pictures, voice and video, about consents and about alarms."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.conversation.accounts import Consent, Contact
from bot.conversation.alarms import Alarm, AlarmKind
from bot.conversation.errors import Conflict, NotFound, StaleVersion
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import Author
from bot.conversation.repositories import UnitsOfWork
from tests.contract.store.entities import NOW, a_contact, a_conversation, a_file, a_message, keep, later

PICTURE, PLAYABLE = Body("image/jpeg", bytes(range(256)) * 9), Body("audio/mpeg", b"\x00plays")


async def kept(units: UnitsOfWork, *files: dict[str, object]) -> list[Media]:
    """Files of one person, each with these changes."""
    contact = a_contact()
    conversation = a_conversation(contact)
    messages = [a_message(conversation) for _ in files]
    media = [a_file(message, **changes) for message, changes in zip(messages, files, strict=True)]
    await keep(units, contact, conversation, *messages, *media)
    return media


# --- media ----------------------------------------------------------------------------------------------------


async def test_a_file_comes_back_as_it_went(units: UnitsOfWork) -> None:
    [media] = await kept(units, {"transcribed": False})
    media.status, media.attempts, media.transcribed, media.due_at = MediaStatus.STORED, 3, True, later(1)
    media.content_type, media.size, media.sha256 = "image/jpeg", 12, "ab" * 32
    media.stored_at, media.reason, media.platform_id = later(2), "size", None
    async with units() as uow:
        await uow.media.save(media)
        await uow.commit()
    async with units() as uow:
        assert await uow.media.get(media.id) == media
        assert await uow.media.of_message(media.message_id) == media
        assert await uow.media.of_message("none") is None


async def test_an_unknown_file(units: UnitsOfWork) -> None:
    async with units() as uow:
        for use in (uow.media.get("none"), uow.media.body("none"), uow.media.keep_body("none", PICTURE)):
            with pytest.raises(NotFound):
                await use


async def test_a_message_brings_one_file(units: UnitsOfWork) -> None:
    [media] = await kept(units, {})
    with pytest.raises(Conflict):
        await keep(units, replace(media, id="another"))


async def test_pending_files_are_due_in_the_order_of_their_time(units: UnitsOfWork) -> None:
    late, early, _, _ = await kept(
        units,
        {"due_at": later(-1)},
        {"due_at": later(-2)},
        {"due_at": later(1)},
        {"status": MediaStatus.STORED},
    )
    async with units() as uow:
        assert await uow.media.due(NOW, 10) == [early, late]
        assert await uow.media.due(NOW, 1) == [early]


async def test_voices_wait_for_their_transcript_once_they_are_not_pending(units: UnitsOfWork) -> None:
    voice = {"kind": MediaKind.VOICE, "transcribed": False, "status": MediaStatus.STORED}
    stored, lost, refused, *_ = await kept(
        units,
        {**voice, "due_at": later(-3)},
        {**voice, "due_at": later(-2), "status": MediaStatus.LOST},
        {**voice, "due_at": later(-1), "status": MediaStatus.REFUSED},
        {**voice, "status": MediaStatus.PENDING},
        {**voice, "transcribed": True},
        {**voice, "due_at": later(1)},
        {**voice, "kind": MediaKind.VIDEO},
    )
    async with units() as uow:
        assert await uow.media.untranscribed(NOW, 10) == [stored, lost, refused]
        assert await uow.media.untranscribed(NOW, 1) == [stored]


async def test_the_bytes_come_back_as_they_went(units: UnitsOfWork) -> None:
    [media] = await kept(units, {})
    large = Body("video/mp4", b"\x00\xff" * 5_000_000)
    async with units() as uow:
        await uow.media.keep_body(media.id, PICTURE)
        await uow.media.keep_body(media.id, large)
        await uow.commit()
    async with units() as uow:
        assert await uow.media.body(media.id) == large
        assert await uow.media.body(media.id, playable=True) == large, "as it came, if no other is there"
        await uow.media.keep_body(media.id, PLAYABLE, playable=True)
        assert await uow.media.body(media.id, playable=True) == PLAYABLE
        assert await uow.media.body(media.id) == large


async def test_the_files_of_a_kind_that_she_sent_are_erased_and_ours_stay(units: UnitsOfWork) -> None:
    contact = a_contact()
    conversation = a_conversation(contact)
    hers, voice = a_message(conversation), a_message(conversation)
    ours = a_message(conversation, author=Author.OPERATOR)
    picture, sound = a_file(hers, sha256="ab"), a_file(voice, kind=MediaKind.VOICE)
    shown = a_file(ours, status=MediaStatus.STORED)
    await keep(units, contact, conversation, hers, voice, ours, picture, sound, shown)
    async with units() as uow:
        for media in (picture, sound, shown):
            await uow.media.keep_body(media.id, PICTURE)
        await uow.media.erase(contact.id, {MediaKind.IMAGE, MediaKind.VIDEO})
        await uow.commit()
    async with units() as uow:
        gone = await uow.media.get(picture.id)
        assert (gone.status, gone.platform_id, gone.sha256) == (MediaStatus.ERASED, None, None)
        with pytest.raises(NotFound):
            await uow.media.body(picture.id)
        assert await uow.media.due(NOW, 9) == [sound]
        for media in (sound, shown):
            assert await uow.media.get(media.id) == media
            assert await uow.media.body(media.id) == PICTURE


async def test_a_file_that_was_erased_meanwhile_does_not_come_back(units: UnitsOfWork) -> None:
    [media] = await kept(units, {})
    async with units() as uow:
        await uow.media.erase(media.contact_id, {MediaKind.IMAGE})
        await uow.commit()
    media.status = MediaStatus.STORED
    async with units() as uow:
        for use in (uow.media.save(media), uow.media.keep_body(media.id, PICTURE)):
            with pytest.raises(StaleVersion):
                await use


# --- consents -------------------------------------------------------------------------------------------------


async def somebody(units: UnitsOfWork) -> Contact:
    contact = a_contact()
    await keep(units, contact)
    return contact


async def test_a_consent_is_kept_as_long_as_notices_are_left(units: UnitsOfWork) -> None:
    contact, other = await somebody(units), await somebody(units)
    consent = Consent(contact.id, "template", left=2, updated_at=NOW)
    others = [Consent(contact.id, "another", 1, NOW), Consent(other.id, "template", 1, NOW)]
    async with units() as uow:
        for one in (consent, *others):
            await uow.consents.save(one)
        await uow.commit()
    used = replace(consent, left=1, updated_at=later(1))
    async with units() as uow:
        assert await uow.consents.get(contact.id, "template") == consent
        await uow.consents.save(used)
        assert await uow.consents.get(contact.id, "template") == used
        await uow.consents.save(replace(used, left=0))
        await uow.commit()
    async with units() as uow:
        assert await uow.consents.get(contact.id, "template") is None
        assert [await uow.consents.get(one.contact_id, one.template_id) for one in others] == others


async def test_all_consents_of_a_person_end_at_once(units: UnitsOfWork) -> None:
    contact, other = await somebody(units), await somebody(units)
    hers = [Consent(contact.id, template, 1, NOW) for template in ("one", "two")]
    async with units() as uow:
        for one in (*hers, Consent(other.id, "one", 1, NOW)):
            await uow.consents.save(one)
        await uow.consents.end(contact.id)
        await uow.commit()
    async with units() as uow:
        assert [await uow.consents.get(contact.id, template) for template in ("one", "two")] == [None, None]
        assert await uow.consents.get(other.id, "one") is not None


async def test_a_consent_of_nobody_is_refused(units: UnitsOfWork) -> None:
    async with units() as uow:
        with pytest.raises(Conflict):
            await uow.consents.save(Consent("nobody", "template", 1, NOW))


# --- alarms ---------------------------------------------------------------------------------------------------


async def test_an_alarm_keeps_its_beginning_until_it_is_cleared(units: UnitsOfWork) -> None:
    async with units() as uow:
        await uow.alarms.raise_("hunan", AlarmKind.SENDING, "48001", NOW)
        await uow.alarms.raise_("hunan", AlarmKind.DEAD_LETTER, "ValueError", later(1))
        await uow.commit()
    async with units() as uow:
        await uow.alarms.raise_("hunan", AlarmKind.SENDING, "45009", later(2))
        await uow.alarms.raise_("changsha", AlarmKind.SENDING, "48001", later(3))
        await uow.alarms.raise_("hunan", AlarmKind.SENDING, "48001", later(4))
        await uow.commit()
    known = Alarm("hunan", AlarmKind.SENDING, "48001", since=NOW, seen_at=later(4))
    other = Alarm("hunan", AlarmKind.DEAD_LETTER, "ValueError", later(1), later(1))
    second = Alarm("hunan", AlarmKind.SENDING, "45009", later(2), later(2))
    elsewhere = Alarm("changsha", AlarmKind.SENDING, "48001", later(3), later(3))
    async with units() as uow:
        assert await uow.alarms.all() == [known, other, second, elsewhere]
        await uow.alarms.clear("hunan", AlarmKind.SENDING)
        await uow.alarms.clear("nobody", AlarmKind.SENDING)
        await uow.commit()
    async with units() as uow:
        assert await uow.alarms.all() == [other, elsewhere]
