"""Who may use which route of the desk and the API: the decision about each of them, and how a request is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from bot import handoff
from bot.conversation.canned import CannedReply
from bot.conversation.case_work import Visit
from bot.conversation.content import Image
from bot.conversation.deadlines import day_of
from bot.conversation.flows import Flow, FlowState
from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import new_id
from bot.conversation.notes import Note
from bot.conversation.staff import CHAT_ROLES, OVERSIGHT_ROLES, Role, Staff
from tests.doubles.office import PASSWORD, Office
from tests.doubles.office_letters import LETTER, send_on
from tests.doubles.office_shares import lets_read

EVERYBODY = None
"""Also who has not signed in."""

STAFF = frozenset(Role)
CHAT, OVERSIGHT = CHAT_ROLES, OVERSIGHT_ROLES

DECISIONS: Mapping[str, frozenset[Role] | None] = {
    "GET /api/openapi.json": EVERYBODY,
    "GET /static": EVERYBODY,
    "GET /sign-in": EVERYBODY,
    "POST /sign-in": EVERYBODY,
    "POST /sign-in/code": EVERYBODY,
    "POST /api/v1/tokens": EVERYBODY,
    "GET /": STAFF,
    "GET /account": STAFF,
    "POST /account/second-factor": STAFF,
    "POST /account/second-factor/confirm": STAFF,
    "POST /account/password": STAFF,
    "GET /desk": CHAT,
    "GET /desk/lists": CHAT,
    "GET /desk/lists/count": CHAT,
    "GET /desk/talks": OVERSIGHT,
    "GET /desk/here": STAFF,
    "GET /desk/waiting": CHAT,
    "GET /desk/alerts": CHAT,
    "GET /desk/alerts/banner": CHAT,
    "GET /desk/articles": CHAT,
    "GET /desk/conversations/{conversation_id}": CHAT,
    "GET /desk/conversations/{conversation_id}/live": CHAT,
    "GET /media/{media_id}": CHAT,
    "GET /events": CHAT,
    "POST /desk/next": CHAT,
    "POST /desk/duty": CHAT,
    "POST /desk/drill": CHAT,
    "GET /desk/conversations/{conversation_id}/passing": CHAT,
    "POST /desk/conversations/{conversation_id}/assign": OVERSIGHT,
    "POST /desk/conversations/{conversation_id}/step-in": OVERSIGHT,
    "POST /desk/conversations/{conversation_id}/notes": CHAT,
    "POST /desk/conversations/{conversation_id}/lines/{line_id}/reveal": CHAT,
    "GET /desk/conversations/{conversation_id}/lines/{line_id}/text": CHAT,
    "POST /desk/conversations/{conversation_id}/answers/{flow_id}/reveal": CHAT,
    "POST /desk/conversations/{conversation_id}/person": CHAT,
    "POST /desk/conversations/{conversation_id}/person/reveal": CHAT,
    "POST /api/v1/conversations/{conversation_id}/messages/{message_id}/reveal": CHAT,
    "POST /api/v1/conversations/{conversation_id}/notes/{note_id}/reveal": CHAT,
    "POST /api/v1/conversations/{conversation_id}/person/reveal": CHAT,
    "GET /desk/replies": CHAT,
    "POST /desk/replies": CHAT,
    "POST /desk/replies/{reply_id}": CHAT,
    "POST /desk/replies/{reply_id}/end": CHAT,
    "POST /desk/conversations/{conversation_id}/claim": CHAT,
    "POST /desk/conversations/{conversation_id}/messages": CHAT,
    "POST /desk/conversations/{conversation_id}/pictures": CHAT,
    "POST /desk/conversations/{conversation_id}/typing": CHAT,
    "POST /desk/conversations/{conversation_id}/reminder": CHAT,
    "POST /desk/conversations/{conversation_id}/release": CHAT,
    "POST /desk/conversations/{conversation_id}/transfer": CHAT,
    "POST /desk/conversations/{conversation_id}/close": CHAT,
    "GET /desk/cases": CHAT,
    "GET /desk/cases/{case_id}": CHAT,
    "GET /desk/shares/{share_id}": CHAT,
    "POST /desk/cases/{case_id}/steps": CHAT,
    "POST /desk/cases/{case_id}/notes": CHAT,
    "POST /desk/cases/{case_id}/report-needed": CHAT,
    "POST /desk/cases/{case_id}/report": CHAT,
    "POST /desk/cases/{case_id}/risk": CHAT,
    "POST /desk/cases/{case_id}/visits": CHAT,
    "POST /desk/cases/{case_id}/visits/{visit_id}": CHAT,
    "GET /desk/cases/{case_id}/letter": CHAT,
    "GET /desk/cases/{case_id}/letters/{entry_id}.{kind}": CHAT,
    "POST /desk/cases/{case_id}/letters": CHAT,
    "GET /desk/checks": OVERSIGHT,
    "POST /desk/cases/{case_id}/check": OVERSIGHT,
    "POST /desk/cases/{case_id}/entries/{entry_id}/reveal": CHAT,
    "POST /desk/cases/{case_id}/referrals": CHAT,
    "POST /desk/cases/{case_id}/handler": CHAT,
    "POST /desk/cases/{case_id}/extension": OVERSIGHT,
    "POST /desk/cases/{case_id}/report-lifted": OVERSIGHT,
    "GET /desk/call-backs": CHAT,
    "GET /desk/call-backs/count": CHAT,
    "POST /desk/call-backs/{call_back_id}/number": CHAT,
    "POST /desk/call-backs/{call_back_id}/calls": CHAT,
    "GET /desk/roster": CHAT,
    "POST /desk/roster/add": OVERSIGHT,
    "POST /desk/roster/remove": OVERSIGHT,
    "POST /desk/roster/copy": OVERSIGHT,
    "GET /desk/reports": OVERSIGHT,
    "GET /desk/reports/excel": OVERSIGHT,
    "GET /desk/alarms": OVERSIGHT,
    "GET /desk/dead-letters": OVERSIGHT,
    "POST /desk/dead-letters/drop": OVERSIGHT,
    "POST /desk/dead-letters/retry": OVERSIGHT,
    "GET /api/v1/articles": STAFF,
    "GET /api/v1/articles/{topic}/{name}": STAFF,
    "GET /api/v1/queue": CHAT,
    "GET /api/v1/colleagues": CHAT,
    "POST /api/v1/presence": CHAT,
    "GET /api/v1/events": CHAT,
    "GET /api/v1/conversations/{conversation_id}": CHAT,
    "GET /api/v1/media/{media_id}": CHAT,
    "GET /api/v1/cases/{case_id}": CHAT,
    "POST /api/v1/queue/claim": CHAT,
    "POST /api/v1/conversations/{conversation_id}/claim": CHAT,
    "GET /api/v1/conversations/{conversation_id}/notes": CHAT,
    "POST /api/v1/conversations/{conversation_id}/notes": CHAT,
    "POST /api/v1/conversations/{conversation_id}/messages": CHAT,
    "POST /api/v1/conversations/{conversation_id}/pictures": CHAT,
    "POST /api/v1/conversations/{conversation_id}/typing": CHAT,
    "POST /api/v1/conversations/{conversation_id}/release": CHAT,
    "POST /api/v1/conversations/{conversation_id}/transfer": CHAT,
    "POST /api/v1/conversations/{conversation_id}/assign": OVERSIGHT,
    "POST /api/v1/conversations/{conversation_id}/step-in": OVERSIGHT,
    "POST /api/v1/conversations/{conversation_id}/close": CHAT,
    "GET /api/v1/call-backs": CHAT,
    "POST /api/v1/call-backs/{call_back_id}/number": CHAT,
    "POST /api/v1/call-backs/{call_back_id}/calls": CHAT,
    "GET /api/v1/cases": CHAT,
    "POST /api/v1/cases/{case_id}/steps": CHAT,
    "POST /api/v1/cases/{case_id}/notes": CHAT,
    "POST /api/v1/cases/{case_id}/visits": CHAT,
    "POST /api/v1/cases/{case_id}/visits/{visit_id}": CHAT,
    "POST /api/v1/cases/{case_id}/letters": CHAT,
    "GET /api/v1/cases/{case_id}/letters/{entry_id}.{kind}": CHAT,
    "POST /api/v1/cases/{case_id}/entries/{entry_id}/reveal": CHAT,
    "POST /api/v1/cases/{case_id}/handler": CHAT,
    "POST /api/v1/cases/{case_id}/referrals": CHAT,
    "POST /api/v1/cases/{case_id}/risk": CHAT,
    "POST /api/v1/cases/{case_id}/report-needed": CHAT,
    "POST /api/v1/cases/{case_id}/report": CHAT,
    "POST /api/v1/cases/{case_id}/report-lifted": OVERSIGHT,
    "POST /api/v1/cases/{case_id}/extension": OVERSIGHT,
    "GET /api/v1/checks": OVERSIGHT,
    "POST /api/v1/cases/{case_id}/check": OVERSIGHT,
    "GET /api/v1/shares/{share_id}": CHAT,
    "GET /api/v1/reports": OVERSIGHT,
    "GET /api/v1/dead-letters": OVERSIGHT,
    "POST /api/v1/dead-letters/drop": OVERSIGHT,
    "POST /api/v1/dead-letters/retry": OVERSIGHT,
    "POST /account/sign-out-everywhere": STAFF,
    "POST /sign-out": STAFF,
}
"""A route that is not here has not been thought about, and a test fails."""

OWNERS_MOVES = ("messages", "pictures", "typing", "reminder", "release", "transfer", "close")
"""What only the operator who holds the conversation may do."""

PICTURE = Body("image/png", b"\x89PNG\r\n\x1a\n and so on")
_ARTICLE = {"account": "hunan", "region": "430100", "q": "家暴"}
_DAY = "2030-01-01"
_PERIOD = {"first": "2026-11-01", "last": "2026-11-30"}
_VERDICTS = dict.fromkeys(("safety", "law", "promises", "deadlines", "tone"), "good")
_JSON: Mapping[str, Any] = {
    "presence": {"on_duty": True},
    "messages": {"text": "你好"},
    "notes": {"text": "你好"},
    "close": {"disposition": "answered"},
    "calls": {"outcome": None},
    "assign": {"staff_id": "0" * 32},
    "steps": {"status": "accepted"},
    "visits": {"day": _DAY, "words": "她说上午"},
    "{visit_id}": {"status": "refused"},
    "letters": LETTER,
    "handler": {"staff_id": "nobody"},
    "referrals": {"kind": "legal_aid"},
    "risk": {"marks": ["choking"]},
    "report-needed": {"words": "记一笔"},
    "report": {"agency": "police", "day": "2026-11-20", "number": "接警7"},
    "report-lifted": {"words": "记一笔"},
    "extension": {"words": "记一笔"},
    "check": {"verdicts": _VERDICTS, "passed": True},
    "tokens": {"username": "nobody", "password": "wrong"},
}


@dataclass(frozen=True, slots=True)
class Hers:
    """The ids of one person's things."""

    talk: str
    contact: str
    case: str
    media: str
    visit: str
    letter: str
    line: str = "0" * 32
    flow: str = "0" * 32
    reply: str = "0" * 32
    entry: str = "0" * 32
    call_back: str = "0" * 32
    share: str = "0" * 32
    note: str = "0" * 32

    def path(self, route: str) -> str:
        """The route's path with these ids."""
        names = {"conversation_id": self.talk, "case_id": self.case, "media_id": self.media}
        names |= {"share_id": self.share}
        names |= {"visit_id": self.visit, "entry_id": self.entry, "kind": "docx"}
        names |= {"line_id": self.line, "flow_id": self.flow, "reply_id": self.reply}
        names |= {"message_id": self.line, "note_id": self.note}
        names["call_back_id"] = self.call_back
        return route.format(**names, topic="domestic_violence", name="disclosed")


