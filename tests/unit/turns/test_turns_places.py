"""Where she is, by a QR code or a place that she sent, decides which office is called."""

from __future__ import annotations

import pytest

from bot.conversation.content import Content, Followed, Location, Scanned
from bot.conversation.conversations import Mode
from bot.turns.take import take
from tests.unit.world import (
    ASKS_FOR_PERSON,
    CHANGSHA,
    CRITICAL,
    DIVORCE,
    HUNAN,
    World,
    knowledge,
    words,
)

YUELU, LUSONG = "430104", "430203"
IN_YUELU = Location(28.18, 112.93, "湖南省长沙市岳麓区麓山南路")
IN_LUSONG = Location(27.80, 113.15)
ELSEWHERE = Location(39.9, 116.4, "北京市东城区")


def noted(region: str) -> str:
    return knowledge().render("other/place_noted", HUNAN, region)


@pytest.mark.wechat("2.19", "2.23", "8.8")
@pytest.mark.parametrize(
    ("content", "region"),
    [(Followed(f"region-{YUELU}"), YUELU), (Scanned("region-431300"), "431300")],
    ids=["follows by a code", "scans a code"],
)
async def test_a_qr_code_tells_her_region_and_she_is_told(world: World, content: Content, region: str) -> None:
    assert await world.hear(content) == f"{words('other/welcome')}\n\n{noted(region)}"
    assert (world.contact.region, world.conversation.region) == (region, region)


@pytest.mark.parametrize(("content", "region"), [(IN_YUELU, YUELU), (IN_LUSONG, LUSONG)], ids=["named", "nearest"])
async def test_a_place_that_she_sends_tells_her_region_and_she_is_told(
    world: World, content: Content, region: str
) -> None:
    assert await world.hear(content) == f"{words('other/location_received')}\n\n{noted(region)}"
    assert (world.contact.region, world.conversation.region) == (region, region)


def test_the_notice_names_city_and_county() -> None:
    assert "长沙市岳麓区" in noted(YUELU)
    assert "娄底市" in noted("431300")


@pytest.mark.wechat("8.8")
@pytest.mark.parametrize("scene", ["region-439999", "region-43010", "region-4301041", "poster-7", ""])
async def test_a_code_that_names_no_region_of_ours_is_only_a_welcome(world: World, scene: str) -> None:
    assert await world.hear(Scanned(scene)) == words("other/welcome")
    assert (world.contact.region, world.conversation.region) == (None, HUNAN.region)


async def test_an_unknown_region_is_logged(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await world.hear(Scanned("region-439999"))
    assert "439999" in capsys.readouterr().out


async def test_a_place_far_from_all_of_ours_changes_nothing(world: World) -> None:
    await world.hear(IN_YUELU)
    assert await world.hear(ELSEWHERE) == words("other/location_received")
    assert world.contact.region == YUELU


async def test_a_place_outside_the_accounts_own_area_changes_nothing(world: World) -> None:
    told = words("other/location_received", account=CHANGSHA)
    assert await world.hear(IN_LUSONG, account=CHANGSHA) == told
    assert world.conversation.region == CHANGSHA.region


@pytest.mark.wechat("8.8")
async def test_a_handoff_goes_to_the_office_of_her_region(world: World) -> None:
    await world.hear(IN_YUELU)
    await world.hear(CRITICAL)
    assert world.handoff.region == YUELU
    (entry,) = await world.queue.entries()
    assert entry.region == YUELU


async def test_who_waits_is_not_moved_to_another_office(world: World) -> None:
    await world.hear(ASKS_FOR_PERSON)
    await world.hear(IN_YUELU)
    assert (world.conversation.mode, world.conversation.region) == (Mode.WAITING, HUNAN.region)
    assert world.contact.region == YUELU


async def test_a_later_conversation_begins_where_she_is(world: World) -> None:
    await world.hear(Followed(f"region-{YUELU}"))
    await world.hear(DIVORCE)
    assert world.conversation.region == YUELU


async def test_the_notice_says_nothing_of_why_she_wrote(world: World) -> None:
    answer = (await take(world.inbound(Followed(f"region-{YUELU}")), world.turns)).reply
    assert answer is not None
    assert not any(word in repr(answer) for word in ("家暴", "暴力", "离婚", "报警"))
