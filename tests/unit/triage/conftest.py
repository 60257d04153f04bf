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
RULE_FILE = HERE.parents[2] / "data" / "triage" / "rules.toml"


@pytest.fixture(scope="session")
def rule_text() -> str:
    return RULE_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def rules(rule_text: str) -> Rules:
    return load_rules(rule_text)


@pytest.fixture(scope="session")
def table() -> Callable[[str], list[dict[str, Any]]]:
    """A table of messages by its name: one JSON object a line."""

    @cache
    def read(name: str) -> list[dict[str, Any]]:
        lines = (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    return read
