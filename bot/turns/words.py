"""The words in what she sent, written or spoken."""

from __future__ import annotations

from bot.conversation.content import Said, Text, Transcript, Voice


def words_in(content: Said) -> str | None:
    """What she wrote, or said where it was understood; None if she used no words."""
    match content:
        case Text(text=text):
            return text
        case Voice(recognition=heard) | Transcript(text=heard):
            return heard or None
        case _:
            return None
