"""Entities that the flows need, read from a message: amounts, days, ages, platforms, regions, relations."""
