"""Small valid entities, and the people and words that a test needs before it begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.conversation.accounts import Contact
from bot.conversation.call_backs import CallBack
from bot.conversation.cases import Case
from bot.conversation.content import Text
from bot.conversation.conversations import Conversation
from bot.conversation.flows import Flow, FlowState
from bot.conversation.handoffs import Handoff
from bot.conversation.levels import Level, Topic
from bot.conversation.media import Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, Delivery, DeliveryStatus, Message, new_id
from bot.conversation.notes import Note
from bot.conversation.payments import PayChannel, Payment, SpendingKind
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Role, Staff

NOW = datetime(2026, 3, 8, 9, 30, 15, 123456, tzinfo=UTC)
ACCOUNT, REGION = "hunan", "430100"
PAID = Payment(NOW, 64800, "某某游戏", "钻石", PayChannel.WECHAT, "42000", SpendingKind.GAME)


def later(minutes: float) -> datetime:
    """So many minutes after NOW."""
    return NOW + timedelta(minutes=minutes)


def a_contact(**changes: Any) -> Contact:
    """Somebody who just wrote for the first time."""
    identity = new_id()
    contact = Contact(id=identity, account_id=ACCOUNT, mailbox=new_id(), openid=f"o-{identity}", first_seen_at=NOW)
    return replace(contact, **changes)


def a_conversation(contact: Contact, **changes: Any) -> Conversation:
    """A conversation that the assistant has."""
    conversation = Conversation(
        id=new_id(), contact_id=contact.id, account_id=contact.account_id, region=REGION, opened_at=NOW
    )
    return replace(conversation, **changes)


def a_message(conversation: Conversation, text: str = "你好", **changes: Any) -> Message:
    """Something that she said."""
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        author=Author.CONTACT,
        content=Text(text),
        at=NOW,
    )
    return replace(message, **changes)


def a_delivery(message: Message, **changes: Any) -> Delivery:
    """A text that waits to be sent now."""
    delivery = Delivery(
        id=new_id(),
        message_id=message.id,
        conversation_id=message.conversation_id,
        contact_id=message.contact_id,
        account_id=ACCOUNT,
        content=Text("您好，我在听。"),
        status=DeliveryStatus.PENDING,
        due_at=NOW,
        created_at=NOW,
    )
    return replace(delivery, **changes)


def a_file(message: Message, **changes: Any) -> Media:
    """A picture that she sent and that is still to be fetched."""
    file = Media(
        id=new_id(),
        message_id=message.id,
        conversation_id=message.conversation_id,
        contact_id=message.contact_id,
        account_id=ACCOUNT,
        kind=MediaKind.IMAGE,
        status=MediaStatus.PENDING,
        received_at=NOW,
        due_at=NOW,
        platform_id="media-id",
    )
    return replace(file, **changes)


def a_handoff(conversation: Conversation, **changes: Any) -> Handoff:
    """An asking for a person."""
    handoff = Handoff(
        id=new_id(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        account_id=conversation.account_id,
        region=conversation.region,
        level=Level.HIGH,
        topic=Topic.DOMESTIC_VIOLENCE,
        reasons=("正在被打", "有凶器"),
        requested_at=NOW,
        queued_at=NOW,
    )
    return replace(handoff, **changes)


def a_case(conversation: Conversation, **changes: Any) -> Case:
    """A file that was just opened."""
    case = Case(
        id=new_id(),
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        account_id=conversation.account_id,
        region=conversation.region,
        topic=Topic.DIVORCE,
        level=Level.NORMAL,
        opened_at=NOW,
        updated_at=NOW,
    )
    return replace(case, **changes)


def a_flow(conversation: Conversation, **changes: Any) -> Flow:
    """A flow in which she has answered a little, with a payment of a bill of hers."""
    flow = Flow(
        id=new_id(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        name="child_game_refund",
        state=FlowState.ASKING,
        answers={"child_age": 9.0, "evidence": ("录音", "照片"), "sum": {"low": 1.0, "about": True}, "knew": "不知道"},
        begun_at=NOW,
        updated_at=NOW,
        payments=(PAID,),
    )
    return replace(flow, **changes)


def a_call_back(conversation: Conversation, **changes: Any) -> CallBack:
    """Somebody asked for it just now."""
    asked = CallBack(
        id=new_id(),
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        account_id=conversation.account_id,
        region=conversation.region,
        level=Level.HIGH,
        phone="13800000000",
        when="明天上午他上班的时候",
        discreet=True,
        words="叫我小李",
        asked_at=NOW,
        due_at=later(60),
    )
    return replace(asked, **changes)


def a_note(conversation: Conversation, text: str = "她妈妈知道这件事", **changes: Any) -> Note:
    """What an operator noted beside it."""
    return replace(Note(new_id(), conversation.id, conversation.contact_id, "li", NOW, text), **changes)


def a_member(username: str, **changes: Any) -> Staff:
    """An operator."""
    member = Staff(
        id=new_id(),
        username=username,
        display_name="李接线员",
        role=Role.OPERATOR,
        password_hash="$argon2id$",
        created_at=NOW,
    )
    return replace(member, **changes)


async def a_talk(units: UnitsOfWork) -> Conversation:
    """A conversation of somebody, kept with her."""
    contact = a_contact()
    conversation = a_conversation(contact)
    await keep(units, contact, conversation)
    return conversation


async def keep(units: UnitsOfWork, *entities: Any) -> None:
    """Add these, in this order, and commit."""
    async with units() as uow:
        homes: dict[type, Any] = {
            Contact: uow.contacts,
            Conversation: uow.conversations,
            Message: uow.messages,
            Delivery: uow.deliveries,
            Media: uow.media,
            Handoff: uow.handoffs,
            Case: uow.cases,
            Flow: uow.flows,
            CallBack: uow.call_backs,
            Note: uow.notes,
            Staff: uow.staff,
        }
        for entity in entities:
            await homes[type(entity)].add(entity)
        await uow.commit()
