"""Reads everything that is stored of one person (PIPL: she may see and take along what is kept of her)."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.answers import TITLE_OF_FLOW, WORDS_OF_ANSWERS, told
from bot.conversation.call_backs import CallBack, CallOutcome
from bot.conversation.clock import HUNAN
from bot.conversation.content import words_of
from bot.conversation.errors import NotFound
from bot.conversation.flows import Flow
from bot.conversation.media import MediaKind
from bot.conversation.messages import Author, Message
from bot.conversation.ports import Sealer
from bot.conversation.records import Record, RecordPart
from bot.store.desk_tables import call_backs
from bot.store.engine import reading
from bot.store.repositories.call_backs import readable_call_backs
from bot.store.repositories.contacts import opened_or_none
from bot.store.repositories.flows import readable
from bot.store.repositories.messages import message_of
from bot.store.tables import cases, contacts, flows, handoffs, media, messages
from bot.store.transaction import Transaction

_FILES = {MediaKind.IMAGE: "图片", MediaKind.VOICE: "语音", MediaKind.VIDEO: "视频"}
_CALLED = {
    CallOutcome.REACHED: "打通了",
    CallOutcome.NOT_REACHED: "没打通，不再打了",
    CallOutcome.WRONG_NUMBER: "号码不对",
    CallOutcome.WITHDRAWN: "您取消了",
}
_WHO = {Author.CONTACT: "您", Author.ASSISTANT: "智能助手", Author.OPERATOR: "工作人员", Author.SYSTEM: "系统"}


async def record_of(engine: AsyncEngine, sealer: Sealer, contact_id: str) -> Record:
    """All of it as it stands now; raises NotFound, and StoreUnavailable."""
    async with aclosing(await Transaction.begin(reading(engine))) as snapshot:
        contact = await snapshot.first(sa.select(contacts).where(contacts.c.id == contact_id))
        if contact is None or contact.erased_at is not None:
            raise NotFound("no such person")
        said = await _of(snapshot, messages, contact_id, messages.c.position)
        files = await _of(snapshot, media, contact_id, media.c.received_at)
        answered = await _of(snapshot, flows, contact_id, flows.c.begun_at)
        asked = await _of(snapshot, handoffs, contact_id, handoffs.c.requested_at)
        filed = await _of(snapshot, cases, contact_id, cases.c.opened_at)
        to_call = await _of(snapshot, call_backs, contact_id, call_backs.c.asked_at)
    parts = (
        ("您是谁", _identity(contact, sealer)),
        ("说过的话", [_said(message_of(row, sealer)) for row in said]),
        ("发来的图片、语音、视频", [_sent(row) for row in files]),
        ("填过的内容", [line for flow in readable(answered, sealer) for line in _answered(flow)]),
        ("请过工作人员", [f"{_at(row.requested_at)} {'；'.join(row.reasons)}" for row in asked]),
        ("登记的回电", [_to_call(asked) for asked in readable_call_backs(to_call, sealer)]),
        ("办过的事", [f"{_at(row.opened_at)} 编号 {row.number}" for row in filed]),
    )
    return Record(tuple(RecordPart(title, tuple(lines)) for title, lines in parts if lines))


async def _of(
    snapshot: Transaction, table: sa.Table, contact_id: str, order: sa.ColumnElement[Any]
) -> list[sa.Row[Any]]:
    return [*await snapshot.all(sa.select(table).where(table.c.contact_id == contact_id).order_by(order))]


def _identity(contact: sa.Row[Any], sealer: Sealer) -> list[str]:
    known = [f"第一次来：{_at(contact.first_seen_at)}", "微信给的编号（加密保存，只用来给您回话）"]
    name, phone = (opened_or_none(sealed, sealer, contact.id) for sealed in (contact.name, contact.phone))
    told = (("所在地区代码", contact.region), ("称呼", name), ("电话", phone))
    return known + [f"{label}：{value}" for label, value in told if value]


def _said(message: Message) -> str:
    return f"{_at(message.at)} {_WHO[message.author]}：{words_of(message.content)}"


def _sent(row: sa.Row[Any]) -> str:
    return f"{_at(row.received_at)} {_FILES[MediaKind(row.kind)]}，{row.size or 0} 字节"


def _answered(flow: Flow) -> list[str]:
    begun = f"{_at(flow.begun_at)} {TITLE_OF_FLOW[flow.name]}"
    answers = [
        f"{begun} {WORDS_OF_ANSWERS.get(name, name)}：{told(value, name)}" for name, value in flow.answers.items()
    ]
    paid = [f"{one.at:%Y-%m-%d %H:%M} {one.merchant} {one.item} {one.amount / 100:.2f} 元" for one in flow.payments]
    return answers + paid


def _to_call(asked: CallBack) -> str:
    done = _CALLED[asked.outcome] if asked.outcome else "还没打通"
    return f"{_at(asked.asked_at)} {asked.masked}，{asked.when}：打过 {asked.tries} 次，{done}"


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(HUNAN):%Y-%m-%d %H:%M}"
