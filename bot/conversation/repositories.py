"""What the use cases keep: one port a table, and the transaction that holds them together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import TracebackType
from typing import Protocol, Self

from bot.conversation.accounts import Consent, Contact
from bot.conversation.alarms import Alarm, AlarmKind
from bot.conversation.alerts import AlertKind
from bot.conversation.articles import ArticleVersion
from bot.conversation.case_work import CaseEntry, Visit
from bot.conversation.cases import Case
from bot.conversation.conversations import Conversation
from bot.conversation.desk_repositories import Alerts, CallBacks, CannedReplies, Notes, Shares, Shifts
from bot.conversation.flows import Flow, Link
from bot.conversation.handoffs import Handoff, Waits
from bot.conversation.levels import Level
from bot.conversation.media import Body, Media, MediaKind
from bot.conversation.messages import Delivery, Exchange, Message
from bot.conversation.staff import AuditEntry, SecondFactor, Session, Staff


class Contacts(Protocol):
    """The people who write. A contact that was read stays locked for other units until this one ends."""

    async def to_erase(self, limit: int) -> list[Contact]:
        """Those who asked to be erased, have not been, and have neither an open handoff nor an open case."""
        ...

    async def erase(self, contact_id: str) -> None:
        """Take away what names or shows her: OpenID, mailbox, region, words, media, consents, what was sent.

        What remains (times, topics, levels, the numbers of archived cases) names nobody. She may write again as a
        new contact.
        """
        ...

    async def by_mailbox(self, mailbox: str) -> Contact | None: ...
    async def get(self, contact_id: str) -> Contact: ...
    async def add(self, contact: Contact) -> None: ...
    async def save(self, contact: Contact) -> None: ...


class Conversations(Protocol):
    """Conversations. `get` raises NotFound; `save` raises StaleVersion and counts the version up."""

    async def get(self, conversation_id: str) -> Conversation: ...
    async def current(self, contact_id: str) -> Conversation | None:
        """The one that is not closed."""
        ...

    async def add(self, conversation: Conversation) -> None: ...
    async def save(self, conversation: Conversation) -> None: ...


class Messages(Protocol):
    """What was said. `add` raises Conflict if the inbound key is already there."""

    async def add(self, message: Message) -> None: ...
    async def by_inbound_key(self, key: str) -> Message | None: ...
    async def recent(self, conversation_id: str, limit: int) -> list[Message]:
        """The last messages, the oldest first."""
        ...

    async def exchanges(self, conversation_ids: Collection[str]) -> Mapping[str, Exchange]:
        """How the exchange with operators stands in these conversations."""
        ...


class Deliveries(Protocol):
    """What must be sent. `add` gives the sequence; `get` raises NotFound."""

    async def get(self, delivery_id: str) -> Delivery: ...
    async def add(self, delivery: Delivery) -> None: ...
    async def save(self, delivery: Delivery) -> None: ...
    async def for_inbound(self, key: str) -> list[Delivery]:
        """The deliveries that answer this message, in order."""
        ...

    async def due(self, now: datetime, limit: int, *, leaving_out: Collection[str] = ()) -> list[Delivery]:
        """Open deliveries whose time has come, at most one a contact: its first open one by sequence.

        Those of urgent conversations (critical, high) come first, and none of the accounts that are left out. Where
        several couriers run, each gets rows that no other holds locked.
        """
        ...

    async def any_due(self, now: datetime) -> bool:
        """Whether the time of any open delivery has come, be it held by others or behind another one."""
        ...

    async def following(self, delivery: Delivery) -> list[Delivery]:
        """The pending ones of the same contact that come right after it, in order, up to the first of another kind.

        They may go out with it as one message.
        """
        ...

    async def under_way(self, contact_id: str) -> list[Delivery]:
        """Those not yet decided: offered, pending or being sent, in order."""
        ...

    async def held(self, contact_id: str) -> list[Delivery]:
        """Those kept until she writes again, in order."""
        ...


class MediaFiles(Protocol):
    """Pictures, voice and video. `get` raises NotFound."""

    async def get(self, media_id: str) -> Media: ...
    async def add(self, media: Media) -> None: ...
    async def save(self, media: Media) -> None: ...
    async def of_message(self, message_id: str) -> Media | None: ...
    async def due(self, now: datetime, limit: int) -> list[Media]:
        """Pending ones whose time has come; where several collectors run, each gets rows that no other holds."""
        ...

    async def untranscribed(self, now: datetime, limit: int) -> list[Media]:
        """Voice messages no longer pending (stored or not) whose transcript is wanted and whose time has come."""
        ...

    async def keep_body(self, media_id: str, body: Body, *, playable: bool = False) -> None:
        """Keep the bytes, sealed: as they came, or `playable` as a browser plays them."""
        ...

    async def body(self, media_id: str, *, playable: bool = False) -> Body:
        """The bytes; with `playable` those for a browser if there are any. Raises NotFound."""
        ...

    async def erase(self, contact_id: str, kinds: Collection[MediaKind]) -> None:
        """Delete the bytes of these kinds of hers."""
        ...


class Consents(Protocol):
    """Notices that a person allowed."""

    async def get(self, contact_id: str, template_id: str) -> Consent | None: ...
    async def save(self, consent: Consent) -> None:
        """Add or change; one with nothing left is forgotten."""
        ...

    async def end(self, contact_id: str) -> None:
        """Forget all consents of hers."""
        ...


class Alarms(Protocol):
    """What keeps accounts from working."""

    async def raise_(self, account_id: str, kind: AlarmKind, detail: str, at: datetime) -> None:
        """Note it; one that is known keeps its beginning."""
        ...

    async def clear(self, account_id: str, kind: AlarmKind) -> None: ...
    async def all(self) -> list[Alarm]: ...


class ArticleVersions(Protocol):
    """The wordings of the vetted answers that were ever in use; only added to. `get` raises NotFound."""

    async def keep(self, versions: Iterable[ArticleVersion]) -> None:
        """Add those that are not yet there; one that is known keeps its words and its first day."""
        ...

    async def get(self, key: str, version: str) -> ArticleVersion: ...
    async def of(self, key: str) -> list[ArticleVersion]:
        """Every wording of this article, the newest first."""
        ...


class Handoffs(Protocol):
    """Askings for a person. `get` raises NotFound."""

    async def get(self, handoff_id: str) -> Handoff: ...
    async def open_of(self, conversation_id: str) -> Handoff | None:
        """The unresolved one of this conversation."""
        ...

    async def in_hand(self, staff_id: str) -> int:
        """How many this member of staff has claimed and not yet settled."""
        ...

    async def claimed(self) -> list[Handoff]:
        """All that are in somebody's hands."""
        ...

    async def waiting(self) -> list[Handoff]: ...
    async def critical(self) -> list[Handoff]:
        """Those waiting at the highest level."""
        ...

    async def late(
        self, before: Mapping[Level, datetime], kind: AlertKind, without: Collection[str], limit: int
    ) -> list[Handoff]:
        """Those who have waited since before the moment of their level, while no such alert stands at it, and there.

        The most urgent first, and none of the accounts `without`.
        """
        ...

    async def waits(self, without: Collection[str]) -> Mapping[Level, Waits]:
        """How many wait at each level, and since when the first of them; none of the accounts `without`."""
        ...

    async def add(self, handoff: Handoff) -> None: ...
    async def save(self, handoff: Handoff) -> None: ...


