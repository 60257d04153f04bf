"""Passing a conversation on: to everybody, a colleague, a skill or a region; by a supervisor, or into her own hands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from bot import cases, handoff
from bot.console import wording
from bot.console.duty import who_is_there
from bot.console.moves import NOT_HERS, opened
from bot.console.ports import ConsolePorts, Ports
from bot.console.show import pages
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.errors import Conflict, Drilling, Forbidden, InvalidData
from bot.conversation.handoffs import Handoff, Skill
from bot.conversation.notes import MAX_NOTE
from bot.conversation.staff import OVERSIGHT_ROLES, Colleague, Staff
from bot.handoff import Target
from bot.handoff.routing import distance
from bot.knowledge import Directory
from bot.knowledge.regions import Region
from bot.web.access import Member
from bot.web.errors import Told
from bot.web.pages import by_htmx

routes = APIRouter(prefix="/desk/conversations/{conversation_id}", include_in_schema=False)

_BACK_INTO_THE_DIALOG = {"HX-Retarget": "#passing", "HX-Reswap": "innerHTML", "HX-Reselect": ".passing"}
_REFUSED = f"没有做成：对方看不到这条会话，或者备注超过 {MAX_NOTE} 字。请换一个，或改短备注。"
_DRILLING = "她正在演练，看不到真的来信，没有指派给她。请换一位，或者等她练完再指派。"
_GONE = "刚刚有人动过这条会话，请看最新情况再决定。"


@dataclass(frozen=True, slots=True)
class Mate:
    """One to whom the conversation can go."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Passing:
    """The form by which a conversation is passed on; `kind` is transfer, assign or step-in."""

    conversation_id: str
    kind: str
    owner: str
    mates: tuple[Mate, ...]
    regions: tuple[tuple[str, tuple[Region, ...]], ...]
    chosen: str = ""
    note: str = ""
    trouble: str | None = None
    max_note: int = MAX_NOTE


@routes.get("/passing")
async def ask_where_to(request: Request, conversation_id: str, staff: Member, ports: Ports) -> Response:
    """The form for what she may do with it now."""
    form = await _form(conversation_id, staff, ports)
    return pages.show(request, "_passing.html" if by_htmx(request) else "passing.html", form)


