"""How a thing done in a case ends: back on its page, or with words for why it could not be done."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Annotated, Any

from fastapi import Form, Path
from fastapi.responses import RedirectResponse, Response

from bot.conversation.errors import Conflict, Forbidden, InvalidData
from bot.web.errors import Told

CaseId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Words = Annotated[str, Form()]

_NOT_NOW = (
    "办件刚刚变了，或者还差一步（还没有强制报告，约好的回访还没有填结果，期限已过不能延长），这一步现在不能做。"
    "请看最新情况。"
)
_LACKING = (
    "还没有填全：转送、转交要选单位，答复、备注和理由要写字（最多2000字），报告要有编号，日期要对。"
    "没有保存，请补上再交。"
)
_FOR_SUPERVISORS = Told(403, "这一步要督导来做。")


async def done(
    case_id: str, deed: Coroutine[Any, Any, object], *, lacking: str = _LACKING, forbidden: Told = _FOR_SUPERVISORS
) -> Response:
    """The case's page once the deed is done; raises Told where it cannot be."""
    try:
        await deed
    except InvalidData:
        raise Told(422, lacking) from None
    except Forbidden:
        raise forbidden from None
    except Conflict:
        raise Told(409, _NOT_NOW) from None
    return RedirectResponse(f"/desk/cases/{case_id}", 303)