class Cases(Protocol):
    """The office's files. `get` raises NotFound; `add` gives the number."""

    async def get(self, case_id: str) -> Case: ...
    async def open_of(self, contact_id: str) -> Case | None:
        """The newest file of this person that is not archived."""
        ...

    async def newest_of(self, contact_id: str) -> Case | None:
        """The newest file of this person, archived or not."""
        ...

    async def on_file(self, contact_id: str, conversation_id: str) -> list[Case]:
        """Her files of this conversation that are not archived, the newest first."""
        ...

    async def pressing(self, by: date) -> list[Case]:
        """Those on file in which something is due by this day, or harm to a minor is still to be reported."""
        ...

    async def hands(self, case_id: str) -> frozenset[str]:
        """The staff who had a hand in it.

        Who works on it, wrote in it (but for oversight), took its conversation or answered.
        """
        ...

    async def add(self, case: Case) -> None: ...
    async def save(self, case: Case) -> None: ...


class CaseEntries(Protocol):
    """The history of cases; only added to."""

    async def add(self, entry: CaseEntry) -> None: ...
    async def has(self, entry_id: str) -> bool: ...
    async def of(self, case_id: str) -> list[CaseEntry]:
        """All of this case, in order."""
        ...


class Visits(Protocol):
    """Follow-up visits. `get` raises NotFound."""

    async def get(self, visit_id: str) -> Visit: ...
    async def of(self, case_id: str) -> list[Visit]:
        """All of this case, by their day."""
        ...

    async def pressing(self, by: date) -> list[tuple[Visit, Case]]:
        """Those still planned, for this day or before, with their cases, as long as these are on file."""
        ...

    async def add(self, visit: Visit) -> None: ...
    async def save(self, visit: Visit) -> None: ...


