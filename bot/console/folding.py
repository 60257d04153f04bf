"""How much of a long text stands on the page: one hostile message must not push the conversation off the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.conversation.masking import hides

SHOWN_CHARACTERS, SHOWN_LINES = 1500, 40

ON_PAGE = 8000
"""What the page brings, folded or not: a chat is fetched again at every event, and a megabyte is not."""

_EDGE = 60
"""What is cut off once more, masked as it is: a number at the edge must not be seen by halves."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The beginning, what can be unfolded, how many characters more there are, and if a number in it is hidden."""

    text: str = field(repr=False)
    rest: str = field(repr=False)
    beyond: int
    hides: bool


def folded(words: str, show: Callable[[str], str]) -> Folded:
    """The words as a page brings them; `show` says what of them is seen."""
    brought = words[:ON_PAGE]
    beyond = len(words) - len(brought) + _EDGE if len(words) > len(brought) else 0
    seen = show(brought)[:-_EDGE] if beyond else show(brought)
    head = "".join(seen[:SHOWN_CHARACTERS].splitlines(keepends=True)[:SHOWN_LINES])
    return Folded(head, seen[len(head) :], beyond, hides(brought))
