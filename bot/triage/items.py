"""Items of the account's menu that call a person: whoever taps one may be unable to write."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.levels import Level

HUMAN = "human"
"""The key of the item that only asks for a person; any other key is the key of an article."""

CALLING_ITEMS: Mapping[str, Level] = {
    HUMAN: Level.HIGH,
    "domestic_violence/in_danger_now": Level.CRITICAL,
    "domestic_violence/disclosed": Level.HIGH,
    "other/suicidal_thoughts": Level.HIGH,
}
"""How urgent a tap is, by the key of the item."""
