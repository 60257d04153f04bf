"""A passive reply counts as given only if the platform can have got it; what it did not get is given again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

import pytest
from starlette.types import Message
from wechat_platform import (
    ACCOUNTS,
    QUICK,
    ClearSealer,
    House,
    PatientInbox,
    SetClock,
    fixture,
    opened,
    push,
)

from bot.conversation.content import Text
from bot.conversation.ports import Slot
from bot.gateway.app import create_gateway
from bot.gateway.ports import GatewayPorts, Timing
from bot.gateway.showing import Showing
from bot.triage import Rules

SAFE_MODE = ACCOUNTS["safe"]
KEY = "safe:24000000000000001"
WORDS = Slot(Text("我在"))
LONG_AGO_S = 60.0


async def said(home: House) -> str | None:
    """What the next request of the message shows."""
    return opened(SAFE_MODE, (await home.push(SAFE_MODE, fixture("text"))).content).findtext("Content")


async def came_late(home: House) -> tuple[int, str]:
    """The answer to a request that a starved process saw long after the platform had sent it, its reply being ready."""
    home.pulse.late = LONG_AGO_S
    answer = await home.push(SAFE_MODE, fixture("text"))
    home.pulse.late = 0.0
    return answer.status_code, answer.text


@pytest.mark.wechat("3.2", "3.8")
async def test_what_a_starved_process_wrote_too_late_is_given_to_the_next_request(home: House) -> None:
    await home.inbox.offer_reply(KEY, WORDS)
    assert (await came_late(home))[0] == 503
    assert await home.inbox.next_confirmed(0) is None
    assert await said(home) == "我在"
    assert await home.inbox.next_confirmed(0) == KEY


async def test_a_starved_process_holds_a_request_no_shorter_for_it_may_have_come_just_now(home: House) -> None:
    started = time.monotonic()
    await came_late(home)
    assert time.monotonic() - started >= QUICK.hold_s


@pytest.mark.wechat("3.3", "3.8")
async def test_the_last_request_that_was_seen_too_late_leaves_the_reply_to_the_courier(home: House) -> None:
    for _ in range(2):
        await home.push(SAFE_MODE, fixture("text"))
    await home.inbox.offer_reply(KEY, WORDS)
    assert await came_late(home) == (200, "success")
    assert await home.inbox.next_confirmed(0) is None
    assert not await home.inbox.withdraw_reply(KEY), "the courier may send it"


async def test_after_success_no_twin_of_the_last_request_shows_the_reply_all_the_same(home: House) -> None:
    for _ in range(2):
        await home.push(SAFE_MODE, fixture("text"))
    await home.inbox.offer_reply(KEY, WORDS)
    assert await came_late(home) == (200, "success")
    twin = await home.push(SAFE_MODE, fixture("text"))
    assert (twin.status_code, twin.text) == (200, "success")
    assert await home.inbox.next_confirmed(0) is None


class LastMomentInbox(PatientInbox):
    """The worker's reply comes just when a request has given up and is about to say that none will be fetched."""

    async def stop_waiting(self, key: str) -> bool:
        await self.offer_reply(key, WORDS)
        return await super().stop_waiting(key)


@pytest.mark.parametrize("attended", [True, False])
async def test_a_reply_of_the_last_moment_is_shown_and_not_promised_to_nobody(rules: Rules, *, attended: bool) -> None:
    inbox = LastMomentInbox(SetClock())
    if attended:
        await inbox.attend("worker")
    home = over(inbox, rules, Timing(answer_s=0.05, hold_s=0.05))
    for _ in range(2 if attended else 0):
        await home()
    start, body = await home()
    assert start["status"] == 200
    assert opened(SAFE_MODE, body["body"]).findtext("Content") == "我在"
    assert await inbox.next_confirmed(0) == KEY


class FarewellClock(SetClock):
    """The platform hangs up when the reply is being made ready: the last thing for which the time is asked."""

    def __init__(self, asked: int) -> None:
        super().__init__()
        self.hangs_up = asyncio.Event()
        self._left = asked

    def now(self) -> datetime:
        self._left -= 1
        if self._left == 0:
            self.hangs_up.set()
        return super().now()


@pytest.mark.wechat("3.8")
async def test_a_platform_that_hangs_up_while_the_reply_is_made_ready_has_not_got_it(rules: Rules) -> None:
    inbox, times = PatientInbox(SetClock()), FarewellClock(asked=3)
    await inbox.attend("worker")
    await inbox.offer_reply(KEY, WORDS)
    start, _ = await over(inbox, rules, Timing(), times)(times.hangs_up)
    assert times.hangs_up.is_set()
    assert start["status"] == 503
    assert await inbox.next_confirmed(0) is None
    _, body = await over(inbox, rules, Timing())()
    assert opened(SAFE_MODE, body["body"]).findtext("Content") == "我在"
    assert await inbox.next_confirmed(0) == KEY


def over(
    inbox: PatientInbox, rules: Rules, timing: Timing, clock: SetClock | None = None
) -> Callable[..., Awaitable[list[Message]]]:
    """A gateway over this inbox, to be pushed to; the platform hangs up when the event that it is given is set."""
    app = create_gateway(GatewayPorts(inbox, ClearSealer(), rules, {"safe": SAFE_MODE}, clock or SetClock(), timing))

    async def knock(leaves: asyncio.Event | None = None) -> list[Message]:
        request = push(SAFE_MODE, fixture("text"))
        line = Line([{"type": "http.request", "body": request.body, "more_body": False}], leaves or asyncio.Event())
        query = urlencode(request.query).encode()
        scope = {"type": "http", "method": "POST", "path": "/wechat/safe", "query_string": query, "headers": []}
        await app(scope, line.receive, line.send)
        return line.told

    return knock


@dataclass
class Line:
    """The platform's end of one connection."""

    says: list[Message]
    leaves: asyncio.Event
    told: list[Message] = field(default_factory=list)

    async def receive(self) -> Message:
        if self.says:
            return self.says.pop()
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.told.append(message)


# --- one reply --------------------------------------------------------------------------------------------------------

EVER_S = 600.0


async def shown(timing: Timing, *, gone: bool = False) -> tuple[int, bytes, list[bool]]:
    """Status, body, and what was told of a reply to a request that came this moment."""
    heard: list[bool] = []

    async def tell(shown: bool) -> None:
        heard.append(shown)

    line = Line([], asyncio.Event())
    if gone:
        line.leaves.set()
    reply = Showing("<xml/>", asyncio.get_running_loop().time(), timing, tell)
    await reply({"type": "http", "method": "POST", "headers": []}, line.receive, line.send)
    start, body = line.told
    return start["status"], body["body"], heard


async def test_a_reply_in_time_is_written_and_told() -> None:
    assert await shown(Timing(show_s=EVER_S, lost_s=EVER_S)) == (200, b"<xml/>", [True])


async def test_nothing_is_written_to_a_platform_that_hung_up() -> None:
    assert await shown(Timing(show_s=EVER_S, lost_s=EVER_S), gone=True) == (503, b"", [False])


async def test_nothing_is_written_when_it_is_too_late() -> None:
    assert await shown(Timing(show_s=0.0, lost_s=EVER_S)) == (503, b"", [False])


async def test_what_took_too_long_to_write_does_not_count_as_shown() -> None:
    assert await shown(Timing(show_s=EVER_S, lost_s=0.0)) == (200, b"<xml/>", [False])


async def test_the_real_limits_lie_inside_the_platforms_five_seconds() -> None:
    timing = Timing()
    assert timing.answer_s < timing.show_s < timing.lost_s <= 5 < timing.hold_s
