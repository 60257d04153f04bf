"""Tests; doubles are imported as `tests.doubles`."""
