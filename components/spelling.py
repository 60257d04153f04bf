"""One writing for what people type: disguises, traditional characters, emoji and WeChat's faces are evened out."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from itertools import product
from typing import Any, Iterable, Iterator, Mapping

import tomli
from opencc import OpenCC

LONGEST = 1600
"""The most characters that `plain` gives back; of a longer text it keeps how it opens and how it ends."""

_TAIL = 600
_PASSES = 8  # one undone disguise can lay open another; two are the rule
_HAN = r"[\u3400-\u9fff]"
_ACCENTS = re.compile(r"[\u0300-\u036f]+")
_BLANKS = re.compile(r"\s+")
_ODD = re.compile(r"[^ -~\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "So"})  # and symbols that nobody gave a word
_SKIN = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][\W_]{1,3}){2,}[^\W\d_](?!\w)")
_PARTING = re.compile(r"[\W_]+")
_SYMBOLS = re.compile(rf"(?<={_HAN})[^\w\s,，、。.!?;:…\"'“”‘’()\[\]【】《》「」]+(?={_HAN})")
_GAPS = re.compile(rf"(?<={_HAN}) (?=[a-z0-9])|(?<=[a-z0-9]) (?={_HAN})")
_REPEATS = re.compile(r"(\D)\1{2,}")
_LATIN = re.compile(r"[a-z0-9]")
# A spelling is not cut out of a longer run of letters and digits; the first looks back from after its first sign.
_RUN_BEGINS, _RUN_ENDS = r"(?<![a-z0-9][a-z0-9])", r"(?:(?<![a-z0-9])|(?![a-z0-9]))"


class Respelling:
    """Spellings and the word that each is read as; within Latin letters and digits, only whole runs of them."""

    def __init__(self, words: Mapping[str, str], whole: bool) -> None:
        self._words = words
        self._pattern = re.compile(
            f"(?:{_alternatives(words, _RUN_BEGINS)}){_RUN_ENDS}" if whole else _alternatives(words)
        )

    def read(self, text: str) -> str:
        """The text with each spelling replaced, the longest first."""
        return self._pattern.sub(lambda found: self._words[found[0]], text)


class Faces:
    """WeChat's own faces, which arrive in words: [敲打] is no blow, but whoever is 拿着[菜刀] has one."""

    def __init__(self, table: Mapping[str, Any], moods: Iterable[str]) -> None:
        telling = [*table["telling"].split(), *moods]
        self._telling = frozenset(telling)
        self._words = table["words"]
        codes = zip(table["codes"].split(), table["coded"].split(), strict=True)
        self._codes = Respelling({code: f"[{name}]" for code, name in codes}, whole=False)
        instead = rf"(?<=[{re.escape(table['after'])}])\[(?P<word>{_alternatives(self._words)})\]"
        self._pattern = re.compile(rf"{instead}|\[(?P<face>{_alternatives([*telling, *table['silent'].split()])})\]")

    def named(self, text: str) -> str:
        """The text with the codes of old phones ("/::<") as the newer ones write them ("[流泪]")."""
        return self._codes.read(text) if "/:" in text else text

    def removed(self, text: str, moods: list[str]) -> str:
        """The text without faces; those that show a mood go to `moods`."""

        def read(found: re.Match[str]) -> str:
            if found["face"] in self._telling:
                moods.append(found["face"])
            return str(self._words.get(found["word"], ""))

        return self._pattern.sub(read, text) if "[" in text else text


