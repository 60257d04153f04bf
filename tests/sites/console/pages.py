"""Reads pages as an operator does."""

from __future__ import annotations

import html
import re
from typing import Any

from bot import handoff
from bot.conversation.conversations import Conversation
from tests.doubles.office import Office


async def opened(office: Office, talk: Conversation, username: str = "li") -> str:
    """The page of the conversation."""
    async with office.browser(username) as client:
        return (await client.get(f"/desk/conversations/{talk.id}")).text


async def taken(office: Office, *said: Any, **about: Any) -> Conversation:
    """A conversation that li holds."""
    member = await office.hire("li", name="李晓梅")
    talk = await office.waiting(*said, **about)
    await handoff.claim(talk.id, member, office.ports.handoff)
    return talk


def words(page: str) -> str:
    """The visible words of a page or fragment, spaces folded."""
    bare = re.sub(r"<(script|svg|dialog)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def cards(page: str, kind: str = "waiting") -> list[str]:
    """The words of each card: of those who wait, or of `mine`."""
    found = re.findall(r'<li id="card-\w+" class="card[^>]*>.*?</li>', page, flags=re.DOTALL)
    return [words(card) for card in found if ("data-waiting" in card.partition(">")[0]) == (kind == "waiting")]


def lines(page: str) -> list[str]:
    """The words of each message of the chat."""
    return [words(line) for line in re.findall(r'<li id="line-\w+".*?</li>', page, flags=re.DOTALL)]


def live_address(page: str) -> str:
    """Where the open conversation is fetched again."""
    found = re.search(r'hx-get="(/desk/conversations/[^"]+/live[^"]*)"', page)
    assert found
    return html.unescape(found[1])
