"""What CONTRIBUTING.md asks of every file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CODE = [path for room in ("bot", "simulator", "components", "actions") for path in sorted((ROOT / room).rglob("*.py"))]
MODULES = [path for path in CODE if not {".venv", "versions"} & set(path.parts)]
ROOMS = sorted(
    {path.parent for path in MODULES if (path.parent / "__init__.py").exists() and path.parent.name != "bot"}
)
PARTS = {"bootstrap", "migrations", "repositories"}
"""Parts of a room, or of the composition root, which have no README of their own."""


def _named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("module", MODULES, ids=_named)
def test_module_opens_with_a_sentence_and_keeps_its_size(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert (ast.get_docstring(tree) or "").strip().splitlines()[0].rstrip().endswith((".", ":")), "no opening sentence"
    assert len(text.splitlines()) <= 400
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is longer than the screen"


@pytest.mark.parametrize("room", [room for room in ROOMS if room.name not in PARTS], ids=_named)
def test_room_says_its_job_in_ten_lines(room: Path) -> None:
    lines = (room / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 10
    words = "\n".join(lines)
    assert "import" in words
    assert "Must never" in words


def test_every_setting_and_command_is_on_a_page() -> None:
    pages = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    settings = re.findall(r"^    (\w+): .*= ?Field\(", (ROOT / "bot/settings.py").read_text(encoding="utf-8"), re.M)
    assert len(settings) > 10
    missing = [name for name in settings if f"NIANGJIA_{name.upper()}" not in pages]
    assert not missing, f"not in docs/: {missing}"
    commands = re.findall(
        r"^@(?:\w+_)?app\.command\(.*\)\ndef (\w+)", (ROOT / "bot/__main__.py").read_text("utf-8"), re.M
    )
    assert len(commands) > 8
    typed = _commands_as_typed(pages)
    missing = [name for name in commands if not any(f"niangjia {name.replace('_', joint)}" in typed for joint in " -")]
    assert not missing, f"not in docs/: {missing}"


def _commands_as_typed(pages: str) -> str:
    return re.sub(r"\s+", " ", pages)
