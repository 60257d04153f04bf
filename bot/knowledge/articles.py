"""One vetted answer: a Markdown-less text with the law it rests on, parsed from its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import yaml

from bot.conversation.errors import InvalidData

MAX_CHARACTERS = 600
"""The longest body, so that one answer is one message (2047 bytes at three bytes a character)."""


class Grade(StrEnum):
    """How well the facts of an article are known; the weakest fact decides."""

    TEXT = "text"
    """Seen in the text of the law."""
    SECONDHAND = "secondhand"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class Citation:
    """A law, its article, and since when that wording is in force."""

    law: str
    article: str
    since: date


@dataclass(frozen=True, slots=True)
class Article:
    """One vetted answer. `key` is "<topic>/<name>"; `intent` is None for safety words and notices."""

    key: str
    title: str
    intent: str | None
    laws: tuple[Citation, ...]
    grade: Grade
    reviewed_on: date
    review_by: date
    related: tuple[str, ...]
    body: str


def parse_article(key: str, text: str) -> Article:
    """The article of a file's text; raises InvalidData naming the key and what is wrong with it."""
    try:
        _, front, body = text.split("---\n", 2)
        fields: Mapping[str, Any] = yaml.safe_load(front)
        article = Article(
            key=key,
            title=str(fields["title"]),
            intent=fields["intent"],
            laws=tuple(_parse_citation(law) for law in fields["laws"]),
            grade=Grade(fields["grade"]),
            reviewed_on=_date(fields["reviewed_on"]),
            review_by=_date(fields["review_by"]),
            related=tuple(fields.get("related") or ()),
            body=body.strip(),
        )
    except (ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise InvalidData(f"article {key}: {error}") from error
    if not 0 < len(article.body) <= MAX_CHARACTERS:
        raise InvalidData(f"article {key}: {len(article.body)} characters, allowed are 1 to {MAX_CHARACTERS}")
    return article


def _parse_citation(fields: Mapping[str, Any]) -> Citation:
    return Citation(law=str(fields["law"]), article=str(fields["article"]), since=_date(fields["since"]))


def _date(value: object) -> date:
    if not isinstance(value, date):
        raise ValueError(f"{value!r} is not a date such as 2026-11-22")
    return value
