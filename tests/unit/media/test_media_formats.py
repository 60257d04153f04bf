"""A file is what its first bytes say, and nothing else is taken."""

from __future__ import annotations

import pytest

from bot.conversation.errors import InvalidData
from bot.conversation.media import Body, MediaKind
from bot.media.formats import MAX_BYTES, checked, content_type_of

MP4 = b"\x00\x00\x00\x18ftypmp42rest"


@pytest.mark.wechat("7.10")
@pytest.mark.parametrize(
    ("kind", "start", "content_type"),
    [
        (MediaKind.IMAGE, b"\xff\xd8\xff\xe0", "image/jpeg"),
        (MediaKind.IMAGE, b"\x89PNG\r\n\x1a\n", "image/png"),
        (MediaKind.IMAGE, b"GIF89a", "image/gif"),
        (MediaKind.VOICE, b"#!AMR\n\x3c", "audio/amr"),
        (MediaKind.VOICE, b"#!AMR-WB\n", "audio/amr-wb"),
        (MediaKind.VOICE, b"ID3\x04", "audio/mpeg"),
        (MediaKind.VOICE, b"\xff\xfb\x90", "audio/mpeg"),
        (MediaKind.VOICE, b"OggS\x00", "audio/ogg"),
        (MediaKind.VIDEO, MP4, "video/mp4"),
    ],
)
def test_the_first_bytes_tell_the_type(kind: MediaKind, start: bytes, content_type: str) -> None:
    assert content_type_of(kind, start + b"...") == content_type


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        (MediaKind.IMAGE, b"", "empty"),
        (MediaKind.IMAGE, b"<svg onload=alert(1)>", "wrong_type"),
        (MediaKind.IMAGE, b"MZ\x90\x00", "wrong_type"),
        (MediaKind.IMAGE, MP4, "wrong_type"),
        (MediaKind.VOICE, b"\xff\xd8\xff", "wrong_type"),
        (MediaKind.VIDEO, b"ftyp", "wrong_type"),
        (MediaKind.VOICE, b"#!AMR\n" + bytes(MAX_BYTES[MediaKind.VOICE]), "too_large"),
    ],
)
def test_anything_else_is_refused_with_a_code(kind: MediaKind, data: bytes, why: str) -> None:
    with pytest.raises(InvalidData, match=f"^{why}$"):
        content_type_of(kind, data)


@pytest.mark.wechat("7.10")
def test_what_a_header_claims_does_not_count() -> None:
    assert checked(MediaKind.IMAGE, Body("text/html", b"\xff\xd8\xff")) == Body("image/jpeg", b"\xff\xd8\xff")
