"""What goes out to one person as one message: a delivery, and the words right behind it that fit in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.conversation.accounts import Contact
from bot.conversation.content import Outgoing, Text
from bot.conversation.messages import Delivery, DeliveryStatus, fits, joined
from bot.conversation.repositories import UnitOfWork


@dataclass(frozen=True, slots=True)
class Parcel:
    """Deliveries of one contact that share one send and its result; each send costs one of her five."""

    deliveries: tuple[Delivery, ...]
    contact: Contact

    @property
    def first(self) -> Delivery:
        """The one that was due; what it says of account, tries and upload holds for all."""
        return self.deliveries[0]

    @property
    def ended_offer(self) -> str | None:
        """The key of the message to which it was held out in vain, if it is such an offer."""
        return self.first.inbound_key if self.first.status is DeliveryStatus.OFFERED else None

    @property
    def content(self) -> Outgoing:
        """All of it as one message."""
        texts = [one.content.text for one in self.deliveries if isinstance(one.content, Text)]
        return Text(joined(texts)) if len(texts) > 1 else self.first.content


async def pack(uow: UnitOfWork, first: Delivery, until: datetime) -> Parcel:
    """Lease this delivery and what goes with it, so that no other courier carries it before then.

    Raises InvalidData if no key opens the contact; nothing is leased then.
    """
    contact = await uow.contacts.get(first.contact_id)
    deliveries = [first]
    if isinstance(first.content, Text) and first.status is not DeliveryStatus.OFFERED:
        deliveries += await _behind(uow, first, first.content.text)
    for delivery in deliveries:
        if delivery.status is not DeliveryStatus.OFFERED:
            delivery.status = DeliveryStatus.SENDING
            delivery.attempts += 1
        delivery.due_at = until
        await uow.deliveries.save(delivery)
    return Parcel(tuple(deliveries), contact)


async def _behind(uow: UnitOfWork, first: Delivery, text: str) -> list[Delivery]:
    behind: list[Delivery] = []
    for delivery in await uow.deliveries.following(first):
        if not isinstance(delivery.content, Text) or not fits(text := joined([text, delivery.content.text])):
            break
        behind.append(delivery)
    return behind
