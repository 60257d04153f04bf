"""What stands where words once stood, or where they cannot be read."""

from __future__ import annotations

from bot.conversation.content import Text, Unsupported

ERASED = Unsupported("已按本人要求删除")
"""A line of a person who was erased."""

ERASED_SENDING = Text("")
"""What was on its way to a person who was erased."""

UNREADABLE = Unsupported("密钥打不开")
"""A line that no key opens: the rest of the conversation must stay readable, and she must still be heard."""
