"""A small world for the tests of use cases: memory doubles, a scripted assistant, the real articles and rules."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from bot.bootstrap import read_bare_rules
from bot.conversation.accounts import Account, Accounts, Contact
from bot.conversation.content import Choices, Content, Text
from bot.conversation.conversations import Conversation
from bot.conversation.dialogue import AnswerProposed, HandoffProposed, Proposal, Proposed, Understanding
from bot.conversation.events import EventKind
from bot.conversation.handoffs import Handoff, HandoffStatus
from bot.conversation.levels import Level
from bot.conversation.messages import Author, Delivery, DeliveryStatus, Inbound, Message, Route
from bot.conversation.ports import Slot
from bot.conversation.staff import CHAT_ROLES, Colleague, Role, Scope, Staff
from bot.dialogue import ScriptedDialogue
from bot.handoff import HandoffPorts
from bot.knowledge import WORDS_OF_FLOW, KnowledgeBase
from bot.triage import Rules
from bot.turns.reply import ReplyPorts
from bot.turns.take import TurnPorts, take
from tests.doubles.clock import SettableClock
from tests.doubles.memory_feed import MemoryFeed
from tests.doubles.memory_inbox import MemoryInbox
from tests.doubles.memory_queue import MemoryQueue
from tests.doubles.memory_store import MemoryUnits

DATA = Path(__file__).parents[2] / "data"

HUNAN = Account("hunan", "湖南妇联", "430000", app_id="", app_secret="", token="", encoding_aes_key="")
NINGXIANG = Account(
    "ningxiang",
    "宁乡妇联",
    "430182",
    app_id="",
    app_secret="",
    token="",
    encoding_aes_key="",
    customer_service=False,
)
"""An account that may only answer."""

CHANGSHA = Account("changsha", "长沙妇联", "430100", app_id="", app_secret="", token="", encoding_aes_key="")

EVERYTHING = Scope()

PAGES_URL = "https://pages.example"

DIVORCE, DIVORCE_ARTICLE = "离婚申请递了还能撤回吗", "divorce/withdraw_application"
"""A routine question, and the short article that the scripted assistant answers it with."""

ASKS_FOR_PERSON = "你们派一位老师跟我讲吧"
DISCLOSES = "他对我一直不好，我有点怕他"
"""Words that triage does not know and the scripted assistant takes as a disclosure."""

CRITICAL, HIDDEN, HIGH = "救命，他拿刀要杀我", "我现在不方便说话", "他经常打我"
"""Words whose level triage knows by itself; the last is high, the others critical."""


def proposed(intent: str, *proposals: Proposal) -> Proposed:
    """What the assistant answers when it is sure of an intent."""
    return Proposed(Understanding(intent, 0.93), proposals)


SCRIPT = {
    DIVORCE: proposed("divorce_cooling_off", AnswerProposed(DIVORCE_ARTICLE)),
    ASKS_FOR_PERSON: proposed("other_ask_human", HandoffProposed(Level.HIGH, "asked_for_person")),
    DISCLOSES: proposed(
        "domestic_violence_disclosed",
        AnswerProposed("domestic_violence/disclosed"),
        HandoffProposed(Level.HIGH, "harm_understood"),
    ),
}


@cache
def knowledge() -> KnowledgeBase:
    """The real articles, without what is offered under them: that has tests of its own."""
    root = DATA / "knowledge"
    texts = {path.relative_to(root).with_suffix("").as_posix(): path.read_text() for path in root.glob("*/*.md")}
    bare = {name: re.sub(r"^buttons: .*\n", "", text, flags=re.MULTILINE) for name, text in texts.items()}
    whole = {name: text.partition("\n+++\n")[0] for name, text in bare.items()}
    return KnowledgeBase.parse(whole, (DATA / "regions.yml").read_text())


@cache
def rules() -> Rules:
    """The real rules of triage."""
    return read_bare_rules(DATA)


def words(*articles: str, account: Account = HUNAN) -> str:
    """What is said when these articles are said in one message."""
    return "\n\n".join(knowledge().render(article, account) for article in articles)


def and_offer(said: str) -> str:
    """These words, and the offer to be called back."""
    return f"{said}\n\n{words('other/call_back_offer')}\n1. {WORDS_OF_FLOW['call_back']}"


def text_of(slot: Slot) -> str:
    """The words of a passive reply."""
    assert isinstance(slot.reply, Text | Choices)
    return slot.reply.text


async def until(holds: Callable[[], bool]) -> None:
    """Let others run until it holds; the test's own time limit ends what never does."""
    while not holds():  # noqa: ASYNC110 - what is waited for gives no event
        await asyncio.sleep(0.005)


