"""Plays scripts: every person of a script is a task that acts on her own phone."""

import asyncio
import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Literal
from urllib.parse import parse_qs

from simulator.errors import ApiError, BadScript, NotFollowing
from simulator.gestures import act
from simulator.messages import Text, write
from simulator.people import Bubble, Person
from simulator.platform import Platform
from simulator.script import Role, Script, Span, Step

type State = Literal["playing", "done", "stopped"]

_KEPT = 20
_MENU_LINK = re.compile(r"weixin://bizmsgmenu\?([^\"'\s>]+)")


@dataclass
class Part:
    """One person of a playing, and what became of what she did; `acted` is the last bubble before an answer."""

    person: Person
    unanswered: int = 0
    refused: int = 0
    acted: int = 0

    def as_json(self) -> dict[str, Any]:
        """Her line of the report."""
        return {
            "name": self.person.name,
            "openid": self.person.openid,
            "sent": sum(bubble.sender == "me" for bubble in self.person.chat),
            "answered": _answered(self.person.chat),
            "failed_prompts": sum(bubble.sender == "platform" for bubble in self.person.chat),
            "waited_in_vain": self.unanswered,
            "refused": self.refused,
        }


class Playing:
    """One script being played."""

    def __init__(self, here: Platform, script: Script, base_url: str, speed: float) -> None:
        self._here = here
        self._script = script
        self._base_url = base_url
        self._speed = speed
        self.state: State = "playing"
        self.parts: list[Part] = []
        for role in script.people:
            if role.account is not None and role.account not in here.accounts:
                raise BadScript(f"no account {role.account}")
        self._cast = [
            (self._join(role, number), role, number) for role in script.people for number in range(role.count)
        ]

    def as_json(self) -> dict[str, Any]:
        """How far it has come, person by person."""
        return {
            "name": self._script.name,
            "state": self.state,
            "people": [part.as_json() for part in self.parts],
        }

    async def play(self) -> None:
        """Until everybody has done her part."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for part, role, number in self._cast:
                    tasks.create_task(self._act_out(part, role, number))
            self.state = "done"
        finally:
            if self.state == "playing":
                self.state = "stopped"

    def _join(self, role: Role, number: int) -> Part:
        account_id = role.account or next(iter(self._here.accounts))
        name = role.name if role.count == 1 else f"{role.name}{number + 1}"
        part = Part(self._here.join(self._here.accounts[account_id], name))
        self.parts.append(part)
        return part

    async def _act_out(self, part: Part, role: Role, number: int) -> None:
        # Her own draws: what one person does must not hang on when another does.
        random = Random(f"{self._script.seed}/{role.name}/{number}")
        await self._pause(role.start_s, random)
        for _ in range(role.repeat):
            for step in role.steps:
                try:
                    await self._do(part, step, random)
                except (ApiError, NotFollowing):
                    part.refused += 1

    async def _do(self, part: Part, step: Step, random: Random) -> None:
        if step.wait_s is not None:
            await self._pause(step.wait_s, random)
        elif step.reply_s is not None:
            part.unanswered += not await _replied(part, step.reply_s)
        else:
            self._send(part.person, step, random)
            part.acted = part.person.chat[-1].id if part.person.chat else 0

    def _send(self, person: Person, step: Step, random: Random) -> None:
        here = self._here
        if step.say is not None:
            words = step.say if isinstance(step.say, str) else random.choice(step.say)
            write(here, person, Text(type="text", text=words), self._base_url)
        elif step.send is not None:
            write(here, person, step.send, self._base_url)
        elif step.do is not None:
            act(here, person, step.do, self._base_url)
        elif step.tap is not None:
            write(here, person, _item(person, step.tap), self._base_url)

    async def _pause(self, span: Span, random: Random) -> None:
        seconds = random.uniform(*span) if isinstance(span, tuple) else span
        await self._here.clock.sleep(seconds / self._speed)


class Player:
    """The scripts that are played here; the latest are remembered."""

    def __init__(self, here: Platform) -> None:
        self._here = here
        self._playings: dict[int, tuple[Playing, asyncio.Task[None]]] = {}

    def start(self, script: Script, base_url: str, speed: float) -> int:
        """Begin to play; its number. BadScript when it names an account that is not there."""
        playing = Playing(self._here, script, base_url, speed)
        number = max(self._playings, default=0) + 1
        self._playings[number] = playing, asyncio.create_task(playing.play())
        for old in [key for key, (_, task) in self._playings.items() if task.done()][:-_KEPT]:
            del self._playings[old]
        return number

    def find(self, number: int) -> Playing | None:
        """A playing by its number."""
        return self._playings[number][0] if number in self._playings else None

    async def stop(self, number: int) -> None:
        """End it; what has been sent goes its way."""
        _, task = self._playings[number]
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def close(self) -> None:
        """End all."""
        for number in list(self._playings):
            await self.stop(number)


def _item(person: Person, place: int) -> Text:
    """The n-th item of the last menu, be it a menu message or links in a text; ApiError 40035 when it is not there."""
    for bubble in reversed(person.chat):
        items = _items(bubble)
        if bubble.sender == "account" and items:
            if place > len(items):
                break
            key, words = items[place - 1]
            return Text(type="text", text=words, bizmsgmenuid=key)
    raise ApiError(40035)


def _items(bubble: Bubble) -> list[tuple[str, str]]:
    if bubble.content.type == "msgmenu":
        return [(item["id"], item["text"]) for item in bubble.content.detail["items"]]
    queries = [parse_qs(query) for query in _MENU_LINK.findall(bubble.content.text)]
    return [(query["msgmenuid"][0], query["msgmenucontent"][0]) for query in queries if len(query) >= 2]


async def _replied(part: Part, seconds: float) -> bool:
    """Wait until something is shown after what the person did last; whether the account wrote it, and in time."""
    queue = part.person.watch(None)
    try:
        async with asyncio.timeout(seconds):
            while (bubble := _first_after(part)) is None:
                await queue.get()
    except TimeoutError:
        return False
    finally:
        part.person.unwatch(queue)
    return bubble.sender == "account"


def _first_after(part: Part) -> Bubble | None:
    found = None
    for bubble in reversed(part.person.chat):
        if bubble.id <= part.acted:
            break
        if bubble.sender != "me":
            found = bubble
    return found


def _answered(chat: Sequence[Bubble]) -> int:
    """How many of her messages the account has answered: by a passive reply, or before she wrote again."""
    answered = {bubble.reply_to for bubble in chat if bubble.sender == "account" and bubble.reply_to is not None}
    latest = None
    for bubble in chat:
        if bubble.sender == "me":
            latest = bubble.id
        elif bubble.sender == "account" and bubble.reply_to is None and latest is not None:
            answered.add(latest)
    return sum(bubble.id in answered for bubble in chat if bubble.sender == "me")
