"""Which files are taken: told by their first bytes, for names and headers can say anything."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.errors import InvalidData
from bot.conversation.media import Body, MediaKind

MAX_BYTES: Mapping[MediaKind, int] = {
    MediaKind.IMAGE: 10_000_000,
    MediaKind.VOICE: 2_000_000,
    MediaKind.VIDEO: 10_000_000,
}
"""What the platform lets anybody send (wechat.md section 7), the larger of its two figures."""

_STARTS: Mapping[MediaKind, tuple[tuple[bytes, str], ...]] = {
    MediaKind.IMAGE: (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
    ),
    MediaKind.VOICE: (
        (b"#!AMR\n", "audio/amr"),
        (b"#!AMR-WB\n", "audio/amr-wb"),
        (b"ID3", "audio/mpeg"),
        (b"\xff\xfb", "audio/mpeg"),
        (b"\xff\xf3", "audio/mpeg"),
        (b"\xff\xf2", "audio/mpeg"),
        (b"OggS", "audio/ogg"),
    ),
    MediaKind.VIDEO: ((b"ftyp", "video/mp4"),),
}
_OFFSET = {MediaKind.VIDEO: 4}
"""An MP4 begins with the length of its first box."""


def content_type_of(kind: MediaKind, data: bytes) -> str:
    """The type that the bytes themselves tell, such as image/jpeg; raises InvalidData with a code as its text."""
    if not data:
        raise InvalidData("empty")
    if len(data) > MAX_BYTES[kind]:
        raise InvalidData("too_large")
    offset = _OFFSET.get(kind, 0)
    for start, content_type in _STARTS[kind]:
        if data.startswith(start, offset):
            return content_type
    raise InvalidData("wrong_type")


def checked(kind: MediaKind, body: Body) -> Body:
    """The bytes with their true type; raises InvalidData."""
    return Body(content_type_of(kind, body.data), body.data)
