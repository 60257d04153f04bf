"""Which examples a model does not learn from, so that they can tell how far to trust it."""

from __future__ import annotations

from hashlib import md5

SHARE = 10  # one in so many; the encoder was fitted without the same ones (components/adapt.py)


def is_held_out(text: str) -> bool:
    """Whether an example is kept for calibration: chosen by its words, so that all who ask agree, today and later."""
    return int(md5(text.encode(), usedforsecurity=False).hexdigest(), 16) % SHARE == 0
