"""What an operator does beside the words: notes, her name and number, canned replies, the articles that she quotes."""

from __future__ import annotations

import pytest

from bot import handoff
from bot.conversation.canned import CannedReply
from bot.conversation.errors import Forbidden, InvalidData, NotFound
from bot.conversation.events import EventKind
from bot.conversation.handoffs import Disposition
from bot.conversation.messages import Author
from bot.conversation.notes import MAX_NOTE, Note
from bot.conversation.staff import AuditEntry, Role, Scope, Staff
from bot.turns.canned import add_canned, change_canned, end_canned
from bot.turns.note import BesidePorts, write_note
from bot.turns.person import show_person, write_person
from bot.turns.reply import reply
from tests.unit.world import ASKS_FOR_PERSON, DIVORCE_ARTICLE, World, knowledge, words

FAR = Scope(regions=frozenset({"460000"}))


def beside(world: World) -> BesidePorts:
    return BesidePorts(world.units, world.feed, world.clock)


async def claimed(world: World) -> Staff:
    staff = await world.operator("li")
    await world.hear(ASKS_FOR_PERSON)
    await handoff.claim(world.conversation.id, staff, world.moves)
    return staff


def last_deed(world: World) -> tuple[str, str]:
    entry = world.kept(AuditEntry)[-1]
    return entry.action, entry.staff_id


# --- notes ---


async def test_a_note_is_kept_told_and_written_down_and_goes_to_nobody(world: World) -> None:
    staff = await claimed(world)
    before = len(world.deliveries)
    note = await write_note(world.conversation.id, "  她妈妈知道 \n", staff, beside(world))
    assert world.kept(Note) == [note]
    assert (note.text, note.staff_id, note.at) == ("她妈妈知道", staff.id, world.clock.now())
    assert world.events[-1] is EventKind.NOTE_ADDED
    assert last_deed(world) == ("note.write", staff.id)
    assert world.kept(AuditEntry)[-1].target == note.id
    assert len(world.deliveries) == before
    assert world.said_by(Author.OPERATOR) == []


async def test_a_note_that_is_sent_again_under_its_key_is_kept_once(world: World) -> None:
    staff = await claimed(world)
    for said in ("她妈妈知道", " 她妈妈知道", "她妹妹也知道"):
        await write_note(world.conversation.id, said, staff, beside(world), "box")
    for _ in range(2):
        await write_note(world.conversation.id, "没有钥匙", staff, beside(world))
    assert [note.text for note in world.kept(Note)] == ["她妈妈知道", "她妹妹也知道", "没有钥匙", "没有钥匙"]


async def test_a_colleague_notes_too_and_when_it_is_closed(world: World) -> None:
    staff = await claimed(world)
    colleague = await world.operator("wang")
    await write_note(world.conversation.id, "我接过她的电话", colleague, beside(world))
    await handoff.close(world.conversation.id, staff, Disposition.ANSWERED, world.moves)
    await write_note(world.conversation.id, "材料寄到了", colleague, beside(world))
    assert [note.staff_id for note in world.kept(Note)] == [colleague.id, colleague.id]


async def test_who_may_not_see_the_conversation_notes_nothing(world: World) -> None:
    await claimed(world)
    far = await world.operator("far", scope=FAR)
    with pytest.raises(NotFound):
        await write_note(world.conversation.id, "你好", far, beside(world))
    assert world.kept(Note) == []


@pytest.mark.parametrize("text", ["", " \n ", "长" * (MAX_NOTE + 1)])
async def test_an_empty_or_endless_note_is_refused(world: World, text: str) -> None:
    staff = await claimed(world)
    with pytest.raises(InvalidData):
        await write_note(world.conversation.id, text, staff, beside(world))


# --- her name and number ---


async def test_her_name_and_number_are_kept_and_shown_only_on_record(world: World) -> None:
    staff = await claimed(world)
    await write_person(world.conversation.id, " 王晓梅 ", "138 1234 5678", staff, beside(world))
    assert last_deed(world) == ("contact.write", staff.id)
    assert world.events[-1] is EventKind.CONTACT_CHANGED
    contact = await show_person(world.conversation.id, staff, beside(world))
    assert (contact.name, contact.phone) == ("王晓梅", "138 1234 5678")
    assert last_deed(world) == ("contact.reveal", staff.id)
    assert "王晓梅" not in repr(contact)
    await write_person(world.conversation.id, "", None, staff, beside(world))
    contact = await show_person(world.conversation.id, staff, beside(world))
    assert (contact.name, contact.phone) == (None, "138 1234 5678")


