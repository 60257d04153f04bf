"""What hangs on a line beside its words: a file that is kept as evidence, or a page of the web."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import SplitResult, urlsplit

from bot.console.wording import FILE_REASONS, FILE_STATES
from bot.conversation.content import Card, Image, Link, Said
from bot.conversation.masking import hides
from bot.conversation.media import Media, MediaStatus

SHOWN_TITLE, SHOWN_DESCRIPTION = 120, 200
"""How many characters of a page's title and description are shown."""

_KILO = 1024
_DISGUISES = frozenset(' \\"<>')
"""What browsers and we would read differently in an address, so that the host shown were not the one opened."""


@dataclass(frozen=True, slots=True)
class File:
    """A picture, a sound or a video; `kind` is the platform's name of it, `reason` why it could not be kept.

    `elsewhere` is where the platform may still show it, given only if we could not keep it.
    """

    id: str
    kind: str
    status: str
    state: str
    reason: str | None
    size: str | None
    stored_at: datetime | None
    digest: str | None
    elsewhere: str | None

    @property
    def address(self) -> str:
        """Where the desk shows it."""
        return f"/media/{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the web; `address` is None unless it may safely be opened; `hides` if a number is hidden."""

    title: str = field(repr=False)
    description: str = field(repr=False)
    host: str
    address: str | None
    hides: bool


def file_of(media: Media, content: Said) -> File:
    """The file of a line."""
    kept = media.status is MediaStatus.STORED
    lost = media.status in (MediaStatus.REFUSED, MediaStatus.LOST)
    reason = media.reason or ""
    return File(
        id=media.id,
        kind=media.kind,
        status=media.status,
        state=FILE_STATES[media.status],
        reason=FILE_REASONS.get(reason, f"原因代码 {reason}") if lost and reason else None,
        size=size_words(media.size) if kept and media.size is not None else None,
        stored_at=media.stored_at if kept else None,
        digest=media.sha256 if kept else None,
        elsewhere=content.url if lost and isinstance(content, Image) and _split(content.url or "") else None,
    )


def page_of(content: Said, show: Callable[[str], str]) -> Page | None:
    """The page that she passed on, or that we sent her; `show` says what of its words is seen."""
    if not isinstance(content, Link | Card):
        return None
    parts = _split(content.url)
    host = parts.hostname or "" if parts else ""
    description = show(content.description or "")[:SHOWN_DESCRIPTION]
    hidden = hides(content.title) or hides(content.description or "")
    return Page(show(content.title)[:SHOWN_TITLE], description, host, content.url if parts else None, hidden)


def _split(url: str) -> SplitResult | None:
    """Only an address of the web whose host we read as a browser does: it must not run anything, nor be disguised."""
    if not url.isprintable() or set(url) & _DISGUISES:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts if parts.scheme in ("http", "https") and parts.hostname and parts.netloc.isascii() else None


def size_words(size: int) -> str:
    """812 B, 248 KB, 3.1 MB."""
    if size < _KILO:
        return f"{size} B"
    if size < _KILO**2:
        return f"{size / _KILO:.0f} KB"
    return f"{size / _KILO**2:.1f} MB"
