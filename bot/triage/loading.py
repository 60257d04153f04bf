"""Reading the rule file and the spelling tables: TOML text in, compiled rules out, or a clear refusal."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level, Topic
from bot.triage.judgement import Danger
from bot.triage.model import load_model
from bot.triage.rules import NEGATION, Rule, Rules, Together, Veto
from bot.triage.scene import ADJACENT_CHARS, NEAR_CHARS, Chain, Grammar, Lexicon
from bot.triage.spelling import Spelling, Tables, build_spelling

TOGETHER_CHARS = 40  # two or three clauses of a chat message
ANYWHERE_CHARS = 1_000_000


def load_rules(text: str, spelling: str, model: str | None = None) -> Rules:
    """Compile the texts of the rule file and of the spelling tables; the head of each explains its notation.

    With the text of a model, what it has learnt weighs what the rules find; without, they judge alone. Raises
    InvalidData when a text is not what it should be, a part is missing, or a rule names what nobody defined.
    """
    read = _compiled("spelling", spelling, _spelling)
    rules = _compiled("triage rules", text, lambda data: _Reader(data, read).rules())
    rules.model = None if model is None else load_model(model)
    return rules


def _compiled[T](name: str, text: str, compiler: Callable[[Mapping[str, Any]], T]) -> T:
    try:
        return compiler(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise InvalidData(f"{name}: not TOML: {error}") from error
    except KeyError as error:
        raise InvalidData(f"{name}: {error} is missing") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise InvalidData(f"{name}: {error}") from error


class _Reader:
    """Compiles a parsed rule file; words written inside a pattern become groups named after themselves."""

    def __init__(self, data: Mapping[str, Any], spelling: Spelling) -> None:
        self._data = data
        self._spelling = spelling
        self._groups = {name: _words(words) for name, words in data["words"].items()}
        self._phrases: dict[str, tuple[Chain, ...]] = {}
        self._names = {*self._groups, *data["phrases"]}

    def rules(self) -> Rules:
        for name, patterns in self._data["phrases"].items():
            if name in self._groups:
                raise InvalidData(f"triage rules: {name} is defined twice")
            self._phrases[name] = tuple(self._chain(pattern) for pattern in _some(patterns, name))
        vetoes = {name: self._veto(table) for name, table in self._data["vetoes"].items()}
        rules = [self._rule(table, vetoes) for table in _some(self._data["rules"], "rules")]
        self._known(NEGATION)
        return Rules(
            spelling=self._spelling,
            lexicon=Lexicon(self._groups),
            figures=Lexicon({"figures": _words(self._data["figures"]["words"])}),
            grammar=Grammar(self._phrases),
            rules=rules,
        )

    def _rule(self, table: Mapping[str, Any], vetoes: Mapping[str, Veto]) -> Rule:
        return Rule(
            code=str(table["code"]),
            words=str(table["words"]),
            level=Level(table["level"]),
            topic=Topic(table["topic"]) if "topic" in table else None,
            danger=Danger(table["danger"]) if "danger" in table else None,
            when=tuple(self._together(pattern) for pattern in _some(table["when"], table["code"])),
            unless=tuple(vetoes[name] for name in table.get("unless", "").split()),
            sure=bool(table.get("sure", False)),
        )

    def _veto(self, table: Mapping[str, Any]) -> Veto:
        but = table.get("but")
        return Veto(
            name=self._known(table["words"]),
            before=int(table["before"]),
            after=int(table["after"]),
            stops=str(table.get("stops", ".")),
            but=but and self._known(but),
        )

    def _together(self, pattern: str) -> Together:
        sign, reach = ("&", ANYWHERE_CHARS) if "&" in pattern else ("+", TOGETHER_CHARS)
        names = tuple(map(self._part, pattern.split(sign)))
        return Together(names, reach, frozenset(names))

    def _part(self, pattern: str) -> str:
        """The name of a group or phrase; a chain written on the spot becomes a phrase of that name."""
        pattern = pattern.strip()
        if len(pattern.split()) > 1:
            self._phrases[pattern] = (self._chain(pattern),)
            return pattern
        return self._known(pattern)

    def _chain(self, pattern: str) -> Chain:
        names, room, near = [], [], False
        for token in pattern.split():
            if token == ">":
                near = True
                continue
            names.append(self._known(token))
            room.append(NEAR_CHARS if near else ADJACENT_CHARS)
            near = False
        if near or not names:
            raise InvalidData(f"triage rules: a pattern ends too early: {pattern!r}")
        return Chain(tuple(names), tuple(room), frozenset(names))

    def _known(self, token: str) -> str:
        if token not in self._groups and token not in self._phrases:
            words = token.split("|")
            if token.isascii() or any(word.isascii() and word in self._names for word in words):
                raise InvalidData(f"triage rules: nobody defined {token!r}, or it mixes names and words")
            self._groups[token] = words
        return token


def _spelling(data: Mapping[str, Any]) -> Spelling:
    faces, marks = data["faces"], data["marks"]
    simplified = _pairs("".join(data["traditional"].split()), "".join(data["simplified"].split()))
    return build_spelling(
        Tables(
            characters={sign: marks.get(simple, simple) for sign, simple in simplified.items()} | marks,
            harmless=_words(data["harmless"]),
            faces=_words(faces["telling"]) + _words(faces["silent"]),
            face_codes=_pairs(faces["codes"].split(), faces["coded"].split()),
            face_words=faces["words"],
            words_after=faces["after"],
            sounds=data["sounds"],
            pinyin=data["pinyin"],
            homophones={other: word for word, others in data["homophones"].items() for other in _words(others)},
        )
    )


def _pairs(written: Iterable[str], read: Iterable[str]) -> dict[str, str]:
    return dict(zip(written, read, strict=True))


def _words(text: str) -> list[str]:
    """Words parted by white space; "_" inside a word stands for a blank."""
    return [word.replace("_", " ") for word in _some(text.split(), "a list of words")]


def _some[T](items: Iterable[T], where: str) -> list[T]:
    if not isinstance(items, list) or not items:
        raise InvalidData(f"triage: {where} is empty or not a list")
    return items