class Spelling:
    """The tables of `data/spelling.toml`, whose head explains them, ready for use; serves any number of threads."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        """Raises KeyError, TypeError, AttributeError or ValueError when the tables are not what they should be."""
        latin, others = _spellings(tables)
        self._latin, self._homophones = Respelling(latin, whole=True), Respelling(others, whole=False)
        self._faces = Faces(tables["faces"], tables["moods"])
        self._moods = {emoji: mood for mood, all_of_it in tables["moods"].items() for emoji in all_of_it.split()}
        pictures = {emoji: thing for thing, all_of_it in tables["pictures"].items() for emoji in all_of_it.split()}
        self._signs = str.maketrans({**pictures, **tables["marks"]})
        self._simplified = OpenCC("t2s")

    def plain(self, text: str) -> str:
        """The text in NFKC, lower case, simplified characters and plain spelling, with the moods at its end.

        "他又da我😭[捂脸]" becomes "他又打我 [哭][捂脸]": in brackets, as a face is no word of hers. Doing it twice
        changes nothing. Never raises; at most LONGEST characters.
        """
        for _ in range(_PASSES):
            before, text = text, self._once(text)
            if text == before:
                break
        return text

    def _once(self, text: str) -> str:
        moods: list[str] = []
        text = self._seen(_folded(self._faces.named(_folded(_clipped(text))).lower()), moods)
        text = self._faces.removed(self._simplified.convert(text), moods)
        text = _GAPS.sub("", _SYMBOLS.sub("", _SPACED.sub(lambda found: _PARTING.sub("", found[0]), text)))
        if _LATIN.search(text):
            text = self._latin.read(text)
        text = self._homophones.read(_REPEATS.sub(r"\1\1", text))
        shown = "".join(f"[{mood}]" for mood in dict.fromkeys(moods))
        return _clipped(f"{text.strip()} {shown}".strip())

    def _seen(self, text: str, moods: list[str]) -> str:
        """The text without invisible signs and emoji; those that show a mood go to `moods`."""

        def read(found: re.Match[str]) -> str:
            sign = found[0]
            if sign in self._moods:
                moods.append(self._moods[sign])
            return "" if unicodedata.category(sign) in _UNSEEN or sign in _SKIN else sign

        return _ODD.sub(read, text.translate(self._signs))


def read_spelling(text: str) -> Spelling:
    """The tables from the text of `data/spelling.toml`; raises ValueError that says what is wrong with it."""
    try:
        return Spelling(tomli.loads(text))
    except KeyError as error:
        raise ValueError(f"{error} is missing") from error
    except (TypeError, AttributeError) as error:
        raise ValueError(str(error)) from error


def _folded(text: str) -> str:
    """NFKC without accents ("bào"), every white space a single blank."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", bare))


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - _TAIL - 1]} {text[-_TAIL:]}"


def _spellings(tables: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """Every spelling and its word: those with Latin letters or digits, and those of Chinese characters alone."""
    spellings = {
        **{_blanked(other): word for word, others in tables["homophones"].items() for other in others.split()},
        **{variant: word for word, pinyin in tables["pinyin"].items() for variant in _variants(word, pinyin, False)},
        **{variant: word for word, pinyin in tables["sounds"].items() for variant in _variants(word, pinyin, True)},
        **{_blanked(word): _blanked(word) for word in tables["harmless"].split()},
    }
    latin = {written: word for written, word in spellings.items() if _LATIN.search(written)}
    return latin, {written: word for written, word in spellings.items() if written not in latin}


def _blanked(word: str) -> str:
    return word.replace("_", " ")


def _variants(word: str, pinyin: str, initials: bool) -> Iterator[str]:
    """Every mixed writing with at least one Chinese character ("家bao", with initials "j暴"), and the full pinyin."""
    pairs = zip(word, pinyin.split(), strict=True)
    choices = [(sign, sound, sound[0]) if initials else (sign, sound) for sign, sound in pairs]
    for writing in product(*choices):
        variant = "".join(writing)
        if variant != word and any(sign in variant for sign in word):
            yield variant
    yield pinyin
    yield pinyin.replace(" ", "")


def _alternatives(words: Iterable[str], after_first: str = "") -> str:
    """A pattern of the words, longest first, gathered by their first sign for speed; none if there are no words."""
    by_sign: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words, key=len, reverse=True):
        by_sign[word[0]].append(re.escape(word[1:]))
    gathered = (f"{re.escape(sign)}{after_first}(?:{'|'.join(rests)})" for sign, rests in by_sign.items())
    return "|".join(gathered) or r"(?!)"