NOBODYS = Hers(*(["0" * 32] * 5), "changsha:99")
"""Ids that there are not."""


def routes_of(site: FastAPI) -> set[str]:
    """Every route that the site answers, as its method and path."""
    found = set()
    for route in iter_route_contexts(site.routes):
        for method in (route.methods or {"GET"}) - {"HEAD"}:
            found.add(f"{method} {route.path}")
    return found


async def somebody(office: Office, number: int, holder: Staff | None = None) -> Hers:
    """Somebody in Changsha who wrote, sent a picture and is perhaps spoken with; the letter is not there yet."""
    talk = await office.waiting("你好", account_id="changsha")
    media = await office.brings(
        await office.hears(talk, Image("m1")), MediaKind.IMAGE, PICTURE, account_id=talk.account_id
    )
    if holder is not None:
        await handoff.claim(talk.id, holder, office.ports.handoff)
    case, visit, now = await office.file_of(talk), new_id(), office.clock.now()
    answers = {"county": "长沙县"}
    flow = Flow(new_id(), talk.id, talk.contact_id, "referral", FlowState.ASKING, answers, now, now)
    reply = CannedReply(new_id(), holder and holder.id, "常用语", "您好", now)
    letter = await send_on(office.units, case, now)
    note = Note(new_id(), talk.id, talk.contact_id, None, now, "你好")
    wish = {"phone": "13800000000", "when": "明天上午"}
    async with office.units() as uow:
        await uow.visits.add(Visit(visit, case.id, talk.contact_id, day_of(office.clock.now())))
        await uow.flows.add(flow)
        await uow.notes.add(note)
        if holder is not None:
            await uow.canned_replies.add(reply)
        asked = await handoff.ask_call_back(uow, talk, wish, now)
        await uow.commit()
    assert asked is not None
    ids = (talk.id, talk.contact_id, case.id, media.id, visit)
    more = (f"changsha:{number}", media.message_id, flow.id, reply.id, letter.id, asked.id)
    return Hers(*ids, *more, share=(await lets_read(office, talk)).id, note=note.id)


