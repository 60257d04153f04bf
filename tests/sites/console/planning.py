"""Plans the duty of the staff as a supervisor does by the form of the page."""

from __future__ import annotations

from typing import Any

import httpx

from bot.conversation.staff import Staff


async def add(client: httpx.AsyncClient, member: Staff, *days: str, **form: Any) -> httpx.Response:
    """The form is sent with these days and, unless told otherwise, the hours of the office."""
    about = {"who": member.id, "day": list(days), "starts": "08:30", "ends": "17:30", **form}
    return await client.post("/desk/roster/add", data=about, headers={"HX-Request": "true"})
