"""One wording of a vetted answer, kept for as long as what was told is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """The words of an article at one time. `key` and `version` name it for good; `body` has its placeholders."""

    key: str
    version: str
    title: str
    body: str
    first_seen_at: datetime

    @property
    def reference(self) -> str:
        """How a message names what it was made of: key@version."""
        return reference(self.key, self.version)


def reference(key: str, version: str) -> str:
    """How a message names the wording that it was made of: divorce/cooling_off@3f2a9c81."""
    return f"{key}@{version}"


def key_and_version(named: str) -> tuple[str, str | None]:
    """Of such a name, its key and its version; None where none was noted."""
    key, _, version = named.partition("@")
    return key, version or None
