"""Fit the small model of triage to the labelled examples of the corpus."""

from bot.learning.examples import Example, fingerprint, read_examples
from bot.learning.fitting import fit

__all__ = ["Example", "fingerprint", "fit", "read_examples"]