@pytest.mark.parametrize(("name", "phone"), [("长" * 31, ""), ("", "打给我妈"), ("", "123"), ("", "1" * 31)])
async def test_what_is_no_name_and_no_number_is_refused_with_words(world: World, name: str, phone: str) -> None:
    staff = await claimed(world)
    with pytest.raises(InvalidData, match=r"最多|只能有"):
        await write_person(world.conversation.id, name, phone, staff, beside(world))


async def test_who_may_not_see_her_learns_nothing_of_her(world: World) -> None:
    await claimed(world)
    far = await world.operator("far", scope=FAR)
    before = world.kept(AuditEntry)
    with pytest.raises(NotFound):
        await show_person(world.conversation.id, far, beside(world))
    assert world.kept(AuditEntry) == before


# --- canned replies ---


async def test_an_operator_keeps_changes_and_ends_her_own(world: World) -> None:
    staff = await world.operator("li")
    kept = await add_canned(
        " 问好 ", "您好，我是{operator}", shared=False, staff=staff, units=world.units, clock=world.clock
    )
    assert (kept.staff_id, kept.title) == (staff.id, "问好")
    await change_canned(kept.id, "问好", "您好", staff, world.units, world.clock)
    assert [one.text for one in world.kept(CannedReply)] == ["您好"]
    assert last_deed(world) == ("canned.write", staff.id)
    await end_canned(kept.id, staff, world.units, world.clock)
    assert world.kept(CannedReply) == []
    assert last_deed(world) == ("canned.end", staff.id)


async def test_everybodys_are_the_supervisors_and_a_colleagues_are_not_there(world: World) -> None:
    li, chief = await world.operator("li"), await world.operator("chief", role=Role.SUPERVISOR)
    with pytest.raises(Forbidden):
        await add_canned("问好", "您好", shared=True, staff=li, units=world.units, clock=world.clock)
    shared = await add_canned("问好", "您好", shared=True, staff=chief, units=world.units, clock=world.clock)
    with pytest.raises(Forbidden):
        await change_canned(shared.id, "问好", "您好呀", li, world.units, world.clock)
    with pytest.raises(Forbidden):
        await end_canned(shared.id, li, world.units, world.clock)
    own = await add_canned("再见", "再见", shared=False, staff=li, units=world.units, clock=world.clock)
    with pytest.raises(NotFound):
        await end_canned(own.id, chief, world.units, world.clock)


async def test_a_place_that_we_do_not_know_is_not_kept(world: World) -> None:
    staff = await world.operator("li")
    with pytest.raises(InvalidData, match="不认识"):
        await add_canned("问好", "{name}您好", shared=False, staff=staff, units=world.units, clock=world.clock)
    kept = await add_canned("问好", "您好", shared=False, staff=staff, units=world.units, clock=world.clock)
    with pytest.raises(InvalidData, match="不认识"):
        await change_canned(kept.id, "问好", "{name}您好", staff, world.units, world.clock)
    assert world.kept(CannedReply) == [kept]


async def test_who_takes_no_conversations_keeps_none(world: World) -> None:
    editor = await world.operator("ed", role=Role.CONTENT)
    with pytest.raises(Forbidden):
        await add_canned("问好", "您好", shared=False, staff=editor, units=world.units, clock=world.clock)


# --- quoted articles ---


async def test_an_article_still_in_her_words_is_kept_with_its_version(world: World) -> None:
    staff = await claimed(world)
    await reply(world.conversation.id, "您好", staff, world.replies)
    said = f"您好。\n{words(DIVORCE_ARTICLE)}\n您看看。"
    keys = [DIVORCE_ARTICLE, "other/back_to_bot", "no/such", DIVORCE_ARTICLE]
    message = await reply(world.conversation.id, said, staff, world.replies, keys)
    assert message.articles == (knowledge().article(DIVORCE_ARTICLE).reference,)


async def test_an_article_whose_words_she_changed_is_hers_and_not_the_articles(world: World) -> None:
    staff = await claimed(world)
    await reply(world.conversation.id, "您好", staff, world.replies)
    said = words(DIVORCE_ARTICLE).replace("。", "！", 1)
    message = await reply(world.conversation.id, said, staff, world.replies, [DIVORCE_ARTICLE])
    assert message.articles == ()
