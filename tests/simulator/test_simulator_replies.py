"""Passive replies of every kind, and those that WeChat calls malformed."""

from typing import Any

import pytest
from simulator_fakes import PNG, World, reply, text_reply

from simulator import markup


async def answered(w: World, openid: str, body: str, *, event: bool = False) -> dict[str, Any]:
    """The bubble that a reply makes."""
    w.gateway.answers = [(200, body)]
    await (w.act(openid, "click", "k") if event else w.say(openid))
    return (await w.chat(openid))[-1]


def articles(count: int) -> dict[str, Any]:
    item = "<item><Title>题</Title><Description>述</Description><PicUrl/><Url>https://a.cn</Url></item>"
    return {"ArticleCount": count, "Articles": item * count}


def news(openid: str, count: int) -> str:
    shell = markup.write(reply(openid, "news", ArticleCount=count, Articles="@"))
    return shell.replace("<![CDATA[@]]>", articles(count)["Articles"])


@pytest.mark.wechat("4.s1")
@pytest.mark.parametrize(("kind", "part"), [("image", "Image"), ("voice", "Voice"), ("video", "Video")])
async def test_media_that_the_account_has_is_shown(w: World, kind: str, part: str) -> None:
    openid = await w.phone()
    media = w.platform.media.add("bj", "image", PNG)
    body = markup.write(reply(openid, kind, **{part: {"MediaId": media.id}}))
    bubble = await answered(w, openid, body)
    assert (bubble["type"], bubble["detail"]["media_id"]) == (kind, media.id)


@pytest.mark.wechat("4.s1")
async def test_music_is_shown(w: World) -> None:
    openid = await w.phone()
    thumb = w.platform.media.add("bj", "image", PNG).id
    music = {"Title": "歌", "Description": "述", "MusicUrl": "https://a.cn/a.mp3", "ThumbMediaId": thumb}
    bubble = await answered(w, openid, markup.write(reply(openid, "music", Music=music)))
    assert bubble["text"] == "[音乐] 歌"


@pytest.mark.wechat("4.s1", "4.s2")
async def test_a_message_gets_one_article_and_an_event_up_to_eight(w: World) -> None:
    openid = await w.phone()
    assert len((await answered(w, openid, news(openid, 3)))["detail"]["articles"]) == 1
    assert len((await answered(w, openid, news(openid, 9), event=True))["detail"]["articles"]) == 8


async def test_a_transfer_shows_nothing(w: World) -> None:
    openid = await w.phone()
    bubble = await answered(w, openid, markup.write(reply(openid, "transfer_customer_service")))
    assert (bubble["from"], bubble["delivery"]["state"]) == ("me", "silent")


@pytest.mark.wechat("4.s3")
async def test_an_event_cannot_be_transferred(w: World) -> None:
    openid = await w.phone()
    body = markup.write(reply(openid, "transfer_customer_service"))
    assert (await answered(w, openid, body, event=True))["from"] == "platform"


@pytest.mark.wechat("3.s5", "4.s5")
@pytest.mark.parametrize(
    "body",
    [
        '{"errcode": 0}',
        "ok",
        "<xml>",
        "<html></html>",
        '<!DOCTYPE x [<!ENTITY a "b">]><xml/>',
        markup.write(reply("o-somebody-else", Content="x")),
        markup.write(reply("@", account_id="cd", Content="x")),
        markup.write(reply("@", Content="")),
        markup.write(reply("@", Content="字" * 683)),
        markup.write(reply("@", "image", Image={"MediaId": "unknown"})),
        markup.write(reply("@", "hologram", Content="x")),
        markup.write(reply("@", "news", ArticleCount=0, Articles="")),
        markup.write(reply("@", Content="x") | {"CreateTime": "soon"}),
        markup.write(reply("@", Content="x")).replace("</xml>", "<Encrypt>AAAA</Encrypt></xml>"),
    ],
)
async def test_a_malformed_reply_is_not_tried_again_and_shown_as_failure(w: World, body: str) -> None:
    openid = await w.phone()
    bubble = await answered(w, openid, body.replace("@", openid))
    assert bubble["from"] == "platform"
    assert len(w.gateway.requests) == 1


@pytest.mark.wechat("4.s1", "4.s6")
async def test_2048_bytes_are_shown(w: World) -> None:
    openid = await w.phone()
    words = "字" * 682 + "ab"
    assert (await answered(w, openid, text_reply(openid, words)))["text"] == words


@pytest.mark.wechat("4.s6")
@pytest.mark.parametrize(("limit", "shown"), [(2047, 682 * 3), (2048, 682 * 3 + 2)])
async def test_what_is_too_long_may_be_cut_between_characters(w: World, limit: int, shown: int) -> None:
    await w.api.put("/switches", json={"long_passive": "cut", "text_limit_bytes": limit})
    openid = await w.phone()
    text = (await answered(w, openid, text_reply(openid, "字" * 682 + "é" * 9)))["text"]
    assert len(text.encode()) == shown


@pytest.mark.wechat("4.s6")
async def test_2048_bytes_may_be_too_many(w: World) -> None:
    await w.api.put("/switches", json={"text_limit_bytes": 2047})
    openid = await w.phone()
    assert (await answered(w, openid, text_reply(openid, "x" * 2048)))["from"] == "platform"
