"""What the platform said of a parcel, written down: its fate, the contact's, and the account's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot.conversation.accounts import Contact
from bot.conversation.alarms import AlarmKind
from bot.conversation.content import Picture, Sound
from bot.conversation.messages import Delivery, DeliveryStatus, Route
from bot.conversation.ports import SendResult, Uploaded
from bot.conversation.repositories import UnitOfWork
from bot.outbox.parcel import Parcel

log = structlog.get_logger(__name__)

BACKOFF = timedelta(seconds=2)
MAX_ATTEMPTS = 8
"""With doubling pauses about four minutes; after that the words are kept until she writes again, unless the platform
gives no answer to anybody."""

FAULT_PAUSE = timedelta(minutes=5)
"""How long a message waits before it is looked at again while its account is at fault or the platform is away."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a parcel, and where its picture or sound lies at the platform if it was brought there now."""

    result: SendResult
    uploaded: Uploaded | None = None


async def settle(uow: UnitOfWork, parcel: Parcel, outcome: Outcome, now: datetime) -> Sequence[Delivery]:
    """Write the outcome down; returns the deliveries that it changed.

    Not those that are no longer this parcel's: she was erased, or another courier took over when the lease ended.
    """
    result = outcome.result
    deliveries = [row for leased in parcel.deliveries if _is_ours(row := await uow.deliveries.get(leased.id), leased)]
    if not deliveries:
        return []
    contact = await uow.contacts.get(parcel.contact.id)
    wrote_again = _opened_at(contact) != _opened_at(parcel.contact)
    status, due_at = _fate(parcel, result, contact, now, wrote_again=wrote_again)
    for delivery in deliveries:
        _bring(delivery, outcome)
        delivery.errcode, delivery.status, delivery.due_at = result.errcode, status, due_at
        if status is DeliveryStatus.SENT:
            mark_sent(delivery, Route.CUSTOMER_SERVICE, now)
        elif status is DeliveryStatus.REFUSED:
            delivery.settled_at = now
        await uow.deliveries.save(delivery)
    _mark(contact, result, wrote_again=wrote_again)
    await uow.contacts.save(contact)
    await _tell_account(uow, parcel.first.account_id, result, now)
    return deliveries


def mark_sent(delivery: Delivery, route: Route, now: datetime) -> None:
    """The platform took it."""
    delivery.status, delivery.route = DeliveryStatus.SENT, route
    delivery.errcode, delivery.settled_at = 0, now


def _is_ours(row: Delivery, leased: Delivery) -> bool:
    return row.status is DeliveryStatus.SENDING and row.attempts == leased.attempts


def _fate(
    parcel: Parcel, result: SendResult, contact: Contact, now: datetime, *, wrote_again: bool
) -> tuple[DeliveryStatus, datetime]:
    """The status, and when the courier looks again."""
    tries = parcel.first.attempts
    if result.account_fault or (tries >= MAX_ATTEMPTS and _is_away(parcel, result)):
        look = now + FAULT_PAUSE
        can_wait = contact.window is not None and contact.window.left(look)
        return (DeliveryStatus.PENDING, look) if can_wait else (DeliveryStatus.HELD, now)
    if result.upload_expired and tries < MAX_ATTEMPTS:
        return DeliveryStatus.PENDING, now
    if wrote_again and (result.status is DeliveryStatus.HELD or result.unfollowed):
        return DeliveryStatus.PENDING, now
    if result.status is DeliveryStatus.PENDING:
        if tries < MAX_ATTEMPTS:
            return DeliveryStatus.PENDING, now + BACKOFF * float(2 ** (tries - 1))
        return DeliveryStatus.HELD, now
    return result.status, now


def _is_away(parcel: Parcel, result: SendResult) -> bool:
    """Whether the platform does not answer at all: later words must not overtake these once it is back.

    A file is no sign of that: it may itself be what is too slow.
    """
    is_file = isinstance(parcel.content, Picture | Sound)
    return result.status is DeliveryStatus.PENDING and result.errcode is None and not is_file


def _bring(delivery: Delivery, outcome: Outcome) -> None:
    if outcome.result.upload_expired:
        delivery.uploaded_id, delivery.uploaded_until = None, None
    elif outcome.uploaded is not None:
        delivery.uploaded_id, delivery.uploaded_until = outcome.uploaded.platform_id, outcome.uploaded.until


def _mark(contact: Contact, result: SendResult, *, wrote_again: bool) -> None:
    """The platform counts better than we do: where it says that the window is over, nothing goes out any more.

    What it says of who wrote again meanwhile is of before.
    """
    if result.status is DeliveryStatus.SENT:
        contact.refusal = None
        if contact.window is not None:
            contact.window = replace(contact.window, sent=contact.window.sent + 1)
    if wrote_again:
        return
    if result.unreachable:
        contact.refusal = result.errcode
    if result.unfollowed:
        contact.following, contact.window = False, None
    elif result.window_over:
        contact.window = None


async def _tell_account(uow: UnitOfWork, account_id: str, result: SendResult, now: datetime) -> None:
    """An account that works again has no alarm; one at fault has one, however many messages meet it."""
    if result.status is DeliveryStatus.SENT:
        await uow.alarms.clear(account_id, AlarmKind.SENDING)
    elif result.account_fault:
        alarms = await uow.alarms.all()
        if not any(alarm.account_id == account_id and alarm.kind is AlarmKind.SENDING for alarm in alarms):
            log.error("account cannot send", account_id=account_id, errcode=result.errcode)
        await uow.alarms.raise_(account_id, AlarmKind.SENDING, str(result.errcode), now)


def _opened_at(contact: Contact) -> datetime | None:
    return contact.window.opened_at if contact.window else None
