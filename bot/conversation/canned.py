"""Canned replies (常用语): words that operators keep at hand, with places that the conversation fills."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.conversation.errors import InvalidData

MAX_TITLE = 20
MAX_CANNED = 600
"""The longest words, in characters: one message (2047 bytes at three bytes a character)."""

PLACES: Mapping[str, str] = {
    "account": "公众号的名字",
    "hotline": "她那里的热线号码",
    "operator": "您的名字",
    "case": "办件编号",
    "office": "她那里的妇联",
    "today": "今天的日期",
}
"""What the words may leave open, as `{name}`, and what stands there when they are used."""

_PLACE = re.compile(r"[{｛]([^}｝\n]*)[}｝]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(slots=True)
class CannedReply:
    """Words kept at hand: everybody's, or with `staff_id` one operator's own. They name nobody who writes to us."""

    id: str
    staff_id: str | None
    title: str
    text: str
    updated_at: datetime

    def check(self) -> None:
        """Raise InvalidData, with words for who wrote it, if it lacks something or leaves an unknown place open."""
        if not 0 < len(self.title) <= MAX_TITLE:
            raise InvalidData(f"标题须为 1 到 {MAX_TITLE} 字")
        if not 0 < len(self.text) <= MAX_CANNED:
            raise InvalidData(f"内容须为 1 到 {MAX_CANNED} 字")
        if _CONTROL.search(self.title + self.text):
            raise InvalidData("里面有看不见的控制字符，请删掉重新写")
        unknown = [name for name in map(str.strip, _PLACE.findall(self.text)) if name not in PLACES]
        if unknown:
            known = "、".join(f"{{{name}}}" for name in PLACES)
            raise InvalidData(f"不认识“{{{unknown[0]}}}”，可以用的有：{known}")

    def filled(self, values: Mapping[str, str]) -> str:
        """The words for one conversation; a place without a value stays visible as 【办件编号】."""

        return "".join(values.get(one) or f"【{PLACES[one]}】" if is_place else one for one, is_place in self.pieces())

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The words as they are and the names of their places, in turn; with each whether it is such a name."""
        for number, piece in enumerate(_PLACE.split(self.text)):
            is_place = number % 2 == 1
            yield piece.strip() if is_place else piece, is_place

    def answers(self, query: str) -> bool:
        """Whether each of these words is in it."""
        here = f"{self.title}\n{self.text}".casefold()
        return all(word in here for word in query.casefold().split())
