"""Rows in memory, and one unit of work's view of them: snapshots, versions, unique rows and references."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from itertools import count
from typing import Any

from bot.conversation.accounts import Consent, Contact
from bot.conversation.alarms import Alarm
from bot.conversation.alerts import Alert, Telling
from bot.conversation.articles import ArticleVersion
from bot.conversation.call_backs import CallBack
from bot.conversation.canned import CannedReply
from bot.conversation.case_work import CaseEntry, Visit
from bot.conversation.cases import Case
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import Conflict, NotFound, StaleVersion, StoreUnavailable
from bot.conversation.flows import Flow, Link
from bot.conversation.handoffs import Handoff, HandoffStatus
from bot.conversation.media import Body, Media
from bot.conversation.messages import Delivery, Message
from bot.conversation.notes import Note
from bot.conversation.roster import Shift
from bot.conversation.shares import Share, WrongCode
from bot.conversation.staff import AuditEntry, SecondFactor, Session, Staff

type Tables = dict[type, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class KeptBody:
    """The bytes of a file."""

    media_id: str
    playable: bool
    body: Body


@dataclass(frozen=True, slots=True)
class KeptCode:
    """The code of a share."""

    id: str
    contact_id: str
    code: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """This person was erased: nothing of hers changes any more."""

    contact_id: str


KINDS = (
    Contact,
    Conversation,
    Message,
    Delivery,
    Media,
    KeptBody,
    Consent,
    Alarm,
    ArticleVersion,
    Erasure,
    Handoff,
    Case,
    CaseEntry,
    Visit,
    Flow,
    Link,
    Staff,
    Session,
    SecondFactor,
    CallBack,
    Note,
    CannedReply,
    Shift,
    Alert,
    Telling,
    Share,
    KeptCode,
    WrongCode,
    AuditEntry,
)

UNIQUE: Mapping[type, Callable[[Any], Hashable | None]] = {
    Contact: lambda contact: contact.mailbox,
    Conversation: lambda conversation: None if conversation.mode is Mode.CLOSED else conversation.contact_id,
    Message: lambda message: message.inbound_key,
    Media: lambda file: file.message_id,
    Link: lambda link: link.digest,
    Handoff: lambda handoff: None if handoff.status is HandoffStatus.RESOLVED else handoff.conversation_id,
    Staff: lambda member: member.username.casefold(),
}
"""What no two rows of a kind may share; None is shared freely."""

REFERENCES: Mapping[str, type] = {
    "contact_id": Contact,
    "conversation_id": Conversation,
    "message_id": Message,
    "case_id": Case,
}


class Memory:
    """What was committed; with `available = False` every use of it raises StoreUnavailable."""

    def __init__(self, drills: frozenset[str] = frozenset()) -> None:
        self.drills = drills
        self.committed: Tables = {kind: {} for kind in KINDS}
        self.sequences = count(1)
        self.case_numbers: dict[str, Iterator[int]] = {}
        self.available = True

    def kept[Entity](self, kind: type[Entity]) -> list[Entity]:
        """Copies of everything of this kind that was committed, in the order in which it was added."""
        return [copy(entity) for entity in self.committed[kind].values()]


class Work:
    """A unit's own view of the tables, and which rows it changed."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._refused = False
        self._begin()

    def _begin(self) -> None:
        self._check_usable()
        self._base: Tables = {kind: dict(rows) for kind, rows in self.memory.committed.items()}
        self._rows: Tables = {kind: dict(rows) for kind, rows in self.memory.committed.items()}
        self._written: dict[tuple[type, str], None] = {}

    def all[Entity](self, kind: type[Entity]) -> list[Entity]:
        self._check_usable()
        return [copy(entity) for entity in self._rows[kind].values()]

    def get[Entity](self, kind: type[Entity], key: str) -> Entity:
        self._check_usable()
        if key not in self._rows[kind]:
            raise NotFound("no such row")
        found: Entity = copy(self._rows[kind][key])
        return found

    def find[Entity](self, kind: type[Entity], key: str) -> Entity | None:
        self._check_usable()
        return copy(self._rows[kind].get(key))

    def add(self, entity: Any) -> None:
        self._check_usable()
        if key_of(entity) in self._rows[type(entity)] or not self._refers_rightly(entity):
            self._refuse()
        self._write(entity)

    def save(self, entity: Any) -> None:
        self.get(type(entity), key_of(entity))
        self._write(entity)

    def put(self, entity: Any) -> None:
        """Add or change."""
        self._check_usable()
        if not self._refers_rightly(entity):
            self._refuse()
        self._write(entity)

    def remove(self, entity: Any) -> None:
        self._check_usable()
        if self._rows[type(entity)].pop(key_of(entity), None) is not None:
            self._written[type(entity), key_of(entity)] = None

    def committed_version(self, conversation_id: str) -> int | None:
        """The version that others see: a unit that holds an older one is too late."""
        kept = self.memory.committed[Conversation].get(conversation_id)
        return None if kept is None else int(kept.version)

    def commit(self) -> None:
        self._check_usable()
        committed = self.memory.committed
        for kind, key in self._written:
            if committed[kind].get(key) is not self._base[kind].get(key):
                raise StaleVersion("the row changed since it was read")
            if key in self._rows[kind]:
                self._check_unique(self._rows[kind][key])
                self._check_not_erased(self._rows[kind][key])
        for kind, key in self._written:
            if key in self._rows[kind]:
                committed[kind][key] = self._rows[kind][key]
            else:
                committed[kind].pop(key, None)
        self._begin()

    def _write(self, entity: Any) -> None:
        self._check_not_erased(entity)
        self._check_unique(entity)
        self._rows[type(entity)][key_of(entity)] = copy(entity)
        self._written[type(entity), key_of(entity)] = None

    def _check_unique(self, entity: Any) -> None:
        kind, key = type(entity), key_of(entity)
        shared = UNIQUE.get(kind, lambda _: None)
        # As others left it, under what this unit changed.
        mine = {own: self._rows[kind].get(own) for written, own in self._written if written is kind}
        present = {**self.memory.committed[kind], **mine}
        others = (other for name, other in present.items() if name != key and isinstance(other, kind))
        if shared(entity) is not None and any(shared(other) == shared(entity) for other in others):
            self._refuse()

    def _check_not_erased(self, entity: Any) -> None:
        contact_id = entity.id if isinstance(entity, Contact) else getattr(entity, "contact_id", None)
        if contact_id in self.memory.committed[Erasure]:
            raise StaleVersion("this person was erased")

    def _refers_rightly(self, entity: Any) -> bool:
        references = {name: kind for name, kind in REFERENCES.items() if hasattr(entity, name)}
        if isinstance(entity, Session | SecondFactor | Shift):
            references = {"staff_id": Staff}
        named = {kind: getattr(entity, name) for name, kind in references.items()}
        return all(key is None or key in self._rows[kind] for kind, key in named.items())

    def _refuse(self) -> None:
        self._refused = True
        raise Conflict("the store refused the row")

    def _check_usable(self) -> None:
        if not self.memory.available:
            raise StoreUnavailable("the database does not answer")
        if self._refused:
            raise Conflict("this unit of work was refused; begin a new one")


def key_of(entity: Any) -> str:
    """The primary key of a row."""
    match entity:
        case Session():
            return entity.token_digest
        case SecondFactor():
            return entity.staff_id
        case Erasure():
            return entity.contact_id
        case KeptBody():
            return f"{entity.media_id} {entity.playable}"
        case Consent():
            return f"{entity.contact_id} {entity.template_id}"
        case Alarm():
            return f"{entity.account_id} {entity.kind} {entity.detail}"
        case Telling():
            return f"{entity.alert_id} {entity.robot}"
        case ArticleVersion():
            return entity.reference
        case _:
            return str(entity.id)
