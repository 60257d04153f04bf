"""Undoing the ways a word is written so that others, or filters, do not see it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

# A WeChat message holds at most some thousand characters; a longer text is judged by how it opens and how it ends.
HEAD_CHARS = 1000
TAIL_CHARS = 600

_HAN = r"[\u3400-\u9fff]"
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
_MARKS = re.compile(
    r"[\u0300-\u036f\u0483-\u0489\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f]+"
)
_SINGLES = re.compile(r"(?<!\w)(\w)[\W_]{1,3}(?=\w(?!\w))")
_SYMBOLS = re.compile(rf"(?<={_HAN})[^\w\s,，、。.!?;:…]+(?={_HAN})")
_FACES = re.compile(r"\[捂脸\]")  # WeChat writes its faces in words; this one, embarrassment, reads as suffocation
_BLANKS = re.compile(rf"(?<={_HAN})[ \t]+(?=[a-z0-9])|(?<=[a-z0-9])[ \t]+(?={_HAN})")
_PAUSE = re.compile(rf"(?<={_HAN})[ \t]+(?={_HAN})")
_SENTENCE = re.compile(r"\s*[.。!?;…\n\r][\W_]*")
_CLAUSE = re.compile(r"\s*[^\w\s.][^\w.]*|_+")
_LATIN = re.compile(r"[a-z0-9]")
_NUMERALS = "一二两三四五六七八九"
_AGES = (  # how ages are read: under six, and under eighteen
    ("稚岁", re.compile(rf"(?<![\d十百{_NUMERALS}])[1-5一二两三四五][个半周]{{0,2}}岁")),
    ("幼岁", re.compile(rf"(?<![\d十百{_NUMERALS}])(?:1[0-7]|[6-9]|十[一二三四五六七]?|[六七八九])[个半周]{{0,2}}岁")),
    ("幼岁", re.compile(r"(?:(?<=今年)|(?<=才))1[0-7](?=[,.了的，。]|$)")),
)
_STUTTER = re.compile(r"(.)\1{2,}")
_REFRAIN = re.compile(r"(.{2,8}?)\1{3,}")
_REFRAIN_FROM_CHARS = 200  # a short plea repeated is cheap to read; a page of it is not


@dataclass(frozen=True, slots=True)
class Spelling:
    """The tables that turn disguised writing into plain writing."""

    characters: Mapping[int, str]
    latin: Mapping[str, str]
    homophones: Mapping[str, str]
    latin_pattern: re.Pattern[str]
    homophone_pattern: re.Pattern[str]

    def plain(self, text: str) -> str:
        """Lower-case simplified text; "," parts clauses, "." parts sentences and stands at both ends."""
        text = unicodedata.normalize("NFKC", clipped(text)).lower()[: HEAD_CHARS + TAIL_CHARS + 1]
        text = _MARKS.sub("", text)
        if not text.isprintable():
            text = "".join(c for c in text if c in "\n\r\t" or unicodedata.category(c) not in _INVISIBLE)
        return f".{self._respelt(_punctuated(_FACES.sub('', text.translate(self.characters))))}."

    def _respelt(self, text: str) -> str:
        if _LATIN.search(text):
            text = self.latin_pattern.sub(lambda found: self.latin[found[0]], text)
        text = _STUTTER.sub(r"\1\1", text)
        if len(text) > _REFRAIN_FROM_CHARS:
            text = _REFRAIN.sub(r"\1\1", text)
        for age, written in _AGES:
            text = written.sub(age, text)
        return self.homophone_pattern.sub(lambda found: self.homophones[found[0]], text)


def build_spelling(characters: Mapping[str, str], sounds: Mapping[str, str], homophones: Mapping[str, str]) -> Spelling:
    """Compile the tables: single characters, words with their pinyin ("家暴": "jia bao"), and other spellings."""
    latin = {word: plain for word, plain in homophones.items() if _LATIN.search(word)}
    latin |= {variant: word for word, pinyin in sounds.items() for variant in _variants(word, pinyin)}
    others = {word: plain for word, plain in homophones.items() if word not in latin}
    return Spelling(
        characters=str.maketrans(dict(characters)),
        latin=latin,
        homophones=others,
        latin_pattern=re.compile(f"(?<![a-z0-9])(?:{_alternatives(latin)})(?![a-z0-9])"),
        homophone_pattern=re.compile(_alternatives(others)),
    )


def clipped(text: str) -> str:
    """The beginning and the end of a long text; a short one unchanged."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return text
    return f"{text[:HEAD_CHARS]}\n{text[-TAIL_CHARS:]}"


def _punctuated(text: str) -> str:
    text = _SINGLES.sub(r"\1", text)
    text = _PAUSE.sub(",", _BLANKS.sub("", _SYMBOLS.sub("", text)))
    return _CLAUSE.sub(",", _SENTENCE.sub(".", text)).strip(" ,.")


def _variants(word: str, pinyin: str) -> Iterator[str]:
    """Every mixed writing with at least one Chinese character ("家bao", "j暴"), and the full pinyin."""
    choices = [(sign, sound, sound[0]) for sign, sound in zip(word, pinyin.split(), strict=True)]
    for writing in product(*choices):
        variant = "".join(writing)
        if variant != word and any(sign in variant for sign in word):
            yield variant
    yield pinyin
    yield pinyin.replace(" ", "")


def _alternatives(words: Mapping[str, str]) -> str:
    """A pattern of the words, longest first; one that never matches when there are none."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"
