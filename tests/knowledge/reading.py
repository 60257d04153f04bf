"""What the lint looks at: the articles, file by file, the laws and numbers they may name, and what leads to them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.conversation.errors import InvalidData
from bot.conversation.levels import Topic
from bot.knowledge.articles import Article, parse_article
from tests.knowledge.laws import Laws

ROOT = Path(__file__).parents[2]

_TOPICS = tuple(topic.value for topic in Topic)
_KEY = re.compile(rf"[\"'\s:\[]((?:{'|'.join(_TOPICS)})/[a-z0-9_]+)")
_ROOTS = ("bot/**/*.py", "actions/*.py", "domain.yml", "data/rules/*.yml", "data/menu.yml")


@dataclass(frozen=True)
class File:
    """One file of an article: its name, and what was read of it; `fault` is why it could not be."""

    name: str
    article: Article | None
    fields: frozenset[str]
    fault: str | None


@dataclass(frozen=True)
class Base:
    """Everything together. `named` are the keys that code, rules and menu name, besides those of the intents."""

    files: tuple[File, ...]
    laws: Laws
    hotlines: frozenset[str]
    intents: frozenset[str]
    named: frozenset[str]
    regions: frozenset[str]

    @property
    def articles(self) -> list[tuple[str, Article]]:
        """The articles that could be read, with the names of their files."""
        return [(file.name, file.article) for file in self.files if file.article is not None]

    @property
    def keys(self) -> frozenset[str]:
        """The keys of the articles, also of those that could not be read."""
        return frozenset(file.name for file in self.files if "@" not in file.name)


def read(root: Path = ROOT) -> Base:
    """The whole base of this checkout."""
    folder = root / "data/knowledge"
    files = [
        read_file(path.relative_to(folder).with_suffix("").as_posix(), path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*/*.md"))
    ]
    return Base(
        files=tuple(files),
        laws=Laws.parse((root / "data/laws.yml").read_text(encoding="utf-8")),
        hotlines=frozenset(row["number"] for row in _yaml(root / "data/hotlines.yml")["hotlines"]),
        intents=frozenset(_intents(_yaml(root / "domain.yml"))),
        named=frozenset(_named(path for pattern in _ROOTS for path in root.glob(pattern))),
        regions=frozenset(str(row["code"]) for row in _yaml(root / "data/regions.yml")["regions"]),
    )


def read_file(name: str, text: str) -> File:
    """One file; what is wrong with it is told, never raised."""
    try:
        article = parse_article(name, text)
    except InvalidData as error:
        return File(name, None, frozenset(), str(error))
    return File(name, article, frozenset(yaml.load(text.split("---\n", 2)[1], yaml.CSafeLoader)), None)


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _intents(domain: Mapping[str, Any]) -> Iterable[str]:
    """Those with an answer; the others belong to flows and are answered by them."""
    names = (row if isinstance(row, str) else next(iter(row)) for row in domain["intents"])
    return (name for name in names if f"utter_{name}" in domain["responses"])


def _named(paths: Iterable[Path]) -> Iterable[str]:
    return (key for path in paths for key in _KEY.findall(path.read_text(encoding="utf-8")))
