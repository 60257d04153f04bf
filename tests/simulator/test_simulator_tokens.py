"""Access tokens: two chains, their lifetimes and their errcodes."""

from typing import Any

import pytest
from simulator_fakes import World

GOOD = {"grant_type": "client_credential", "appid": "wxbj", "secret": "bj-secret"}


async def stable(w: World, **change: Any) -> dict[str, Any]:
    """An answer of stable_token."""
    result: dict[str, Any] = (await w.api.post("/cgi-bin/stable_token", json=GOOD | change)).json()
    return result


async def works(w: World, token: str) -> int:
    """The errcode that a call with this token gets; 46003 (no menu) means that the token is good."""
    answer = await w.api.get("/cgi-bin/menu/get", params={"access_token": token})
    return int(answer.json()["errcode"])


@pytest.mark.wechat("6.s4")
@pytest.mark.parametrize(
    ("errcode", "change"),
    [
        (40002, {"grant_type": "password"}),
        (41002, {"appid": ""}),
        (40013, {"appid": "wxunknown"}),
        (41004, {"secret": ""}),
        (40125, {"secret": "cd-secret"}),
    ],
)
async def test_wrong_credentials(w: World, errcode: int, change: dict[str, str]) -> None:
    assert (await w.api.get("/cgi-bin/token", params=GOOD | change)).json()["errcode"] == errcode
    assert (await stable(w, **change))["errcode"] == errcode


@pytest.mark.wechat("6.s4")
async def test_stable_token_wants_post(w: World) -> None:
    assert (await w.api.get("/cgi-bin/stable_token", params=GOOD)).json()["errcode"] == 43002


@pytest.mark.wechat("6.s4")
async def test_a_call_needs_a_living_token(w: World) -> None:
    token = await w.token()
    assert await works(w, "") == 41001
    assert await works(w, "87_invented") == 40001
    assert await works(w, token) == 46003
    w.clock.pass_(seconds=7200)
    assert await works(w, token) == 42001


@pytest.mark.wechat("6.s2")
async def test_a_new_token_leaves_the_old_one_five_minutes(w: World) -> None:
    old, new = await w.token(), await w.token()
    w.clock.pass_(minutes=4, seconds=59)
    assert (await works(w, old), await works(w, new)) == (46003, 46003)
    w.clock.pass_(seconds=1)
    assert (await works(w, old), await works(w, new)) == (40001, 46003)


@pytest.mark.wechat("6.s2")
async def test_the_stable_token_stays_with_what_is_left_of_it(w: World) -> None:
    first = await stable(w)
    assert first["expires_in"] == 7200
    w.clock.pass_(seconds=6000)
    again = await stable(w)
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 1200)
    w.clock.pass_(seconds=900)
    renewed = await stable(w)
    assert renewed["access_token"] != first["access_token"]
    assert await works(w, first["access_token"]) == 46003


@pytest.mark.wechat("6.s3")
async def test_force_ends_the_old_one_at_once_but_not_twice_in_30_seconds(w: World) -> None:
    first = await stable(w)
    second = await stable(w, force_refresh=True)
    assert await works(w, first["access_token"]) == 40001
    assert (await stable(w, force_refresh=True))["access_token"] == second["access_token"]
    w.clock.pass_(seconds=30)
    assert (await stable(w, force_refresh=True))["access_token"] != second["access_token"]


@pytest.mark.wechat("6.s3")
async def test_force_works_twenty_times_a_day(w: World) -> None:
    seen = set()
    for _ in range(25):
        seen.add((await stable(w, force_refresh=True))["access_token"])
        w.clock.pass_(seconds=30)
    assert len(seen) == 20


@pytest.mark.wechat("6.s1")
async def test_the_two_chains_do_not_touch(w: World) -> None:
    kept = await stable(w)
    await w.token()
    await w.token()
    w.clock.pass_(minutes=10)
    assert await works(w, kept["access_token"]) == 46003
