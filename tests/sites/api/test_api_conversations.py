"""The API over a whole shift: a token, the queue, a conversation taken, answered and ended, the file moved along."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.conversation.conversations import Mode
from bot.conversation.levels import Level, Topic
from bot.conversation.messages import DeliveryStatus
from bot.conversation.staff import Scope
from tests.doubles.office import PASSWORD, Office

API = "/api/v1"


async def test_a_token_holds_for_twelve_hours(office: Office) -> None:
    await office.hire("li")
    async with office.visitor() as client:
        answer = await client.post(f"{API}/tokens", json={"username": "li", "password": PASSWORD})
        token = answer.json()
        assert set(token) == {"token", "expires_at"}
        assert datetime.fromisoformat(token["expires_at"]) == office.clock.now() + timedelta(hours=12)
        bearer = {"Authorization": f"Bearer {token['token']}"}
        assert (await client.get(f"{API}/queue", headers=bearer)).status_code == 200
        office.clock.advance(timedelta(hours=12, seconds=1))
        assert (await client.get(f"{API}/queue", headers=bearer)).status_code == 401


async def test_wrong_passwords_are_refused_and_then_slowed_down(office: Office) -> None:
    await office.hire("li")
    async with office.visitor() as client:
        wrong = {"username": "li", "password": "wrong"}
        for _ in range(5):
            assert (await client.post(f"{API}/tokens", json=wrong)).status_code == 401
        slowed = await client.post(f"{API}/tokens", json=wrong)
    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "2"


async def test_the_queue_tells_who_waits_the_most_urgent_first(office: Office) -> None:
    await office.hire("li")
    await office.waiting("等着", minutes=40)
    await office.waiting(
        "前一句", "很急", level=Level.CRITICAL, topic=Topic.PARENTING, reasons=("孩子走失",), minutes=2
    )
    async with office.program("li") as client:
        queue = (await client.get(f"{API}/queue")).json()
    first, second = queue["waiting"]
    assert (first["last_words"], first["level"], first["topic"], first["reasons"], first["total"]) == (
        *("很急", "critical", "parenting", ["孩子走失"]),
        2,
    )
    assert second["last_words"] == "等着"
    assert queue["present"] == 0


async def test_claim_takes_the_most_urgent_and_then_there_is_nothing(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting("你好")
    async with office.program("li") as client:
        taken = await client.post(f"{API}/queue/claim")
        nothing = await client.post(f"{API}/queue/claim")
    assert taken.status_code == 200
    assert (taken.json()["id"], taken.json()["mode"], taken.json()["owner"]) == (talk.id, "human", li.id)
    assert (nothing.status_code, nothing.content) == (204, b"")


async def test_a_conversation_is_told_whole_and_its_opening_is_written_down(office: Office) -> None:
    li = await office.hire("li")
    talk = await office.waiting("你好", intent="domestic_violence_disclosed", confidence=0.5)
    async with office.program("li") as client:
        shown = (await client.get(f"{API}/conversations/{talk.id}")).json()
    [message] = shown["messages"]
    assert message["author"] == "contact"
    assert message["content"] == {"kind": "text", "text": "你好", "menu_id": None}
    assert (message["intent"], message["confidence"], message["level"]) == ("domestic_violence_disclosed", 0.5, "high")
    assert shown["sending"]["left"] == 5
    assert shown["handoff"]["reasons"] == ["本人要求人工"]
    assert shown["case"]["next_statuses"] == ["accepted", "forwarded"]
    assert "openid" not in str(shown)
    assert await office.audited(talk.id) == [(li.id, "conversation.open")]


async def test_of_two_who_claim_the_same_one_gets_409(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    talk = await office.waiting("你好")
    async with office.program("li") as one, office.program("wang") as two:
        answers = await asyncio.gather(*(client.post(f"{API}/conversations/{talk.id}/claim") for client in (one, two)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_message_goes_out_and_its_fate_can_be_read(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    address = f"{API}/conversations/{talk.id}"
    async with office.program("li") as client:
        await client.post(f"{address}/claim")
        sent = await client.post(f"{address}/messages", json={"text": "您好"})
        await office.settles(DeliveryStatus.REFUSED, 45047)
        [_, read] = (await client.get(address)).json()["messages"]
    assert sent.status_code == 201
    assert sent.json()["content"]["text"].endswith("您好")
    assert [fate["status"] for fate in sent.json()["deliveries"]] == ["pending"]
    assert read["id"] == sent.json()["id"]
    assert [(fate["status"], fate["errcode"]) for fate in read["deliveries"]] == [("refused", 45047)]


async def test_only_the_owner_may_send(office: Office) -> None:
    await office.hire("li")
    await office.hire("wang")
    talk = await office.waiting("你好")
    address = f"{API}/conversations/{talk.id}"
    async with office.program("li") as client, office.program("wang") as other:
        assert (await client.post(f"{address}/messages", json={"text": "您好"})).status_code == 403
        await client.post(f"{address}/claim")
        assert (await other.post(f"{address}/messages", json={"text": "您好"})).status_code == 403


@pytest.mark.parametrize(
    "body",
    ['{"text": ""}', '{"text": " \\n "}', '{"text": "%s"}' % ("长" * 2001), '{"text": "\\ud800"}', "{}", "nonsense"],
)
async def test_words_that_cannot_go_are_refused(office: Office, body: str) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    kind = {"Content-Type": "application/json"}
    async with office.program("li") as client:
        await client.post(f"{API}/conversations/{talk.id}/claim")
        answer = await client.post(f"{API}/conversations/{talk.id}/messages", content=body.encode(), headers=kind)
    assert answer.status_code == 422
    assert answer.json()["status"] == 422


@pytest.mark.parametrize(
    ("step", "body", "becomes", "notice"),
    [
        ("release", None, Mode.BOT, "下面由AI智能助手接着回您。"),
        ("close", {"disposition": "answered"}, Mode.CLOSED, "这次先说到这里。"),
        ("transfer", None, Mode.WAITING, None),
    ],
)
async def test_leaving_a_conversation_tells_her_once_where_it_must(
    office: Office, step: str, body: dict[str, str] | None, becomes: Mode, notice: str | None
) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with office.program("li") as client:
        await client.post(f"{API}/conversations/{talk.id}/claim")
        left = await client.post(f"{API}/conversations/{talk.id}/{step}", json=body)
        again = await client.post(f"{API}/conversations/{talk.id}/{step}", json=body)
    assert left.json()["mode"] == becomes
    told = [message["content"]["text"] for message in left.json()["messages"] if message["author"] == "system"]
    assert told == ([notice] if notice else [])
    assert again.status_code == 403


async def test_the_file_moves_along_the_workflow_and_not_across_it(office: Office) -> None:
    li = await office.hire("li")
    case = await office.file_of(await office.waiting("你好"))
    address = f"{API}/cases/{case.id}"
    async with office.program("li") as client:
        assert (await client.get(address)).json()["case"]["status"] == "registered"
        moved = await client.post(f"{address}/steps", json={"status": "accepted"})
        across = await client.post(f"{address}/steps", json={"status": "archived"})
    assert moved.json()["status"] == "accepted"
    assert moved.json()["next_statuses"] == ["handled", "forwarded", "assigned"]
    assert across.status_code == 409
    assert await office.audited(case.id) == [(li.id, "case.open"), (li.id, "case.accepted")]


async def test_events_catch_up_from_the_last_id_and_stay_in_scope(office: Office) -> None:
    await office.hire("near", scope=Scope(accounts=frozenset({"changsha"})))
    near = await office.waiting("你好", account_id="changsha")
    await office.waiting("你好", account_id="xiangtan")
    also = await office.waiting("你好", account_id="changsha")
    await office.feed.end()
    async with office.program("near") as client:
        stream = await client.get(f"{API}/events", headers={"Last-Event-ID": office.feed.kept[0].id})
        office.feed.forget(1)
        too_old = await client.get(f"{API}/events", headers={"Last-Event-ID": "1-0"})
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert also.id in stream.text
    assert near.id not in stream.text
    assert "xiangtan" not in stream.text
    assert "event: reload" in too_old.text


async def test_without_database_or_redis_it_says_503(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    async with office.program("li") as client:
        office.queue.available = False
        assert (await client.post(f"{API}/queue/claim")).status_code == 503
        office.lose_database()
        answer = await client.get(f"{API}/conversations/{talk.id}")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


async def test_who_is_present_is_counted_within_the_callers_scope(office: Office) -> None:
    changsha, xiangtan = Scope(regions=frozenset({"430100"})), Scope(regions=frozenset({"430300"}))
    staff = {
        "province": await office.hire("province"),
        "city": await office.hire("city", scope=changsha),
        "county": await office.hire("county", scope=Scope(regions=frozenset({"430102"}))),
        "far": await office.hire("far", scope=xiangtan),
        "away": await office.hire("away", scope=changsha),
    }
    for name in ("province", "city", "county", "far"):
        await office.queue.arrive(staff[name].id)
    counted = {}
    for name in staff:
        async with office.program(name) as client:
            counted[name] = (await client.get(f"{API}/queue")).json()["present"]
    assert counted == {"province": 4, "city": 3, "county": 3, "far": 2, "away": 3}
