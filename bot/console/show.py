"""The templates of the operators' pages."""

from __future__ import annotations

from pathlib import Path

from bot.console.case_wording import CASE_NAMES
from bot.console.roster_screen import ROSTER_NAMES
from bot.console.screens import TEMPLATE_NAMES
from bot.web.pages import Pages

pages = Pages(Path(__file__).parent / "templates", names={**TEMPLATE_NAMES, **CASE_NAMES, **ROSTER_NAMES})
