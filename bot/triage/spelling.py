"""Undoing the ways a word is written so that others, or filters, do not see it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
_BLANKS = re.compile(rf"(?<={_HAN})[ \t]+(?=[a-z0-9])|(?<=[a-z0-9])[ \t]+(?={_HAN})")
_PAUSE = re.compile(rf"(?<={_HAN})[ \t]+(?={_HAN})")
_SENTENCE = re.compile(r"\s*[.。!?;…\n\r][\W_]*")
_CLAUSE = re.compile(r"\s*[^\w\s.][^\w.]*|_+")
_LATIN = re.compile(r"[a-z0-9]")
# A spelling is not cut out of a longer run of letters and digits; the first looks back from after its first sign.
_RUN_BEGINS, _RUN_ENDS = r"(?<![a-z0-9][a-z0-9])", r"(?:(?<![a-z0-9])|(?![a-z0-9]))"
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
class Respelling:
    """Spellings and the word that each is read as."""

    words: Mapping[str, str]
    pattern: re.Pattern[str]

    def read(self, text: str) -> str:
        """The text with each spelling replaced, the longest first."""
        return self.pattern.sub(lambda found: self.words[found[0]], text)


@dataclass(frozen=True, slots=True)
class Faces:
    """WeChat's own faces, which arrive in words: [敲打] is no blow."""

    codes: Respelling
    words: Mapping[str, str]
    pattern: re.Pattern[str]

    def named(self, text: str) -> str:
        """The text with the codes of old phones ("/::<") as the newer ones write them ("[流泪]")."""
        return self.codes.read(text) if "/:" in text else text

    def removed(self, text: str) -> str:
        """The text without faces; one that stands in the place of a word ("拿着[菜刀]") becomes that word."""
        return self.pattern.sub(lambda found: self.words.get(found["word"] or "", ""), text) if "[" in text else text


@dataclass(frozen=True, slots=True)
class Spelling:
    """The tables that turn disguised writing into plain writing."""

    characters: Mapping[int, str]
    faces: Faces
    latin: Respelling
    homophones: Respelling

    def plain(self, text: str) -> str:
        """Lower-case simplified text; "," parts clauses, "." parts sentences and stands at both ends."""
        text = _MARKS.sub("", unicodedata.normalize("NFKD", clipped(text)))
        text = self.faces.named(unicodedata.normalize("NFKC", text)).lower()[: HEAD_CHARS + TAIL_CHARS + 1]
        if not text.isprintable():
            text = "".join(c for c in text if c in "\n\r\t" or unicodedata.category(c) not in _INVISIBLE)
        return f".{self._respelt(_punctuated(self.faces.removed(text.translate(self.characters))))}."

    def _respelt(self, text: str) -> str:
        if _LATIN.search(text):
            text = self.latin.read(text)
        text = _STUTTER.sub(r"\1\1", text)
        if len(text) > _REFRAIN_FROM_CHARS:
            text = _REFRAIN.sub(r"\1\1", text)
        for age, written in _AGES:
            text = written.sub(age, text)
        return self.homophones.read(text)


@dataclass(frozen=True, slots=True)
class Tables:
    """What `data/spelling.toml` holds for triage; its head explains each table."""

    characters: Mapping[str, str]
    harmless: Sequence[str]
    faces: Sequence[str]
    face_codes: Mapping[str, str]
    face_words: Mapping[str, str]
    words_after: str
    sounds: Mapping[str, str]
    pinyin: Mapping[str, str]
    homophones: Mapping[str, str]


def build_spelling(tables: Tables) -> Spelling:
    """Compile the tables. Raises ValueError when a word and its sounds are not of one length."""
    spellings = {
        **tables.homophones,
        **{variant: word for word, pinyin in tables.pinyin.items() for variant in _variants(word, pinyin, False)},
        **{variant: word for word, pinyin in tables.sounds.items() for variant in _variants(word, pinyin, True)},
        **{word: word for word in tables.harmless},
    }
    latin = {written: word for written, word in spellings.items() if _LATIN.search(written)}
    others = {written: word for written, word in spellings.items() if written not in latin}
    return Spelling(
        characters=str.maketrans(dict(tables.characters)),
        faces=_faces(tables),
        latin=Respelling(latin, re.compile(f"(?:{_alternatives(latin, _RUN_BEGINS)}){_RUN_ENDS}")),
        homophones=Respelling(others, re.compile(_alternatives(others))),
    )


def _faces(tables: Tables) -> Faces:
    codes = {code: f"[{name}]" for code, name in tables.face_codes.items()}
    instead = rf"(?<=[{re.escape(tables.words_after)}])\[(?P<word>{_alternatives(tables.face_words)})\]"
    alone = rf"\[(?:{_alternatives(tables.faces)})\]"
    return Faces(
        Respelling(codes, re.compile(_alternatives(codes))), tables.face_words, re.compile(f"{instead}|{alone}")
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
