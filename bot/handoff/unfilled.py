"""Find the shifts that have begun with nobody of them there."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from bot.conversation.accounts import Accounts, drills_among
from bot.conversation.alerts import Alert, AlertKind
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork
from bot.conversation.roster import Calendar, missed
from bot.conversation.staff import CHAT_ROLES, Scope, area
from bot.handoff.roster import running


async def unfilled(
    uow: UnitOfWork, present: Collection[str], accounts: Accounts, now: datetime, calendar: Calendar
) -> list[Alert]:
    """One alert for each place whose shift is not filled: of those on duty for it by the plan, nobody is present.

    It is for the plan that the alert is: a colleague who is there by chance does not still it.
    """
    staff = {one.id: one for one in await uow.staff.all() if one.active and one.role in CHAT_ROLES}
    spans = await running(uow, staff, now, calendar)
    planned = [staff[one.shift.staff_id] for one in spans]
    found: dict[str, Alert] = {}
    for span in missed(spans, now):
        for account_id, region in places_of(staff[span.shift.staff_id].scope, accounts):
            there = any(one.id in present and one.looks_after(account_id, region) for one in planned)
            subject = f"{account_id} {region}"
            if not there and subject not in found:
                kind = AlertKind.SHIFT_UNFILLED
                found[subject] = Alert(new_id(), kind, subject, account_id, region, since=span.begins, raised_at=now)
    return list(found.values())


def places_of(scope: Scope, accounts: Accounts) -> Iterator[tuple[str, str]]:
    """For whom somebody of this scope is on duty: her regions, each under the account nearest to it, or her accounts.

    Whoever may see everything is on duty for the account of the widest region: not every account is told of her.
    """
    real = scope.in_earnest(drills_among(accounts))
    hers = sorted((one for one in accounts.values() if real.covers_account(one.id)), key=lambda one: area(one.region))
    if not hers:
        return
    for region in sorted(scope.regions):
        above = [one for one in hers if region.startswith(area(one.region))]
        yield (above[-1] if above else hers[0]).id, region
    if not scope.regions:
        for account in hers if scope.accounts else hers[:1]:
            yield account.id, account.region
