"""What a person may see of what is stored of her: her words, her answers, her files of the office; nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.errors import NotFound
from bot.conversation.flows import Flow, FlowState
from bot.conversation.messages import Author, new_id
from bot.conversation.payments import PayChannel, Payment, SpendingKind
from bot.conversation.ports import Sealer
from bot.conversation.repositories import UnitsOfWork
from bot.store.records import record_of
from tests.contract.store.entities import NOW, a_case, a_contact, a_conversation, a_handoff, a_message, keep

PAID = Payment(NOW, 64800, "某某游戏", "钻石", PayChannel.WECHAT, "42000", SpendingKind.GAME)


async def test_everything_of_hers_is_told_and_nothing_of_others(
    sql_units: UnitsOfWork, engine: AsyncEngine, sealer: Sealer
) -> None:
    contact, other = a_contact(region="430102"), a_contact()
    talk, others = a_conversation(contact), a_conversation(other)
    said = a_message(talk, "孩子充了三千块")
    answer = a_message(talk, "可以申请退款", author=Author.ASSISTANT)
    await keep(sql_units, contact, other, talk, others, said, answer, a_message(others, "别人的话"))
    await keep(sql_units, a_handoff(talk), a_case(talk))
    async with sql_units() as uow:
        await uow.flows.add(
            Flow(
                id=new_id(),
                conversation_id=talk.id,
                contact_id=contact.id,
                name="child_game_refund",
                state=FlowState.FINISHED,
                answers={"child_age": 9.0, "sum": {"low": 3000.0, "high": 4000.0, "about": True}},
                begun_at=NOW,
                updated_at=NOW,
                payments=(PAID,),
            )
        )
        await uow.commit()
    told = (await record_of(engine, sealer, contact.id)).text
    for words in (
        "您：孩子充了三千块",
        "智能助手：可以申请退款",
        "孩子年龄：9",
        "金额：3000 到 4000，大约",
        "某某游戏 钻石 648.00 元",
        "430102",
        "编号 2026-000001",
    ):
        assert words in told
    assert "别人的话" not in told
    assert contact.openid not in told


async def test_who_was_erased_has_no_record(sql_units: UnitsOfWork, engine: AsyncEngine, sealer: Sealer) -> None:
    contact = a_contact()
    await keep(sql_units, contact)
    async with sql_units() as uow:
        await uow.contacts.erase(contact.id)
        await uow.commit()
    with pytest.raises(NotFound):
        await record_of(engine, sealer, contact.id)
