"""The vetted answers through the API."""

from __future__ import annotations

import pytest

from tests.doubles.office import Office

KEY = "domestic_violence/disclosed"


async def test_a_search_gives_the_nearest_first_with_the_sentence_that_fits(office: Office) -> None:
    await office.hire("li")
    async with office.program("li") as client:
        [found, *_] = (await client.get("/api/v1/articles", params={"q": "家暴"})).json()
        elsewhere = (await client.get("/api/v1/articles", params={"q": "家暴", "topic": "divorce"})).json()
        nothing = (await client.get("/api/v1/articles", params={"q": "彩礼"})).json()
    assert found == {
        "key": KEY,
        "title": "正在被家暴",
        "snippet": "先保证安全。",
        "version": office.ports.knowledge.article(KEY).version,
        "grade": "text",
    }
    assert elsewhere == nothing == []


async def test_an_article_comes_with_what_it_rests_on(office: Office) -> None:
    await office.hire("li")
    async with office.program("li") as client:
        article = (await client.get("/api/v1/articles/other/helpline")).json()
    assert article == {
        "key": "other/helpline",
        "version": office.ports.knowledge.article("other/helpline").version,
        "title": "电话是多少",
        "intent": None,
        "parts": ["打{hotline}，{area}的。", "晚上也可以写。"],
        "laws": [{"law": "妇女权益保障法", "article": "76", "since": "2023-01-01"}],
        "grade": "text",
        "reviewed_on": "2026-11-01",
        "review_by": "2027-05-01",
        "regions": [],
        "related": [KEY],
        "buttons": [{"leads_to": KEY, "words": "正在被家暴"}],
    }


async def test_for_an_account_it_is_in_the_words_that_she_would_get(office: Office) -> None:
    await office.hire("li")
    async with office.program("li") as client:
        hers = (await client.get("/api/v1/articles/other/helpline", params={"account": "changsha"})).json()
        there = (
            await client.get("/api/v1/articles/other/helpline", params={"account": "changsha", "region": "430300"})
        ).json()
    assert hers["parts"] == ["打12338，长沙市的。", "晚上也可以写。"]
    assert there["parts"][0] == "打12338，湘潭市的。"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("other/gone", 404),
        (f"{KEY}?account=nobody", 404),
        (f"{KEY}?region=hunan", 422),
        ("other", 404),
        ("weather/rain", 422),
        ("../../etc/passwd", 404),
        ("", 422),
        ("?q=家暴&limit=0", 422),
        ("?q=家暴&topic=weather", 422),
    ],
)
async def test_what_is_not_there_or_malformed_is_told(office: Office, path: str, status: int) -> None:
    await office.hire("li")
    async with office.program("li") as client:
        answer = await client.get(
            f"/api/v1/articles/{path}" if path[:1] not in ("", "?") else f"/api/v1/articles{path}"
        )
    assert (answer.status_code, answer.json()["status"]) == (status, status)