@routes.post("/transfer")
async def hand_on(
    request: Request,
    conversation_id: str,
    staff: Member,
    ports: Ports,
    target: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Put the conversation back among the waiting, for everybody or for one."""

    async def move() -> Handoff:
        to, words = _target(target), _words(note)
        return await handoff.transfer(conversation_id, staff, ports.handoff, to, words, along=cases.move_along)

    done = RedirectResponse("/desk?told=transferred", 303)
    return await _tried(move, done, request, conversation_id, staff, ports, target, note)


@routes.post("/assign")
async def assign(
    request: Request,
    conversation_id: str,
    staff: Member,
    ports: Ports,
    target: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    at_once: Annotated[bool, Form()] = False,
) -> Response:
    """Keep a waiting conversation for a colleague, or put it into her hands."""
    staff.check_may_oversee()

    async def move() -> Handoff:
        taker = _target(target).to_staff or ""
        return await handoff.assign(conversation_id, staff, taker, ports.handoff, _words(note), at_once=at_once)

    return await _tried(move, opened(conversation_id), request, conversation_id, staff, ports, target, note)


@routes.post("/step-in")
async def step_in(
    request: Request, conversation_id: str, staff: Member, ports: Ports, note: Annotated[str, Form()] = ""
) -> Response:
    """Take the conversation out of a colleague's hands."""
    staff.check_may_oversee()

    async def move() -> Handoff:
        return await handoff.step_in(conversation_id, staff, ports.handoff, _words(note))

    return await _tried(move, opened(conversation_id), request, conversation_id, staff, ports, "", note)


async def _tried(
    move: Callable[[], Awaitable[Handoff]],
    done: Response,
    request: Request,
    conversation_id: str,
    staff: Staff,
    ports: ConsolePorts,
    chosen: str,
    note: str,
) -> Response:
    """The answer to a move: done, or the form again with her words and why it was not."""
    try:
        await move()
    except Forbidden:
        raise Told(409, NOT_HERS) from None
    except (Drilling, InvalidData) as error:
        trouble = _DRILLING if isinstance(error, Drilling) else _REFUSED
        form = replace(await _form(conversation_id, staff, ports), chosen=chosen, note=note, trouble=trouble)
        template = "_passing.html" if by_htmx(request) else "passing.html"
        return pages.show(request, template, form, 422, _BACK_INTO_THE_DIALOG)
    except Conflict:
        raise Told(409, _GONE) from None
    return done


async def _form(conversation_id: str, staff: Staff, ports: ConsolePorts) -> Passing:
    async with ports.units(reading=True) as uow:
        conversation = await handoff.seen_by(uow, conversation_id, staff)
        drilling = await uow.sessions.drilling(ports.clock.now())
    team = await ports.queries.team()
    owner = next((one.staff.display_name for one in team if one.staff.id == conversation.owner), "同事")
    return Passing(
        conversation_id=conversation.id,
        kind=_kind(conversation, staff),
        owner=owner,
        mates=tuple(await _mates(conversation, staff, team, drilling, ports)),
        regions=tuple(_regions(ports.directory)),
    )


def _kind(conversation: Conversation, staff: Staff) -> str:
    """What she may do with it now; raises Told if that is nothing."""
    if conversation.mode is Mode.HUMAN and conversation.owner == staff.id:
        return "transfer"
    if staff.role in OVERSIGHT_ROLES and conversation.mode is Mode.HUMAN:
        return "step-in"
    if staff.role in OVERSIGHT_ROLES and conversation.mode is Mode.WAITING:
        return "assign"
    raise Told(409, NOT_HERS)


async def _mates(
    conversation: Conversation, staff: Staff, team: Iterable[Colleague], drilling: Container[str], ports: ConsolePorts
) -> list[Mate]:
    """Who else sees it: first those who are there and have room, the nearest of them first."""
    present = await who_is_there(ports) or frozenset()
    seeing = [
        one
        for one in team
        if one.staff.looks_after(conversation.account_id, conversation.region) and one.staff.id != staff.id
    ]

    def rank(one: Colleague) -> tuple[bool, bool, int]:
        far = distance(one.staff.scope, conversation.region)
        return one.staff.id not in present, not one.has_room, far

    def place(one: Colleague) -> str:
        return "在岗" if one.staff.id in present else "正在演练" if one.staff.id in drilling else "不在岗"

    return [Mate(one.staff.id, _mate_words(one, place(one))) for one in sorted(seeing, key=rank)]


def _mate_words(one: Colleague, place: str) -> str:
    room = "" if one.has_room else "，已满"
    skills = "、".join(wording.SKILLS[skill] for skill in Skill if skill in one.staff.skills)
    parts = [one.staff.display_name, place, f"手上 {one.in_hand} 个{room}", skills]
    return " · ".join(part for part in parts if part)


def _regions(directory: Directory) -> Iterable[tuple[str, tuple[Region, ...]]]:
    """The regions that are served, by city."""
    for city, regions in groupby(directory, key=lambda region: region.code[:4]):
        among = tuple(regions)
        yield (directory.name(f"{city}00") if f"{city}00" in directory else among[0].name), among


def _target(chosen: str) -> Target:
    """What the form names: `staff:`, `skill:` or `region:` and the id, or nothing for everybody."""
    kind, _, name = chosen.partition(":")
    match kind:
        case "":
            return Target()
        case "staff":
            return Target(to_staff=name)
        case "region":
            return Target(region=name)
        case "skill" if name in set(Skill):
            return Target(skill=Skill(name))
        case _:
            raise InvalidData("no such target")


def _words(note: str) -> str:
    return note.replace("\r\n", "\n")
