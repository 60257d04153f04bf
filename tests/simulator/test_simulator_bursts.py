"""Many pushes at once: all arrive, those that are held do not stop the others, and the end leaves nothing running."""

import asyncio
from typing import Any

from simulator_fakes import HELD, World, account
from simulator_server import served

from simulator import contents, inbound
from simulator.app import create_app


class SlowGateway:
    """Holds every push until `waited` of them have come, then answers all."""

    def __init__(self, waited: int) -> None:
        self._waited = waited
        self._come = 0
        self._all_here = asyncio.Event()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One request, as ASGI has it."""
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        self._come += 1
        if self._come == self._waited:
            self._all_here.set()
        await self._all_here.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"7")]})
        await send({"type": "http.response.body", "body": b"success"})


async def test_hundreds_of_pushes_may_be_held_at_once() -> None:
    gateway: Any = SlowGateway(300)
    async with served(gateway) as address:
        app = create_app([account("bj", mode="safe")], address)
        platform = app.state.platform
        platform.change({"retry_after_s": 60})
        people = [platform.join(platform.accounts["bj"], None) for _ in range(100)]
        async with app.router.lifespan_context(app):
            for number in range(300):
                platform.say(people[number % 100], inbound.text(str(number)), contents.text(str(number)))
            async with asyncio.timeout(50):
                await platform.settle()
        assert platform.counts.deliveries == {"taken": 300}
        assert platform.counts.ends == {"silent": 300}


async def test_the_end_leaves_no_push_behind(w: World) -> None:
    w.switches.duplicate = 1
    openid = await w.phone()
    w.gateway.answers = [HELD] * 200
    for _ in range(100):
        await w.api.post(f"/phones/{openid}/messages", json={"type": "text", "text": "x"})
    await w.platform.close()
    here = asyncio.current_task()
    assert [task for task in asyncio.all_tasks() if task is not here] == []
