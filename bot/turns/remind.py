"""An operator lets a person know, outside the window and without a word of the matter, that there is a reply."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.conversation.accounts import Account, Accounts, Consent, Contact, account_of
from bot.conversation.clock import Clock
from bot.conversation.errors import Conflict
from bot.conversation.messages import DeliveryStatus, new_id
from bot.conversation.ports import Sender, SendResult
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff
from bot.handoff import check_owner, seen_by
from bot.turns.obey import NO_CONSENT


@dataclass(frozen=True, slots=True)
class RemindPorts:
    """What a reminder needs."""

    units: UnitsOfWork
    sender: Sender
    clock: Clock
    accounts: Accounts


async def remind(conversation_id: str, staff: Staff, ports: RemindPorts) -> SendResult:
    """Send one 订阅通知 (wechat.md section 8) and use up one consent of hers; returns what the platform said.

    Only where words are held, nothing else can be sent, and she allowed it; the operator must hold the conversation.
    Raises Conflict where that is not so, Forbidden, NotFound, StoreUnavailable. The consent is used up before anything
    is sent, so that two reminders never go out on one; it is given back if the platform did not take this one.
    """
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        check_owner(conversation, staff)
        account = account_of(ports.accounts, conversation.account_id)
        contact = await uow.contacts.get(conversation.contact_id)
        consent = await _check_needed(uow, contact, account, ports)
        await uow.consents.save(replace(consent, left=consent.left - 1, updated_at=ports.clock.now()))
        await uow.audit.append(AuditEntry(new_id(), staff.id, "message.remind", conversation.id, ports.clock.now()))
        await uow.commit()
    result = await ports.sender.remind(account.id, contact.openid, consent.template_id)
    if result.status is not DeliveryStatus.SENT:
        await _not_taken(consent, result, ports)
    return result


async def _check_needed(uow: UnitOfWork, contact: Contact, account: Account, ports: RemindPorts) -> Consent:
    """The consent to use up."""
    if account.follow_up_template is None:
        raise Conflict("这个公众号没有设置订阅通知")
    if not contact.following:
        raise Conflict("她已经取消关注，通知不到")
    if account.customer_service and contact.window is not None and contact.window.left(ports.clock.now()):
        raise Conflict("现在还能直接回复，不用通知")
    if not await uow.deliveries.held(contact.id):
        raise Conflict("没有等着她看的回复")
    consent = await uow.consents.get(contact.id, account.follow_up_template)
    if consent is None or not consent.left:
        raise Conflict("她没有同意接收通知，或者同意的次数用完了")
    return consent


async def _not_taken(used: Consent, result: SendResult, ports: RemindPorts) -> None:
    """Give the consent back, or end it where the platform says that there is none."""
    async with ports.units() as uow:
        contact = await uow.contacts.get(used.contact_id)
        now = await uow.consents.get(contact.id, used.template_id)
        left = 0 if result.errcode == NO_CONSENT or not contact.following else (now.left if now else 0) + 1
        await uow.consents.save(replace(used, left=left, updated_at=ports.clock.now()))
        await uow.commit()
