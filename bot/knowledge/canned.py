"""The canned replies that come with the system, parsed from their file."""

from __future__ import annotations

from datetime import date, datetime, time

import yaml

from bot.conversation.canned import CannedReply
from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData


def parse_canned(text: str) -> tuple[CannedReply, ...]:
    """Everybody's canned replies of a YAML text with `reviewed_on` and a list `replies`, in its order.

    Raises InvalidData.
    """
    try:
        kept = yaml.load(text, yaml.CSafeLoader)
        reviewed = datetime.combine(date.fromisoformat(str(kept["reviewed_on"])), time(), HUNAN)
        rows = [(str(row["key"]), str(row["title"]), str(row["text"]).strip()) for row in kept["replies"]]
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise InvalidData(f"canned replies: {error}") from error
    replies = tuple(CannedReply(key, None, title, words, reviewed) for key, title, words in rows)
    for reply in replies:
        reply.check()
    if len({reply.id for reply in replies}) < len(replies):
        raise InvalidData("canned replies: two have one key")
    return replies
