"""What the platform takes as a picture or sound of ours: kind, size and length, looked at before it is carried there.

The platform's page names two sizes for pictures; the smaller one always passes (wechat.md section 7).
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.errors import InvalidData
from bot.conversation.media import Body, MediaKind
from bot.gateway.sounds import amr_seconds, mp3_seconds

MAX_BYTES = 2 << 20
MAX_SECONDS = 60.0

_PICTURES = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"GIF87a": "gif", b"GIF89a": "gif"}
_CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "amr": "audio/amr", "mp3": "audio/mpeg"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the platform takes, under a name that tells its kind."""

    name: str
    body: Body


def checked(kind: MediaKind, body: Body) -> Upload:
    """The file as it is uploaded, its type by its bytes; raises InvalidData if the platform would not take it."""
    if not body.data or len(body.data) > MAX_BYTES:
        raise InvalidData(f"{kind}: 1 byte to 2 MB can be sent")
    match kind:
        case MediaKind.IMAGE:
            suffix = _picture(body.data)
        case MediaKind.VOICE:
            suffix = _sound(body.data)
        case MediaKind.VIDEO:
            raise InvalidData("a video cannot be sent")
    return Upload(f"{kind}.{suffix}", Body(_CONTENT_TYPES[suffix], body.data))


def _picture(data: bytes) -> str:
    for beginning, suffix in _PICTURES.items():
        if data.startswith(beginning):
            return suffix
    raise InvalidData("a picture must be JPG, PNG or GIF")


def _sound(data: bytes) -> str:
    for suffix, measure in (("amr", amr_seconds), ("mp3", mp3_seconds)):
        seconds = measure(data)
        if seconds is not None:
            if seconds > MAX_SECONDS:
                raise InvalidData("a sound may last 60 seconds")
            return suffix
    raise InvalidData("a sound must be AMR or MP3")
