"""What a person lets this city read of her files in another."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from bot import desk
from bot.api.models import Identity
from bot.api.ports import Ports
from bot.api.problems import ROOT, problems
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.flows import ReferralKind
from bot.conversation.levels import Level, Topic
from bot.store.share_reads import SharedCases, SharedStep
from bot.web.access import Caller

routes = APIRouter(prefix=ROOT, tags=["cases"], responses=problems(401, 403, 404, 409, 422, 503))


class SharedStepView(BaseModel):
    """One step of the other office, without its words."""

    at: datetime
    status: CaseStatus
    agency: Agency | None


class SharedCaseView(BaseModel):
    """A file of hers in the other city: how it stands, and nothing that was said."""

    number: str
    region: str
    topic: Topic
    level: Level
    status: CaseStatus
    agency: Agency | None
    referrals: list[ReferralKind]
    due_on: date | None
    opened_at: datetime
    updated_at: datetime
    steps: list[SharedStepView] = Field(description="in order")

    @staticmethod
    def of(case: Case, steps: tuple[SharedStep, ...]) -> SharedCaseView:
        """The JSON of one file."""
        plain = {name: getattr(case, name) for name in SharedCaseView.model_fields if name != "steps"}
        taken = [SharedStepView(at=one.at, status=one.status, agency=one.agency) for one in steps]
        return SharedCaseView(**plain, steps=taken)


class SharedView(BaseModel):
    """Her files in the other city, the newest first."""

    account_id: str = Field(description="where she was before")
    conversation_id: str = Field(description="hers here")
    agreed_at: datetime | None
    cases: list[SharedCaseView]

    @staticmethod
    def of(shared: SharedCases) -> SharedView:
        """The JSON of what she shares."""
        return SharedView(
            account_id=shared.account_id,
            conversation_id=shared.conversation_id,
            agreed_at=shared.share.agreed_at,
            cases=[SharedCaseView.of(case, steps) for case, steps in shared.cases],
        )


@routes.get("/shares/{share_id}")
async def show_shared(share_id: Identity, visit: Caller, ports: Ports) -> SharedView:
    """Her files in the other city, as long as she allows it.

    That they were read is written to the audit trail, and into their history over there.
    """
    visit.staff.check_may_chat()
    return SharedView.of(await desk.open_shared(share_id, visit.staff, ports))
