"""Hostile words are shown as words: nothing runs, nothing breaks the page, nothing pushes it off the screen."""

from __future__ import annotations

import html
import re

import pytest

from bot.conversation.content import Transcript, Voice
from bot.conversation.media import MediaKind
from bot.conversation.messages import Author
from bot.web.harmless import harmless
from tests.doubles.office import Office
from tests.sites.console.hostile import FLOODS, SHORT, TRICKS, Parsed, everywhere
from tests.sites.console.pages import words


@pytest.mark.parametrize("trick", TRICKS)
async def test_words_stay_words_in_list_and_chat(office: Office, trick: str) -> None:
    await office.hire("li")
    talk = await office.waiting(trick)
    plain = await office.waiting("无害")
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/conversations/{talk.id}")).text
        other = (await client.get(f"/desk/conversations/{plain.id}")).text
    shown = re.findall(r'<p class="text">(.*?)</p>', page, flags=re.DOTALL)
    assert [html.unescape(text) for text in shown] == [html.unescape(html.escape(harmless(trick)))]
    assert _tags(page) == _tags(other)


async def test_a_megabyte_is_folded_and_not_sent_at_every_refresh(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("字" * 1_000_000)
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/conversations/{talk.id}")).text
        lists = (await client.get("/desk/lists")).text
        (whole,) = re.findall(r'href="([^"]+/text)"', page)
        kept = await client.get(whole)
    first = re.search(r'<p class="text">(字+)</p><details', page)
    assert first
    assert len(first[1]) == 1500
    assert "太长，后面 992,060 字没有显示。" in words(page)
    assert len(page.encode()) < 100_000
    assert len(lists) < 10_000
    assert kept.text == "字" * 1_000_000
    assert kept.headers["content-type"] == "text/plain; charset=utf-8"
    assert kept.headers["content-disposition"].startswith("attachment")
    assert "message.save" in [action for _, action in await office.audited(whole.split("/")[-2])]


async def test_a_hundred_thousand_lines_are_folded(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("行\n" * 100_000)
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/conversations/{talk.id}")).text
    (first, *_) = re.findall(r'<p class="text">(.*?)</p>', page, flags=re.DOTALL)
    assert first.count("\n") <= 40
    assert len(page.encode()) < 100_000


async def test_a_number_is_not_seen_by_halves_where_the_page_ends(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("字" * 7994 + "13812345678" + "字" * 100)
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/conversations/{talk.id}")).text
    shown = "".join(re.findall(r'<p class="text">(.*?)</p>', page, flags=re.DOTALL))  # ids may hold the digits, too
    assert shown.startswith("字" * 1500)
    assert "1381" not in shown


async def test_what_a_machine_heard_is_folded_too(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    voice = await office.hears(talk, Voice("media-1", "amr"))
    await office.brings(voice, MediaKind.VOICE)
    await office.hears(talk, Transcript(voice.id, "<script>" + "听" * 100_000))
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/conversations/{talk.id}")).text
    assert "<script>听" not in page
    assert len(page.encode()) < 100_000


@pytest.mark.parametrize("trick", [SHORT, *FLOODS])
async def test_hostile_words_break_no_page_on_which_words_are_shown(office: Office, trick: str) -> None:
    hostile, plain = await everywhere(office, "li", trick), await everywhere(office, "wang", "离婚")
    known = Parsed("<details><summary><p><a>")
    async with office.browser("wang") as client:
        for address in plain.values():
            known.feed((await client.get(address)).text)
    async with office.browser("li") as client:
        for name, address in hostile.items():
            page = await client.get(address)
            assert page.status_code == 200, name
            parsed = Parsed(page.text)
            assert parsed.tags <= known.tags, name
            assert not parsed.running, name
            assert len(page.content) < 400_000, name


async def test_nothing_that_turns_or_floods_reaches_a_page(office: Office) -> None:
    trick = "甲\u202e乙\u2066丙" + "\u200b" * 5000 + "e" + "\u0301" * 5000 + "\x00\x1b"
    hostile = await everywhere(office, "li", trick)
    async with office.browser("li") as client:
        for name, address in hostile.items():
            page = (await client.get(address)).text
            assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", page), name
            assert "\u200b" * 4 not in page, name
            assert "\u0301" * 4 not in page, name


async def test_a_reply_of_ours_with_an_emoji_family_stays_as_it_is(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467\ufe0f 一家"
    await office.says(talk, Author.OPERATOR, family)
    async with office.browser("li") as client:
        assert family in (await client.get(f"/desk/conversations/{talk.id}")).text


async def test_her_words_never_end_the_form_of_a_reply(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("你好")
    trick = "</textarea><script>alert(1)</script>" + "x" * 2000
    async with office.browser("li") as client:
        await client.post(f"/desk/conversations/{talk.id}/claim")
        answer = await client.post(f"/desk/conversations/{talk.id}/messages", data={"text": trick})
    assert answer.status_code == 422
    assert "<script" not in answer.text
    assert answer.text.count("</textarea>") == 1


def _tags(page: str) -> list[str]:
    return re.findall(r"<(/?\w+)", page)
