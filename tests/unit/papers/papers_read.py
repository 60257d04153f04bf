"""Answers of every flow, a bill, and papers read back."""

from __future__ import annotations

import ctypes
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from docx import Document
from docx.oxml.ns import qn

from bot.conversation.clock import HUNAN
from bot.conversation.flows import Answer
from bot.conversation.payments import PayChannel, Payment, SpendingKind

DATA = Path(__file__).parents[3] / "data"
ON = date(2026, 11, 22)
FOOTER = re.compile(r"第\d+页共\d+页")

HAPPENED = (
    "十一月十五日晚上十点多，他喝了酒回来，把我从床上拖到地上，又掐住我的脖子。\n女儿在旁边哭，邻居敲门他才松手。"
)

ANSWERS: Mapping[str, Mapping[str, Answer]] = {
    "protection_order": {
        "for_whom": "self",
        "relation": "husband",
        "happened": HAPPENED,
        "last_time": "2026-11-15",
        "before": "结婚以后打过很多次。",
        "injuries": "脖子上有掐痕，第二天去了区医院。",
        "threats": "他说敢离婚就让我全家不得安生。",
        "children": "一个女儿，七岁。",
        "evidence": ["police", "medical", "邻居家的监控", "nothing_more"],
        "asks": ["no_contact", "move_out", "keep_away"],
        "court": "岳麓区",
        "applicant": "王小梅",
        "respondent": "李大强",
    },
    "safety_check": {"choking": "yes", "children": "unsure", "pregnancy": "no", "weight": 9, "level": "high"},
    "child_game_refund": {
        "child_age": 9,
        "knew": "no",
        "kind": "game",
        "platform": {"name": "王者荣耀", "kind": "game"},
        "sum": 5000,
        "first_on": "2026-03-01",
        "last_on": "2026-05",
        "account_of": "parent",
        "found_on": "2026-05-04",
        "asked_platform": "refused",
    },
    "divorce_path": {
        "violence": "yes",
        "way": "agreement",
        "applied_on": "2026-11-01",
        "children": ["7", "12"],
        "income": {"low": 8000, "high": 9000, "about": True},
        "debts": "yes",
        "assets": ["house", "land"],
    },
}


def payment(
    place: int = 0, fen: int = 64_800, merchant: str = "深圳市腾讯天游科技有限公司", item: str = "点券"
) -> Payment:
    """The payment of this place in a bill, 31 hours after the one before it."""
    return Payment(
        at=datetime(2026, 3, 1, 19, 3, tzinfo=HUNAN) + timedelta(hours=31 * place),
        amount=fen,
        merchant=merchant,
        item=item,
        channel=PayChannel.WECHAT,
        reference=f"4200001900{place:04d}",
        kind=SpendingKind.GAME,
    )


def docx_lines(docx: bytes) -> list[str]:
    """Every paragraph, those of tables too, without any space."""
    body = Document(io.BytesIO(docx)).element.body
    return [_squeezed("".join(text.text or "" for text in one.iter(qn("w:t")))) for one in body.iter(qn("w:p"))]


def pdf_text(pdf: bytes) -> str:
    """What a reader finds in the PDF, without any space and without the pages' numbers."""
    return FOOTER.sub("", "".join(_squeezed(page.get_textpage().get_text_range()) for page in pages(pdf)))


def pages(pdf: bytes) -> Iterator[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(pdf)
    yield from (document[number] for number in range(len(document)))


def faces(pdf: bytes) -> set[tuple[str, bool]]:
    """The typefaces of all that is written, and whether each is embedded."""
    return {face for page in pages(pdf) for face in _faces_of(page)}


def _faces_of(page: pypdfium2.PdfPage) -> Iterator[tuple[str, bool]]:
    """PDFium frees a font with its page: what is asked of it is asked here."""
    for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        font = pdfium.FPDFTextObj_GetFont(one.raw)
        yield _name_of(font), bool(pdfium.FPDFFont_GetIsEmbedded(font))


def _name_of(font: pdfium.FPDF_FONT) -> str:
    name = ctypes.create_string_buffer(100)
    pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
    return name.value.decode()


def _squeezed(text: str) -> str:
    return re.sub(r"\s|\ufffe", "", text)
