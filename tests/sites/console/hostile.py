"""Hostile words, and an office in which they stand wherever words can stand."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import quote

import httpx

from bot import guidance
from bot.conversation.content import Link, Transcript, Voice
from bot.conversation.dialogue import FlowProposed
from bot.conversation.flows import FlowState
from bot.conversation.media import MediaKind
from bot.conversation.messages import Author
from bot.conversation.staff import Role
from tests.doubles.office import Office

TRICKS = [
    "<script>pwned=1</script>",
    '"><img src=x onerror=pwned=1>',
    "'-pwned=1-'",
    "</textarea></li></section></nav><h1>被改了</h1>",
    "<svg onload=pwned=1><!--",
    "{{ 7*7 }}{% for x in y %}${pwned=1}",
    "&lt;b&gt; &#60;script&#62;pwned=1",
    "javascript:pwned=1",
    "\u202e反着写\u202c \u2066隔\u2069",
    "\u200b\u200d\ufeff零宽",
    "一行\n\n\n\n很多行\r\n",
    "\x00\x07\x1b[31m",
    "مرحبا אבגדה ทดสอบ",
]
SHORT = " ".join(TRICKS)
FLOODS = [
    "零宽" + "\u200b" * 30_000,
    "一行" + "\n" * 100_000,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 3000,
    "Z" + "\u0351\u036b\u0343\u036a\u0302" * 2000 + "A" + "\u0334\u0335" * 2000,
    "W" * 300_000,
]


class Parsed(HTMLParser):
    """The kinds of tags of a page, and what in it would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.running: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            runs = name.startswith("on") or (value or "").strip().lower().startswith("javascript:")
            if runs or (tag == "script" and name == "src" and not (value or "").startswith("/static/")):
                self.running.append(f"{tag} {name}")


async def everywhere(office: Office, username: str, trick: str) -> dict[str, str]:
    """The pages on which these words stand, by what they show: this member of staff put them there, or a person."""
    member = await office.hire(username, Role.SUPERVISOR, name=trick[:30] or "名")
    talk = await office.waiting(trick, reasons=(trick[:200],))
    await office.hears(talk, Link(trick, trick, "https://example.org/" + trick[:100]))
    voice = await office.hears(talk, Voice("media", "amr", recognition=trick))
    await office.brings(voice, MediaKind.VOICE)
    await office.hears(talk, Transcript(voice.id, trick))
    async with office.units() as uow:
        given = {"incident_words": trick, "children": trick, "wishes": [trick, trick]}
        await guidance.keep(uow, talk, FlowProposed("protection_order", FlowState.FINISHED, given), office.clock.now())
        await uow.commit()
    await office.says(talk, Author.OPERATOR, trick[:500], staff_id=member.id)
    case = await office.file_of(talk)
    async with office.browser(username) as client:
        await _write(client, f"/desk/conversations/{talk.id}/claim", {})
        await _write(client, f"/desk/conversations/{talk.id}/notes", {"note": "记" + trick[:1000]})
        await _write(client, f"/desk/conversations/{talk.id}/person", {"name": trick[:20], "phone": "13812345678"})
        await _write(client, f"/desk/cases/{case.id}/notes", {"words": "记" + trick[:1000]})
        canned = {"title": trick[:19] or "名", "text": "好" + trick[:500].replace("{", "(")}
        await _write(client, "/desk/replies", canned)
    return {
        "chat": f"/desk/conversations/{talk.id}",
        "lists": "/desk/lists",
        "replies": "/desk/replies",
        "case": f"/desk/cases/{case.id}",
        "cases": "/desk/cases",
        "search": "/desk/articles?account=hunan&region=430000&q=" + quote(trick[:100]),
        "account": "/account",
    }


async def _write(client: httpx.AsyncClient, address: str, form: dict[str, str]) -> None:
    """Send a form; refused or taken, it must be answered."""
    answer = await client.post(address, data=form)
    assert answer.status_code < 500, (address, answer.text)
