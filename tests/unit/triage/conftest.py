"""The rules as they are shipped."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot.triage import Rules, load_rules

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "data"


@pytest.fixture(scope="session")
def rule_text() -> str:
    return (DATA / "triage" / "rules.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def spelling_text() -> str:
    return (DATA / "spelling.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def rules(rule_text: str, spelling_text: str) -> Rules:
    return load_rules(rule_text, spelling_text)


@pytest.fixture(scope="session")
def table() -> Callable[[str], list[dict[str, Any]]]:
    """A table of messages by its name: one JSON object a line."""

    @cache
    def read(name: str) -> list[dict[str, Any]]:
        lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    return read
