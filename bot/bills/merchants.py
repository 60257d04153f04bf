"""The table of who is paid for games and live streams, as `data/merchants.yml` holds it; its head explains it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import yaml

from bot.conversation.errors import InvalidData


class Trade(StrEnum):
    """What a merchant sells."""

    GAME = "game"
    LIVE = "live"
    DEALER = "dealer"
    STORE = "store"
    MAYBE_GAME = "maybe_game"
    MAYBE_LIVE = "maybe_live"
    PLATFORM = "platform"
    MARKET = "market"
    SHOP = "shop"
    OTHER = "other"


class Words(StrEnum):
    """What a single word in a bill's row tells."""

    GAME = "game"
    LIVE = "live"
    HINT_GAME = "hint_game"
    OTHER = "other"
    ORDINARY = "ordinary"
    COMPANY = "company"
    HANDED = "handed"
    TRADE = "trade"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class Merchant:
    """Somebody known: the name to show, and what is sold."""

    name: str
    trade: Trade


def plain(text: str) -> str:
    """A text as it is compared: small, of one width, without brackets, blanks only between Latin words."""
    bare = re.sub(r"[()\[\]【】]", "", unicodedata.normalize("NFKC", text).lower())
    return re.sub(r"(?<![a-z0-9])\s+|\s+(?![a-z0-9])", "", bare)


class Merchants:
    """The table, ready to look things up in."""

    def __init__(
        self,
        known: Mapping[str, Merchant],
        words: Mapping[Words, tuple[str, ...]],
        prices: frozenset[int],
        peaks: frozenset[int],
    ) -> None:
        self._known = known
        self._pattern = _any_of(known)
        self._words = {kind: _any_of(listed) for kind, listed in words.items()}
        self._prices = prices
        self._peaks = peaks

    @staticmethod
    def parse(text: str) -> Merchants:
        """The table of a YAML text; raises InvalidData when a part is missing or a word is listed for two trades."""
        try:
            data = yaml.safe_load(text)
            words = {kind: tuple(plain(word) for word in data["words"][kind].split()) for kind in Words}
            prices, peaks = _fen(data["prices"]), _fen(data["peaks"])
            lines = [(Trade(trade), str(line)) for trade, listed in data["merchants"].items() for line in listed]
        except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
            raise InvalidData(f"merchants: {error}") from error
        return Merchants(_listed(lines), words, prices, peaks)

    def known(self, text: str) -> Merchant | None:
        """Who is named in a text; of several, a platform counts least and the longest word most."""
        found = self._pattern.findall(plain(text))
        best = max(found, key=lambda word: (self._known[word].trade is not Trade.PLATFORM, len(word)), default=None)
        return None if best is None else self._known[best]

    def word(self, kind: Words, text: str) -> str | None:
        """The first word of this kind in a text."""
        found = self._words[kind].search(plain(text))
        return found[0] if found else None

    def asks(self, fen: int) -> bool:
        """Whether this is a sum that games and app stores ask for."""
        return abs(fen) in self._prices

    def peaks(self, fen: int) -> bool:
        """Whether this is a sum that hardly anybody but games asks for."""
        return abs(fen) in self._peaks


def _fen(prices: object) -> frozenset[int]:
    return frozenset(int(price) * 100 for price in str(prices).split())


def _listed(lines: list[tuple[Trade, str]]) -> dict[str, Merchant]:
    known: dict[str, Merchant] = {}
    for trade, line in lines:
        name, _, written = (part.strip() for part in line.partition("="))
        for word in (written or name).split():
            pattern = plain(word.replace("_", " "))
            if known.setdefault(pattern, Merchant(name, trade)) != Merchant(name, trade):
                raise InvalidData(f"merchants: {word} is listed twice")
    return known


def _any_of(words: Mapping[str, object] | tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for all words, the longest first; a word of Latin letters stands by itself."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile("|".join(_bounded(word) for word in longest_first))


def _bounded(word: str) -> str:
    escaped = re.escape(word)
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if re.fullmatch(r"[a-z0-9]{1,5}", word) else escaped
