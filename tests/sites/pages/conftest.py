"""The pages over a store in memory, with the real templates, table of merchants and press."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import pytest
from cryptography.fernet import Fernet

from bot import guidance
from bot.bills import Merchants
from bot.conversation.dialogue import FlowProposed
from bot.conversation.flows import FlowState, Link, Purpose
from bot.conversation.records import Record, RecordPart
from bot.guidance import GuidancePorts, Ticket
from bot.pages import PagesPorts, create_pages
from bot.papers import Stationery
from bot.store.encryption import FernetSealer
from tests.unit.world import DIVORCE, World

DATA = Path(__file__).parents[3] / "data"
SITE = "http://pages.example"
REFUND = {"child_age": 9.0, "kind": "game", "platform": "王者荣耀", "account_of": "parent", "knew": "我上班不知道"}


@dataclass
class PagesWorld:
    """A person who got a link, and her browser."""

    world: World
    client: httpx.AsyncClient

    async def link(self, flow: str | None = "child_game_refund", answers: dict[str, object] | None = None) -> str:
        """The token of a link that she got: to the papers of this flow, or to her record."""
        ticket, talk, now = Ticket.new(), self.world.conversation, self.world.clock.now()
        async with self.world.units() as uow:
            kept = None
            if flow is not None:
                proposed = FlowProposed(flow, FlowState.FINISHED, REFUND if answers is None else answers)  # type: ignore[arg-type]
                kept = (await guidance.keep(uow, talk, proposed, now)).id
            purpose = Purpose.PAPERS if kept else Purpose.RECORD
            await guidance.give(uow, ticket, talk.contact_id, talk.id, purpose, kept, now)
            await uow.commit()
        return ticket.token

    async def enter(self, flow: str | None = "child_game_refund", answers: dict[str, object] | None = None) -> str:
        """Open a link as she does; returns the page."""
        token = await self.link(flow, answers)
        answer = await self.client.post(f"/p/{token}", follow_redirects=True)
        assert answer.status_code == 200
        return answer.text

    @property
    def links(self) -> list[Link]:
        return self.world.kept(Link)


async def record_of(contact_id: str) -> Record:
    """A record in which her words stand as she wrote them."""
    return Record((RecordPart("说过的话", (f"{date(2026, 11, 22)} 您：<b>你好</b>",)),))


@pytest.fixture
async def site() -> AsyncIterator[PagesWorld]:
    world = World()
    await world.hear(DIVORCE)
    ports = PagesPorts(
        guidance=GuidancePorts(world.units, world.clock),
        sealer=FernetSealer([Fernet.generate_key().decode()], "s" * 32),
        merchants=Merchants.parse((DATA / "merchants.yml").read_text(encoding="utf-8")),
        stationery=Stationery.open(DATA),
        record_of=record_of,
        secure=False,
    )
    transport = httpx.ASGITransport(app=create_pages(ports))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        yield PagesWorld(world, client)
