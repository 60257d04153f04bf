"""Reminds of what is due in the office's files: a deadline, a visit, the report of harm to a minor."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, time, timedelta

from bot.cases.workdays import is_workday
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.case_work import Visit
from bot.conversation.cases import Case
from bot.conversation.clock import HUNAN, Clock
from bot.conversation.deadlines import IsWorkday, day_of, workdays_after
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitsOfWork

KINDS = (AlertKind.CASE_DUE_SOON, AlertKind.CASE_OVERDUE, AlertKind.VISIT_DUE, AlertKind.REPORT_DUE)
SOON_WORKDAYS = 2
"""So many working days before its last day a deadline is called to mind."""
REPORT_WITHIN = timedelta(hours=24)
"""The law says at once (未成年人保护法, article 11); a day is when somebody above must look."""


async def remind(units: UnitsOfWork, clock: Clock, drills: Collection[str] = ()) -> None:
    """Raise an alert for what is due now, and clear those of which that is no longer so; `drills` are left alone.

    Raises StoreUnavailable.
    """
    now = clock.now()
    async with units() as uow:
        soon = workdays_after(day_of(now), SOON_WORKDAYS, is_workday)
        files, visits = await uow.cases.pressing(soon), await uow.visits.pressing(day_of(now))
        due = {(one.kind, one.subject): one for one in reminders(files, visits, now, is_workday)}
        wanted = {key: one for key, one in due.items() if one.account_id not in drills}
        standing = {(one.kind, one.subject): one for one in await uow.alerts.standing(*KINDS)}
        for key, alert in wanted.items():
            known = standing.get(key)
            if known is None or (known.level, known.region) != (alert.level, alert.region):
                await uow.alerts.raise_(alert)
        for kind, subject in standing.keys() - wanted.keys():
            await uow.alerts.clear(kind, subject, now)
        await uow.commit()


def reminders(
    files: Iterable[Case], visits: Iterable[tuple[Visit, Case]], now: datetime, is_workday: IsWorkday
) -> Iterator[Alert]:
    """What is due in these files and of these visits: each matter once."""
    today = day_of(now)
    soon = workdays_after(today, SOON_WORKDAYS, is_workday)
    for case in files:
        if case.due_on is not None and case.due_on < today:
            yield _alert(AlertKind.CASE_OVERDUE, case.id, case, _begin(case.due_on + timedelta(days=1)), now)
        elif case.due_on is not None and case.due_on <= soon:
            yield _alert(AlertKind.CASE_DUE_SOON, case.id, case, now, now)
        if case.must_report and case.report_since is not None and now - case.report_since > REPORT_WITHIN:
            yield _alert(AlertKind.REPORT_DUE, case.id, case, case.report_since, now)
    for visit, case in visits:
        if visit.planned_on <= today:
            yield _alert(AlertKind.VISIT_DUE, visit.id, case, _begin(visit.planned_on), now)


def _alert(kind: AlertKind, subject: str, case: Case, since: datetime, now: datetime) -> Alert:
    return Alert(
        id=new_id(),
        kind=kind,
        subject=subject,
        account_id=case.account_id,
        region=case.region,
        since=since,
        raised_at=now,
        level=case.level,
        conversation_id=case.conversation_id,
        case_id=case.id,
    )


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), HUNAN)
