"""The keys of the desk: the help and the handbook name each that works, and none that does not."""

from __future__ import annotations

import re
from pathlib import Path

import bot.console
import bot.web

SCRIPT = Path(bot.web.__file__).parent / "static" / "js" / "keys.js"
HELP = Path(bot.console.__file__).parent / "templates" / "_help.html"
HANDBOOK = Path(__file__).parents[3] / "docs" / "operators.zh-CN.md"


def obeyed() -> list[str]:
    """The single keys that the desk's script obeys."""
    moves = SCRIPT.read_text(encoding="utf-8").partition("const MOVES = {")[2].partition("\n};")[0]
    found = re.findall(r'^  "?([a-z/?])"?: ', moves, flags=re.MULTILINE)
    assert len(found) > 5
    return sorted(key.upper() for key in found)


def single(keys: list[str]) -> list[str]:
    return sorted(key for key in keys if re.fullmatch(r"[A-Z/?]", key))


def test_the_help_names_every_key_that_works_and_none_that_does_not() -> None:
    terms = re.findall(r"<dt>.*?</dt>", HELP.read_text(encoding="utf-8"))
    assert single(re.findall(r"<kbd>([^<]+)</kbd>", "".join(terms))) == obeyed()


def test_so_does_the_handbook() -> None:
    [chapter] = re.findall(r"^## 16 .*?^## 17", HANDBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    terms = re.findall(r"^\|([^|]*)\|", chapter, flags=re.MULTILINE)
    assert single(re.findall(r"`([^`]+)`", "".join(terms))) == obeyed()
