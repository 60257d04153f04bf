"""How long an AMR or MP3 sound lasts, by its frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator

_AMR_MAGIC = b"#!AMR\n"
_AMR_FRAME_S = 0.02
_AMR_FRAME_BYTES = (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1)
"""By the frame's type, its first byte included (RFC 4867, section 5.3); 0: no such type."""

_ID3_HEADER_BYTES = 10
_MPEG_1, _LAYER_3 = 3, 1
_MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second, by the version of MPEG in the frame's header."""
_MP3_KBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_KBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)

type Frame = tuple[int, float]
"""Bytes and seconds."""


def amr_seconds(data: bytes) -> float | None:
    """The length of an AMR sound; None if it is none."""
    if not data.startswith(_AMR_MAGIC):
        return None
    return _length(data, len(_AMR_MAGIC), _amr_frame)


def mp3_seconds(data: bytes) -> float | None:
    """The length of an MP3 sound, with or without an ID3 tag in front; None if it is none."""
    return _length(data, _behind_tag(data), _mp3_frame)


def _length(data: bytes, start: int, read: Callable[[bytes], Frame | None]) -> float | None:
    seconds = list(_seconds(data, start, read))
    return sum(seconds) if seconds else None


def _seconds(data: bytes, at: int, read: Callable[[bytes], Frame | None]) -> Iterator[float]:
    while (frame := read(data[at : at + 4])) is not None:
        size, seconds = frame
        yield seconds
        at += size


def _amr_frame(head: bytes) -> Frame | None:
    size = _AMR_FRAME_BYTES[head[0] >> 3 & 15] if head else 0
    return (size, _AMR_FRAME_S) if size else None


def _mp3_frame(head: bytes) -> Frame | None:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer, padding = head[1] >> 3 & 3, head[1] >> 1 & 3, head[2] >> 1 & 1
    kbits_at, rate_at = head[2] >> 4, head[2] >> 2 & 3
    if layer != _LAYER_3 or version not in _MP3_RATES or rate_at == 3 or kbits_at in (0, 15):
        return None
    rate = _MP3_RATES[version][rate_at]
    kbits, samples = (_MP3_KBITS_1, 1152) if version == _MPEG_1 else (_MP3_KBITS_2, 576)
    return samples // 8 * kbits[kbits_at] * 1000 // rate + padding, samples / rate


def _behind_tag(data: bytes) -> int:
    """Where the sound begins; the tag's size is written in four bytes of seven bits (ID3v2)."""
    if not data.startswith(b"ID3") or len(data) < _ID3_HEADER_BYTES:
        return 0
    size = 0
    for byte in data[6:_ID3_HEADER_BYTES]:
        size = size << 7 | byte & 0x7F
    return _ID3_HEADER_BYTES + size
