"""Pages and assets load nothing from elsewhere, and nothing inline that the policy would block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import bot

ROOMS = Path(bot.__file__).parent
TEMPLATES = sorted([*ROOMS.glob("web/templates/*.html"), *ROOMS.glob("console/templates/*.html")])
OWN_ASSETS = sorted(path for path in ROOMS.glob("web/static/**/*") if path.is_file() and "vendor" not in path.parts)
VENDOR = {
    f"/static/vendor/{name}" for name in ("htmx.min.js", "sse.min.js", "idiomorph-ext.min.js", "chart.umd.min.js")
}


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline_unescaped_or_foreign(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|hx-on|hx-vars|js:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"\|\s*safe|autoescape|Markup", text)
    assert not re.search(r"""(src|href|action|hx-\w+)=["']\s*(https?:)?//""", text)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_what_a_template_names_is_there(template: Path) -> None:
    for path in re.findall(r'"(/static/[^"]+)"', template.read_text(encoding="utf-8")):
        assert path in VENDOR or (ROOMS / "web" / path.lstrip("/")).is_file(), path


@pytest.mark.parametrize("asset", OWN_ASSETS, ids=lambda path: path.name)
def test_an_asset_of_ours_names_no_other_host(asset: Path) -> None:
    text = asset.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|@import|\beval\(|new Function|innerHTML", text)


def test_every_module_of_the_desk_is_there() -> None:
    scripts, entries = ROOMS / "web/static/js", ("desk.js", "cases.js", "charts.js", "everywhere.js")
    imported = re.compile(r'^import (?:.* from )?"\./(\w+\.js)"', re.MULTILINE)
    names = [name for path in scripts.glob("*.js") for name in imported.findall(path.read_text())]
    assert {path.name for path in scripts.glob("*.js")} == {*names, *entries, "here_worker.js"}
