"""Tells how an utterance is written, how long it is, and who writes or is spoken of, by rules and lists of words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from opencc import OpenCC

from tests.corpus.reading import ROOT

SPELLING = ROOT / "data/spelling.toml"

CHINESE = r"[㐀-鿿]"
LATIN = re.compile(r"[a-z]+")
EMOJI = re.compile("[\U0001f000-\U0001faff☀-➿⬀-⯿]")
BREAK = re.compile(r"\s+|…+|\.{3,}|。{2,}|~+|～+")

DIALECT = str.maketrans("", "", "箇捱")
"""Signs that OpenCC simplifies, though people write them amid simplified ones."""

VOICE_LENGTH = 20
"""From this length on, words without any mark were spoken, not typed."""

type Rule = Callable[[str], bool]


def is_short(text: str) -> bool:
    """Under 12 characters."""
    return len(text) < 12


def is_middling(text: str) -> bool:
    """From 12 to 60 characters."""
    return 12 <= len(text) <= 60


def is_long(text: str) -> bool:
    """Over 60 characters."""
    return len(text) > 60


def is_voice(text: str) -> bool:
    """At least 20 characters without punctuation, blank or emoji, as the phone writes down what it hears."""
    return len(text) >= VOICE_LENGTH and not any(unicodedata.category(sign)[0] in "PZS" for sign in text)


def is_traditional(text: str) -> bool:
    """OpenCC's simplified form is another, but for signs that write Hunan's dialects."""
    written = text.translate(DIALECT)
    simplified: str = _simplifier().convert(written)
    return simplified != written


def has_emoji(text: str) -> bool:
    """A pictogram, WeChat's own among them only where they are Unicode."""
    return bool(EMOJI.search(text))


def is_halved(text: str) -> bool:
    """Blanks or …… part it into at least two pieces with two Chinese characters each: sent word by word."""
    return sum(len(re.findall(CHINESE, piece)) >= 2 for piece in BREAK.split(text)) >= 2


def hides_words(ordinary: frozenset[str], homophones: frozenset[str]) -> Rule:
    """Latin letters that are no ordinary foreign word, alone or amid Chinese; or a homophone that the house knows."""

    def holds(text: str) -> bool:
        lower = unicodedata.normalize("NFKC", text).lower()
        return any(word not in ordinary for word in LATIN.findall(lower)) or any(word in lower for word in homophones)

    return holds


def speaks(words: str) -> Rule:
    """One of these regular expressions, parted by white space, is found."""
    pattern = re.compile("|".join(f"(?:{word})" for word in words.split()))
    return lambda text: bool(pattern.search(text))


def homophones(spelling: str, ordinary: frozenset[str]) -> frozenset[str]:
    """The spellings of `[homophones]` in data/spelling.toml that hide a word: all but the ordinary ones."""
    spellings: Mapping[str, str] = tomllib.loads(spelling)["homophones"]
    return frozenset(word.replace("_", " ") for words in spellings.values() for word in words.split()) - ordinary


def detectors(ordinary_latin: str, ordinary_spellings: str, spelling: Path = SPELLING) -> dict[str, Rule]:
    """The rules that are more than a list of words, by the name that corpus.toml gives them."""
    hidden = homophones(spelling.read_text(encoding="utf-8"), frozenset(ordinary_spellings.split()))
    return {
        "short": is_short,
        "middling": is_middling,
        "long": is_long,
        "voice": is_voice,
        "traditional": is_traditional,
        "hidden": hides_words(frozenset(ordinary_latin.split()), hidden),
        "emoji": has_emoji,
        "halved": is_halved,
    }


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
