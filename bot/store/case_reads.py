"""What the pages of the office's files show, each read in one snapshot, and only what the scope allows."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.conversation.case_work import CaseEntry, Visit
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.clock import HUNAN
from bot.conversation.figures import Figures, Period, Slice
from bot.conversation.flows import Flow, ReferralKind
from bot.conversation.levels import Level, Topic
from bot.conversation.ports import Sealer
from bot.conversation.staff import Scope, area
from bot.store.case_figures import Rules, figures_of
from bot.store.case_tables import PLANNED, visits
from bot.store.engine import reading
from bot.store.queries import contact_name, within
from bot.store.repositories.case_work import entries_query, entry_of, visit_of, visits_query
from bot.store.repositories.cases import MUST_REPORT, NEWEST_FIRST, case_of, hands_in, hers
from bot.store.repositories.flows import readable
from bot.store.tables import ON_FILE, REOPENED, cases, contacts, flows, urgency
from bot.store.transaction import Transaction

TO_DO = 6
"""How many cases the short list of the day shows."""

QUIET_AFTER = timedelta(days=30)
"""How long nothing happens in a case before somebody who looks after the whole should ask why."""

PAGE = 50
"""How many cases one page of the list shows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases are asked for; what is not set leaves none out. `number` is any part of one."""

    status: CaseStatus | None = None
    topic: Topic | None = None
    level: Level | None = None
    region: str | None = None
    referral: ReferralKind | None = None
    overdue: bool = False
    must_report: bool = False
    number: str = ""
    staff_id: str | None = None
    """Of whom it is asked: those in which she had a hand."""
    today: bool = False
    """Only those in which something is to be done today."""
    quiet: bool = False
    """Only those on file in which nothing happened for a month, whether anything is due or not."""


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of the cases asked for, and how many there are in all."""

    cases: tuple[Case, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class ToDo:
    """The first cases in which something is to be done today, their visits that are due, and how many there are."""

    cases: tuple[Case, ...]
    visits: Mapping[str, date]
    total: int


@dataclass(frozen=True, slots=True)
class ToCheck:
    """Cases to be checked; `own` are those in which the reader had a hand, which others must check."""

    cases: tuple[Case, ...]
    own: frozenset[str]
    total: int


@dataclass(frozen=True, slots=True)
class CasePage:
    """All that is known of one case; `others` are her other cases within the scope, the newest first.

    `hands` are the staff who had a hand in it.
    """

    case: Case
    contact_name: str
    entries: tuple[CaseEntry, ...]
    visits: tuple[Visit, ...]
    flows: tuple[Flow, ...]
    others: tuple[Case, ...]
    hands: frozenset[str]


@dataclass(frozen=True, slots=True)
class CaseReads:
    """The reads, bound to a database; all raise StoreUnavailable."""

    engine: AsyncEngine
    sealer: Sealer
    rules: Rules

    async def case_list(self, scope: Scope, wanted: Wanted, today: date, page: int = 1) -> CaseList:
        """Those on file before the archived, the most urgent first, then the newest."""
        chosen = sa.and_(within(scope, cases), *_conditions(wanted, today))
        order = (sa.case((ON_FILE, 0), else_=1), urgency(cases).desc(), *NEWEST_FIRST)
        query = sa.select(cases).where(chosen).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)
        async with aclosing(await Transaction.begin(reading(self.engine))) as snapshot:
            counted = await snapshot.execute(sa.select(sa.func.count()).select_from(cases).where(chosen))
            return CaseList(tuple(map(case_of, await snapshot.all(query))), counted.scalar_one(), page)

    async def case_page(self, scope: Scope, case_id: str) -> CasePage:
        """One case; raises NotFound, also if it is outside the scope, and InvalidData if no key opens it."""
        async with aclosing(await Transaction.begin(reading(self.engine))) as snapshot:
            case = case_of(await snapshot.get(sa.select(cases).where(cases.c.id == case_id, within(scope, cases))))
            same = sa.select(cases).where(cases.c.contact_id == case.contact_id, cases.c.id != case_id)
            answered = sa.select(flows).where(flows.c.conversation_id == case.conversation_id)
            return CasePage(
                case=case,
                contact_name=contact_name(case.contact_id),
                entries=tuple(entry_of(row, self.sealer) for row in await snapshot.all(entries_query(case_id))),
                visits=tuple(map(visit_of, await snapshot.all(visits_query(case_id)))),
                flows=tuple(readable(await snapshot.all(answered.order_by(flows.c.begun_at)), self.sealer)),
                others=tuple(
                    case_of(row) for row in await snapshot.all(same.where(within(scope, cases)).order_by(*NEWEST_FIRST))
                ),
                hands=frozenset((await snapshot.execute(hands_in(sa.literal(case_id)))).scalars()),
            )

    async def figures(self, scope: Scope, period: Period, chosen: Slice, now: datetime) -> Figures:
        """What happened in this period, as counts only."""
        async with aclosing(await Transaction.begin(reading(self.engine))) as snapshot:
            return await figures_of(snapshot, scope, period, chosen, now, self.rules)

    async def to_do(self, scope: Scope, today: date) -> ToDo:
        """What is to be done today, the most urgent first."""
        chosen = sa.and_(within(scope, cases), to_be_done(today))
        late = sa.func.coalesce(cases.c.due_on, today)
        query = sa.select(cases).where(chosen).order_by(urgency(cases).desc(), late, *NEWEST_FIRST).limit(TO_DO)
        async with aclosing(await Transaction.begin(reading(self.engine))) as snapshot:
            total = (await snapshot.execute(sa.select(sa.func.count()).select_from(cases).where(chosen))).scalar_one()
            found = tuple(map(case_of, await snapshot.all(query)))
            due = sa.and_(visits.c.case_id.in_([case.id for case in found]), _due(today))
            rows = await snapshot.all(sa.select(visits.c.case_id, visits.c.planned_on).where(due))
            return ToDo(found, {row.case_id: row.planned_on for row in rows}, total)

    async def to_check(self, scope: Scope, staff_id: str) -> ToCheck:
        """The archived cases that no check has passed: the most urgent first, then the oldest.

        Those of people whose data was erased are left out: there is nothing to look at.
        """
        kept = sa.select(contacts.c.id).where(contacts.c.id == cases.c.contact_id, contacts.c.erased_at.is_(None))
        unpassed = cases.c.check_passed.is_not(sa.true())
        chosen = sa.and_(within(scope, cases), ~ON_FILE, unpassed, kept.exists())
        order = (urgency(cases).desc(), cases.c.opened_at, cases.c.number)
        query = sa.select(cases).where(chosen).order_by(*order).limit(PAGE)
        async with aclosing(await Transaction.begin(reading(self.engine))) as snapshot:
            total = (await snapshot.execute(sa.select(sa.func.count()).select_from(cases).where(chosen))).scalar_one()
            found = tuple(map(case_of, await snapshot.all(query)))
            own = await snapshot.execute(hers(staff_id, [case.id for case in found]))
            return ToCheck(found, frozenset(own.scalars()), total)