@dataclass
class World:
    """Everything that a use case touches, empty at first; people are known by a name of the test's choice."""

    clock: SettableClock = field(default_factory=SettableClock)
    units: MemoryUnits = field(default_factory=MemoryUnits)
    feed: MemoryFeed = field(default_factory=MemoryFeed)
    dialogue: ScriptedDialogue = field(default_factory=lambda: ScriptedDialogue(SCRIPT))
    accounts: Accounts = field(default_factory=lambda: {one.id: one for one in (HUNAN, CHANGSHA, NINGXIANG)})
    listens: bool = False

    def __post_init__(self) -> None:
        self.queue = MemoryQueue(self.clock)
        self.inbox = MemoryInbox(self.clock)
        self._numbers = count(1)

    @property
    def turns(self) -> TurnPorts:
        return TurnPorts(
            units=self.units,
            dialogue=self.dialogue,
            queue=self.queue,
            feed=self.feed,
            clock=self.clock,
            accounts=self.accounts,
            knowledge=knowledge(),
            rules=rules(),
            inbox=self.inbox,
            listens=self.listens,
            pages_url=PAGES_URL,
        )

    @property
    def moves(self) -> HandoffPorts:
        return HandoffPorts(self.units, self.queue, self.feed, self.clock, self._team, knowledge().directory)

    async def _team(self) -> list[Colleague]:
        """Everybody who may take conversations."""
        claimed = Counter(one.claimed_by for one in self.kept(Handoff) if one.status is HandoffStatus.CLAIMED)
        may = (one for one in self.kept(Staff) if one.active and one.role in CHAT_ROLES)
        return [Colleague(one, claimed[one.id]) for one in may]

    @property
    def replies(self) -> ReplyPorts:
        return ReplyPorts(self.units, self.feed, self.clock, self.accounts, knowledge())

    def inbound(
        self, content: Content | str, person: str = "mei", *, account: Account = HUNAN, urgent: bool = False
    ) -> Inbound:
        """A new message of this person, received now."""
        return Inbound(
            key=f"{account.id}:{next(self._numbers)}",
            mailbox=f"box-of-{person}",
            account_id=account.id,
            openid=f"openid-of-{person}",
            content=Text(content) if isinstance(content, str) else content,
            sent_at=self.clock.now(),
            received_at=self.clock.now(),
            urgent=urgent,
        )

    async def hear(
        self, content: Content | str, person: str = "mei", *, account: Account = HUNAN, fetched: bool = True
    ) -> str | None:
        """Take a new message of this person and, unless told otherwise, fetch the passive reply; returns its words."""
        inbound = self.inbound(content, person, account=account)
        slot = await take(inbound, self.turns)
        if fetched:
            await self.fetch(inbound.key)
        return text_of(slot) if slot.reply else None

    async def fetch(self, key: str) -> None:
        """The passive reply to this message goes over the wire, and is written down as sent."""
        async with self.units() as uow:
            for delivery in await uow.deliveries.for_inbound(key):
                if delivery.status is DeliveryStatus.OFFERED:
                    delivery.status, delivery.route = DeliveryStatus.SENT, Route.PASSIVE
                    await uow.deliveries.save(delivery)
            await uow.commit()

    def pass_time(self, **span: float) -> None:
        """Move the clock, by the arguments of timedelta."""
        self.clock.advance(timedelta(**span))

    async def operator(
        self, name: str = "li", role: Role = Role.OPERATOR, scope: Scope = EVERYTHING, **about: Any
    ) -> Staff:
        """A new member of staff, at her desk."""
        staff = Staff(name, name, name, role, password_hash="", created_at=self.clock.now(), scope=scope, **about)
        async with self.units() as uow:
            await uow.staff.add(staff)
            await uow.commit()
        await self.queue.arrive(staff.id)
        return staff

    def kept[Entity](self, kind: type[Entity]) -> list[Entity]:
        """Everything of this kind in the store."""
        return self.units.kept(kind)

    @property
    def contact(self) -> Contact:
        (contact,) = self.kept(Contact)
        return contact

    @property
    def conversation(self) -> Conversation:
        (conversation,) = self.kept(Conversation)
        return conversation

    @property
    def handoff(self) -> Handoff:
        (handoff,) = self.kept(Handoff)
        return handoff

    @property
    def deliveries(self) -> list[Delivery]:
        return sorted(self.kept(Delivery), key=lambda delivery: delivery.sequence)

    def said_by(self, author: Author) -> list[Message]:
        return [message for message in self.kept(Message) if message.author is author]

    @property
    def events(self) -> list[EventKind]:
        return [event.kind for event in self.feed.kept]
