"""What OpenAPI says of the API's errors."""

from __future__ import annotations

from typing import Any

from bot.api.models import Problem

ROOT = "/api/v1"

_WORDS = {
    401: "No valid token, or wrong credentials",
    403: "The caller's role or position does not allow this",
    404: "No such thing in the caller's scope",
    409: "Somebody else was first, or the step is not possible now",
    413: "The body is too large",
    422: "The request is malformed",
    429: "Too many wrong passwords; see Retry-After",
    503: "The database or Redis does not answer; try again",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of these statuses, for `responses`."""
    content = {"application/problem+json": {"schema": Problem.model_json_schema()}}
    return {status: {"description": _WORDS[status], "content": content} for status in statuses}
