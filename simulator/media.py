"""Temporary media: what accounts upload and phones send, kept for three days."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator.clock import Clock
from simulator.errors import ApiError
from simulator.samples import AMR, amr_seconds
from simulator.switches import Switches

LIFETIME = timedelta(days=3)

VOICE_SECONDS = 60
# Nothing of the simulator may grow without end: beyond this the oldest files go before their time.
_ROOM_BYTES = 256 << 20

# Bytes and errcode by kind (uploading temporary media, as documented); a switch sets the limit of pictures.
_LIMITS: dict[str, tuple[int, int]] = {
    "image": (0, 40009),
    "voice": (2 << 20, 40010),
    "video": (10 << 20, 40011),
    "thumb": (64 << 10, 40012),
}
_SIGNATURES: dict[str, dict[bytes, str]] = {
    "image": {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"},
    "voice": {b"#!AMR": AMR, b"ID3": "audio/mpeg", b"\xff\xfb": "audio/mpeg"},
    "video": {b"ftyp": "video/mp4"},
    "thumb": {b"\xff\xd8\xff": "image/jpeg"},
}


@dataclass(frozen=True)
class Media:
    """One file on the platform."""

    id: str
    account_id: str
    kind: str
    mime: str
    content: bytes
    created: datetime


class MediaStore:
    """The files of all accounts."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock = clock
        self._switches = switches
        self._media: dict[str, Media] = {}
        self._bytes = 0

    def add(self, account_id: str, kind: str, content: bytes) -> Media:
        """Keep a file.

        ApiError 40004 unknown kind, 41005 empty, 40005 wrong format, 40009-40012 too big, 45007 voice too long.
        """
        if kind not in _LIMITS:
            raise ApiError(40004)
        if not content:
            raise ApiError(41005)
        limit, errcode = _LIMITS[kind]
        if len(content) > (limit or self._switches.image_limit_mb << 20):
            raise ApiError(errcode)
        mime = _mime(kind, content)
        if mime == AMR and amr_seconds(content) > VOICE_SECONDS:
            raise ApiError(45007)
        media = Media(secrets.token_urlsafe(48), account_id, kind, mime, content, self._clock.now())
        self._media[media.id] = media
        self._bytes += len(content)
        while self._bytes > _ROOM_BYTES:
            self._bytes -= len(self._media.pop(next(iter(self._media))).content)
        return media

    def get(self, account_id: str, media_id: str) -> Media:
        """A file of that account; ApiError 40007 when there is none or its three days are over."""
        media = self._media.get(media_id)
        if media is None or media.account_id != account_id or self._clock.now() >= media.created + LIFETIME:
            raise ApiError(40007)
        return media

    def kept(self) -> Iterable[Media]:
        """All files, the oldest first."""
        return self._media.values()

    def file(self, media_id: str) -> Media | None:
        """A file by its id alone: the address of a picture lives longer than its media_id."""
        return self._media.get(media_id)


def _mime(kind: str, content: bytes) -> str:
    # MP4 carries its mark behind the length of its first box.
    start = content[4:] if kind == "video" else content
    for signature, mime in _SIGNATURES[kind].items():
        if start.startswith(signature):
            return mime
    raise ApiError(40005)