class Flows(Protocol):
    """What people answered in guided help. `get` raises NotFound."""

    async def get(self, flow_id: str) -> Flow: ...
    async def of_conversation(self, conversation_id: str) -> list[Flow]:
        """All of this conversation, the one begun last at the end."""
        ...

    async def of_contact(self, contact_id: str) -> list[Flow]:
        """All of hers, the one begun last at the end."""
        ...

    async def add(self, flow: Flow) -> None: ...
    async def save(self, flow: Flow) -> None: ...


class Links(Protocol):
    """One-time links. `save` raises StaleVersion if another opened it meanwhile."""

    async def by_digest(self, digest: str) -> Link | None: ...
    async def add(self, link: Link) -> None: ...
    async def save(self, link: Link) -> None: ...


class StaffMembers(Protocol):
    """Who may sign in. `add` raises Conflict if the name is taken; `get`, `hold` and `save` raise NotFound."""

    async def get(self, staff_id: str) -> Staff: ...
    async def hold(self, staff_id: str) -> Staff:
        """As `get`, and she stays locked for other units until this one ends."""
        ...

    async def by_username(self, username: str) -> Staff | None: ...
    async def some(self, staff_ids: Collection[str]) -> Sequence[Staff]:
        """Those of these ids that there are."""
        ...

    async def all(self) -> Sequence[Staff]: ...
    async def add(self, staff: Staff) -> None: ...
    async def save(self, staff: Staff) -> None: ...


class Sessions(Protocol):
    """Sign-ins that still hold; `end_all` ends those of one member of staff, `but` for that of this digest."""

    async def find(self, token_digest: str, now: datetime) -> Session | None: ...
    async def add(self, session: Session) -> None: ...
    async def drill(self, token_digest: str, *, on: bool) -> None:
        """Let the sign-in show drills alone from now on, or what is real; nothing happens if there is none."""
        ...

    async def drilling(self, now: datetime) -> frozenset[str]:
        """The ids of the staff of whom a sign-in that holds shows drills alone."""
        ...

    async def end(self, token_digest: str) -> None: ...
    async def end_all(self, staff_id: str, but: str = "") -> None: ...


class SecondFactors(Protocol):
    """At most one for each member of staff; one that was read stays locked for other units until this one ends."""

    async def of(self, staff_id: str) -> SecondFactor | None: ...
    async def save(self, factor: SecondFactor) -> None: ...
    async def end(self, staff_id: str) -> None: ...


class AuditTrail(Protocol):
    """Append only, one unit of work at a time. An id that is there already makes the commit raise Conflict."""

    async def append(self, entry: AuditEntry) -> None: ...


class UnitOfWork(Protocol):
    """One transaction: nothing is kept unless `commit` is called. All raise StoreUnavailable."""

    contacts: Contacts
    conversations: Conversations
    messages: Messages
    deliveries: Deliveries
    media: MediaFiles
    consents: Consents
    alarms: Alarms
    article_versions: ArticleVersions
    handoffs: Handoffs
    cases: Cases
    case_entries: CaseEntries
    visits: Visits
    flows: Flows
    links: Links
    staff: StaffMembers
    sessions: Sessions
    second_factors: SecondFactors
    call_backs: CallBacks
    shares: Shares
    notes: Notes
    canned_replies: CannedReplies
    shifts: Shifts
    alerts: Alerts
    audit: AuditTrail

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    async def commit(self) -> None: ...


class UnitsOfWork(Protocol):
    """Begins a unit of work: `async with units() as uow: ...; await uow.commit()`."""

    def __call__(self, *, reading: bool = False) -> UnitOfWork:
        """One that is only for `reading` does not stand in line with the writers; `commit` raises RuntimeError."""
        ...
