"""Files that stand in for what a phone would record or photograph, and for the picture of a QR code."""

import hashlib
import struct
import zlib
from pathlib import Path

AMR = "audio/amr"
THUMB = (Path(__file__).parent / "static" / "thumb.jpg").read_bytes()
VIDEO = b"\0\0\0\x18ftypisom\0\0\2\0isommp41\0\0\0\x08mdat"

_AMR_HEAD = b"#!AMR\n"
_NO_DATA = b"\x7c"
_FRAMES_PER_SECOND = 50
# Bytes of an AMR-NB frame with its first byte, by frame type (RFC 4867, table 1a and section 5.3).
_FRAME_BYTES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 1, 1, 1, 1, 1, 1, 1)


def silence(seconds: int) -> bytes:
    """A voice recording in which nothing is heard."""
    return _AMR_HEAD + _NO_DATA * (_FRAMES_PER_SECOND * seconds)


def amr_seconds(content: bytes) -> float:
    """How long an AMR-NB recording plays."""
    place, frames = len(_AMR_HEAD), 0
    while place < len(content):
        place += _FRAME_BYTES[content[place] >> 3 & 0xF]
        frames += 1
    return frames / _FRAMES_PER_SECOND


def picture(width: int = 240, height: int = 160) -> bytes:
    """A PNG of an evening sky."""
    rows = [bytes((120 + 90 * y // height, 140 + 50 * y // height, 190 - 20 * y // height)) for y in range(height)]
    return _png(width, [b"\0" + row * width for row in rows])


def code(ticket: str) -> bytes:
    """A PNG that stands for the QR code of a ticket; no camera can read it."""
    digest = hashlib.sha512(ticket.encode()).digest()
    bits = "".join(f"{byte:08b}" for byte in digest)
    cells = [[bits[(31 * y + x) % len(bits)] == "1" for x in range(21)] for y in range(21)]
    rows = []
    for line in cells:
        row = b"".join((b"\0\0\0" if cell else b"\xff\xff\xff") * 10 for cell in line)
        rows += [b"\0" + row] * 10
    return _png(210, rows)


def _png(width: int, rows: list[bytes]) -> bytes:
    head = struct.pack("!IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    chunks = (
        struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data)) for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
