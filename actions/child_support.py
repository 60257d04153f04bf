"""An estimate of child support from a monthly income, for talking about it; courts decide otherwise where it fits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.reading import lower, upper

LEAST, USUAL, MOST = 0.20, 0.30, 0.50
"""解释（一）49: 20 to 30 % of a steady income for one child; for two or more it may be more, as a rule up to 50 %."""


@dataclass(frozen=True)
class Estimate:
    """Yuan a month for all children together; `at_most` for one child is the upper end of the usual share."""

    low: int
    high: int
    at_most: int


def estimate(income: Any, children: int) -> Estimate:
    """Of an income (a sum, or its limits) for so many children; raises ValueError for none."""
    if children < 1:
        raise ValueError("no child to support")
    low, high = lower(income) * LEAST, upper(income) * USUAL
    most = upper(income) * MOST if children > 1 else high
    return Estimate(round(low), round(high), round(most))