def _query(path: str, proof: str) -> dict[str, str]:
    if path.endswith("/articles"):
        return _ARTICLE
    return _PERIOD if "/reports" in path else {"proof": proof} if proof else {}


async def ask(client: httpx.AsyncClient, decision: str, hers: Hers, proof: str = "") -> httpx.Response:
    """One request to this route about her things, with all that the route needs."""
    method, _, route = decision.partition(" ")
    path, last = hers.path(route), route.rpartition("/")[2]
    if method == "GET":
        return await client.get(path + ("/desk.css" if path == "/static" else ""), params=_query(path, proof))
    if last == "pictures":
        return await client.post(path, files={"picture": ("a.png", PICTURE.data, PICTURE.content_type)})
    if path.startswith("/api/"):
        return await client.post(path, json={"keys": [hers.letter]} if "dead" in path else _JSON.get(last))
    if path.startswith("/account"):
        return await client.post(path, data={"password": PASSWORD, "code": "000000"})
    if "/cases/" in path:
        status = "refused" if "/visits/" in path else "accepted"
        form = {"status": status, "words": "记一笔", "day": _DAY, "agency": "police", "passed": "true"}
        form |= {"handler": "nobody", "kind": "legal_aid"}
        return await client.post(path, data=form | LETTER | _VERDICTS)
    form = {"text": "你好", "note": "记一笔", "title": "常用语", "disposition": "answered", "duty": "on"}
    form |= {"key": hers.letter, "called": "again"}
    return await client.post(path, data=form)
