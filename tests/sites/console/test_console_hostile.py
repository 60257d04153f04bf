"""Hostile words are shown as words: nothing runs, nothing breaks the page, nothing pushes it off the screen."""

from __future__ import annotations

import html
import re

import pytest

from tests.doubles.office import Office
from tests.sites.console.pages import words

TRICKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea></li><h1>被改了</h1>",
    "{{ 7*7 }}{% for x in y %}",
    "&lt;b&gt; &#60;",
    "javascript:alert(1)",
    "\u202e反着写\u202c \u2066隔\u2069",
    "\u200b\u200d\ufeff零宽",
    "一行\n\n\n\n很多行\r\n",
    "\x00\x07\x1b[31m",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 30,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
]


@pytest.mark.parametrize("trick", TRICKS)
async def test_words_stay_words_in_list_and_chat(office: Office, trick: str) -> None:
    await office.hire("li")
    talk = await office.waiting(trick)
    plain = await office.waiting("无害")
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/conversations/{talk.id}")).text
        harmless = (await client.get(f"/desk/conversations/{plain.id}")).text
    shown = re.findall(r'<p class="text">(.*?)</p>', page, flags=re.DOTALL)
    assert [html.unescape(text) for text in shown] == [html.unescape(html.escape(trick))]
    assert _tags(page) == _tags(harmless)


async def test_a_megabyte_is_folded(office: Office) -> None:
    await office.hire("li")
    talk = await office.waiting("字" * 1_000_000)
    async with office.browser("li") as client:
        page = (await client.get(f"/desk/conversations/{talk.id}")).text
        lists = (await client.get("/desk/lists")).text
    first = re.search(r'<p class="text">(字+)</p><details', page)
    assert first
    assert len(first[1]) == 1500
    assert "展开全文（还有 998500 字）" in words(page)
    assert len(lists) < 10_000


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
