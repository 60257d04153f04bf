"""Reading the rule file: TOML text in, compiled rules out, or a clear refusal."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from bot.conversation.errors import InvalidData
from bot.conversation.levels import Level, Topic
from bot.triage.judgement import Danger
from bot.triage.rules import NEGATION, Rule, Rules, Together, Veto
from bot.triage.scene import ADJACENT_CHARS, NEAR_CHARS, Chain, Grammar, Lexicon
from bot.triage.spelling import Spelling, build_spelling

TOGETHER_CHARS = 40  # two or three clauses of a chat message
ANYWHERE_CHARS = 1_000_000


def load_rules(text: str) -> Rules:
    """Compile the text of a rule file; its own head explains the notation.

    Raises InvalidData when the text is not TOML, a part is missing, or a rule names what nobody defined.
    """
    try:
        return _Reader(tomllib.loads(text)).rules()
    except tomllib.TOMLDecodeError as error:
        raise InvalidData(f"triage rules: not TOML: {error}") from error
    except KeyError as error:
        raise InvalidData(f"triage rules: {error} is missing") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise InvalidData(f"triage rules: {error}") from error


class _Reader:
    """Compiles a parsed file; words written inside a pattern become groups named after themselves."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
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
            spelling=_spelling(self._data["spelling"]),
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


def _spelling(table: Mapping[str, Any]) -> Spelling:
    traditional, simplified = table["traditional"].split(), table["simplified"].split()
    characters = dict(zip("".join(traditional), "".join(simplified), strict=True)) | table["marks"]
    homophones = {other: word for word, others in table["homophones"].items() for other in _words(others)}
    return build_spelling(characters, table["sounds"], homophones)


def _words(text: str) -> list[str]:
    """Words parted by white space; "_" inside a word stands for a blank."""
    return [word.replace("_", " ") for word in _some(text.split(), "a list of words")]


def _some[T](items: Iterable[T], where: str) -> list[T]:
    if not isinstance(items, list) or not items:
        raise InvalidData(f"triage rules: {where} is empty or not a list")
    return items
