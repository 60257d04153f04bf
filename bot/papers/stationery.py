"""The office's templates, filled: answers of a flow in, papers out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Literal

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from bot.conversation.case_letters import CaseLetter
from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.flows import Answer
from bot.conversation.payments import Payment
from bot.papers.contents import Sheet, sheets
from bot.papers.letter import TITLES, letter_values
from bot.papers.press import Press

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}

FileKind = Literal["docx", "pdf"]

_BROKEN = (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError)
"""What an expression in a template may raise, or XML that is none."""


@dataclass(frozen=True)
class Paper:
    """A paper to hand over; `name` is the file's name without its ending, and tells a stranger little.

    Either file is made when first asked for, which takes seconds where there are hundreds of payments.
    """

    name: str
    fill: Callable[[], bytes] = field(repr=False, compare=False)
    press: Press = field(repr=False, compare=False)

    @cached_property
    def docx(self) -> bytes:
        """The Word file; raises InvalidData for a template that cannot be filled."""
        return self.fill()

    @cached_property
    def pdf(self) -> bytes:
        """The same as PDF; raises InvalidData."""
        return self.press.pdf(self.docx)

    def file(self, kind: FileKind) -> bytes:
        """The one asked for; raises InvalidData."""
        return self.docx if kind == "docx" else self.pdf


class Stationery:
    """The templates by their names, such as `protection_order`, and the press."""

    def __init__(self, templates: Mapping[str, bytes], press: Press) -> None:
        self._templates = templates
        self._press = press

    @staticmethod
    def open(data: Path) -> Stationery:
        """What lies in `templates` and `fonts` of this folder; raises NotFound."""
        templates = {path.stem: path.read_bytes() for path in sorted((data / "templates").glob("*.docx"))}
        return Stationery(templates, Press(data / "fonts"))

    def make_papers(
        self, flow: str, answers: Mapping[str, Answer], on: date, payments: Sequence[Payment] = ()
    ) -> list[Paper]:
        """The papers of a flow, dated `on`; what was not answered is a blank line.

        Raises NotFound for a flow without papers or a template that is not there. Raises InvalidData for answers that
        no paper is made of (too long, too many, spent by a grown-up).
        """
        return [self._paper(sheet) for sheet in sheets(flow, answers, on, tuple(payments))]

    def make_letter(self, letter: CaseLetter) -> Paper:
        """A letter to another office, with its reply slip; raises NotFound for a template that is not there."""
        return self._paper(Sheet("case_letter", f"{TITLES[letter.status]}{letter.number}", letter_values(letter)))

    def _paper(self, sheet: Sheet) -> Paper:
        if sheet.template not in self._templates:
            raise NotFound(f"no template {sheet.template}.docx")
        return Paper(sheet.name, partial(self._filled, sheet), self._press)

    def _filled(self, sheet: Sheet) -> bytes:
        filled = io.BytesIO()
        try:
            template = DocxTemplate(io.BytesIO(self._templates[sheet.template]))
            template.render(sheet.context, SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
            template.save(filled)
        except TemplateError as error:
            raise InvalidData(f"template {sheet.template}.docx: {error.message}") from None
        except (*_BROKEN, zipfile.BadZipFile, PackageNotFoundError) as error:
            raise InvalidData(f"template {sheet.template}.docx: {type(error).__name__}") from None
        return filled.getvalue()
