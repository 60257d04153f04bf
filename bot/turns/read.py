"""Who wrote, in which conversation, and what was said there last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from bot.conversation.accounts import Account, Contact
from bot.conversation.content import Choices, Content, Silent, Transcript
from bot.conversation.conversations import Conversation, Step
from bot.conversation.errors import StaleVersion
from bot.conversation.flows import WITH_PAPERS, Flow, FlowState
from bot.conversation.levels import Level
from bot.conversation.media import MediaStatus
from bot.conversation.messages import Author, DeliveryStatus, Inbound, Message, new_id
from bot.conversation.repositories import UnitOfWork
from bot.turns.words import words_in

EARLIER_MESSAGES = 3
EARLIER_WITHIN = timedelta(minutes=10)
"""Half messages that only together mean danger come close to each other."""

FLOW_LASTS = timedelta(hours=1)
"""How long a question of a flow is still being answered; later she resumes it by a word."""


@dataclass(frozen=True, slots=True)
class Read:
    """How things stood; `contact` and `conversation` may be new and not yet stored. `recent` has the oldest first."""

    contact: Contact
    conversation: Conversation
    is_stranger: bool
    is_new: bool
    recent: Sequence[Message]
    offers: Collection[str]
    """The earlier messages of hers whose reply is still held out."""
    flows: Sequence[Flow]
    """What she ever answered in guided help, the one begun last at the end."""
    call_awaited: bool = False
    """Whether she asked to be called back, and was not yet."""
    ended: Conversation | None = None
    """The one before, which went quiet and ends with this message."""

    def earlier(self, now: datetime) -> tuple[str, ...]:
        """Her last words that may add up to danger."""
        said = [words for line in self.recent if _may_add_to_danger(line, now) and (words := words_in(line.content))]
        return tuple(said[-EARLIER_MESSAGES:])

    def flow(self, now: datetime) -> str | None:
        """The flow whose questions she is answering just now."""
        here = (flow for flow in self.flows if flow.conversation_id == self.conversation.id)
        asking = [flow for flow in here if flow.state is FlowState.ASKING and now - flow.updated_at <= FLOW_LASTS]
        return max(asking, key=lambda flow: flow.updated_at).name if asking else None

    @property
    def papers(self) -> Flow | None:
        """The flow of which she last got papers."""
        ended = (flow for flow in reversed(self.flows) if flow.state is FlowState.FINISHED)
        return next((flow for flow in ended if flow.name in WITH_PAPERS), None)

    @property
    def nothing_said(self) -> bool:
        """Whether we never said anything to her: she has not been told yet who is speaking here."""
        in_first = not self.is_new and self.contact.first_seen_at == self.conversation.opened_at
        return self.is_stranger or (in_first and all(line.author is Author.CONTACT for line in self.recent))

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """The items of the question that stands open: it was asked after her last message."""
        ours = takewhile(lambda line: line.author is not Author.CONTACT, reversed(self.recent))
        return next((line.content.items for line in ours if isinstance(line.content, Choices)), ())


async def read(uow: UnitOfWork, inbound: Inbound, account: Account, now: datetime) -> Read:
    """How things stand with who sent this."""
    contact = await uow.contacts.by_mailbox(inbound.mailbox)
    current = await uow.conversations.current(contact.id) if contact else None
    said = await uow.messages.recent(current.id, limit=2 * EARLIER_MESSAGES) if current else []
    call_awaited = bool(contact and await uow.call_backs.open_of(contact.id))
    goes_on = call_awaited or isinstance(inbound.content, Silent)
    ended = current if current and not goes_on and await _is_left(uow, current, said, now) else None
    conversation = None if ended else current
    known = contact or Contact(new_id(), inbound.account_id, inbound.mailbox, inbound.openid, first_seen_at=now)
    region = known.region or account.region
    return Read(
        contact=known,
        conversation=conversation or Conversation(new_id(), known.id, inbound.account_id, region, opened_at=now),
        is_stranger=contact is None,
        is_new=conversation is None,
        recent=said if conversation else [],
        offers=await _offers(uow, contact.id) if contact else (),
        flows=await uow.flows.of_contact(contact.id) if contact else (),
        call_awaited=call_awaited,
        ended=ended,
    )


async def _is_left(uow: UnitOfWork, conversation: Conversation, said: Sequence[Message], now: datetime) -> bool:
    """Whether it went quiet, and the office has nothing open in it; what she did in silence is no word."""
    hers = conversation.last_message_at or conversation.opened_at
    last_word = max([hers, *(line.at for line in said if not isinstance(line.content, Silent))])
    quiet = conversation.went_quiet(last_word, now)
    return quiet and not await uow.cases.on_file(conversation.contact_id, conversation.id)


async def _offers(uow: UnitOfWork, contact_id: str) -> Collection[str]:
    under_way = await uow.deliveries.under_way(contact_id)
    return {row.inbound_key for row in under_way if row.status is DeliveryStatus.OFFERED and row.inbound_key}


async def is_over(uow: UnitOfWork, content: Content, stood: Read) -> bool:
    """Whether who or what this is about was erased: nothing is to be changed or kept, and nobody answered."""
    match content:
        case Transcript(message_id=message_id):
            voice = await uow.media.of_message(message_id)
            return stood.is_stranger or voice is None or voice.status is MediaStatus.ERASED
        case _:
            return stood.is_stranger and isinstance(content, Silent)


async def again(uow: UnitOfWork, stood: Read) -> Contact:
    """The contact as she is by now: a courier may have counted a send. Raises StaleVersion if she was erased."""
    if stood.is_stranger:
        return stood.contact
    contact = await uow.contacts.by_mailbox(stood.contact.mailbox)
    if contact is None:
        raise StaleVersion("the contact was erased")
    return contact


async def add_new(uow: UnitOfWork, stood: Read, contact: Contact) -> None:
    """Store the contact, and the conversation if it is new; the one before it ends where it went quiet."""
    await (uow.contacts.add(contact) if stood.is_stranger else uow.contacts.save(contact))
    if stood.ended is not None:
        stood.ended.step(Step.CLOSE)
        stood.ended.closed_at = stood.conversation.opened_at
        await uow.conversations.save(stood.ended)
    if stood.is_new:
        await uow.conversations.add(stood.conversation)


def _may_add_to_danger(message: Message, now: datetime) -> bool:
    """Half of a cry for help looks harmless; what was seen as danger before has had its effect already."""
    return message.author is Author.CONTACT and message.level == Level.NORMAL and now - message.at <= EARLIER_WITHIN