def to_be_done(today: date) -> sa.ColumnElement[bool]:
    """Something is due by today, a visit is, harm to a minor is still to be reported, or it was taken up again."""
    visit = sa.select(visits.c.id).where(visits.c.case_id == cases.c.id, _due(today)).exists()
    return sa.and_(ON_FILE, sa.or_(cases.c.due_on <= today, MUST_REPORT, visit, REOPENED))


def _due(today: date) -> sa.ColumnElement[bool]:
    return sa.and_(PLANNED, visits.c.planned_on <= today)


def _conditions(wanted: Wanted, today: date) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        column == value
        for column, value in (
            (cases.c.status, wanted.status),
            (cases.c.topic, wanted.topic),
            (cases.c.level, wanted.level),
        )
        if value is not None
    ]
    if wanted.region:
        found.append(cases.c.region.startswith(area(wanted.region), autoescape=True))
    if wanted.referral:
        found.append(sa.cast(cases.c.referrals, sa.Text).contains(f'"{wanted.referral}"'))
    if wanted.overdue:
        found.append(cases.c.due_on < today)
    if wanted.must_report:
        found.append(MUST_REPORT)
    if wanted.staff_id:
        found.append(cases.c.id.in_(hers(wanted.staff_id)))
    if wanted.today:
        found.append(to_be_done(today))
    if wanted.quiet:
        found += [ON_FILE, cases.c.updated_at < datetime.combine(today - QUIET_AFTER, time(), HUNAN)]
    if wanted.number:
        found.append(cases.c.number.contains(wanted.number, autoescape=True))
    return found
