"""Seventy invented bills, true to the exports' formats, and what the bills room finds in them."""
