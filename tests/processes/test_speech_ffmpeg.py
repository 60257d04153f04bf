"""The platform's voice format becomes one that a browser plays, by the real ffmpeg."""

from __future__ import annotations

import subprocess

import pytest
from imageio_ffmpeg import get_ffmpeg_exe

from bot.conversation.errors import InvalidData
from bot.conversation.media import Body
from bot.speech import FfmpegConverter

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def amr() -> bytes:
    """Two seconds of a tone, as a phone records it."""
    tone = ["-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-ar", "8000", "-ac", "1", "-f", "amr", "pipe:1"]
    return subprocess.run([get_ffmpeg_exe(), "-loglevel", "error", *tone], capture_output=True, check=True).stdout


def seconds_of(sound: bytes) -> float:
    """How long it plays, by what decoding it gives: 16 bits a sample, 16,000 a second."""
    raw = ["-i", "pipe:0", "-f", "s16le", "-ar", "16000", "-ac", "1", "pipe:1"]
    arguments = [get_ffmpeg_exe(), "-loglevel", "error", *raw]
    return len(subprocess.run(arguments, input=sound, capture_output=True, check=True).stdout) / 32_000


@pytest.mark.wechat("7.12")
async def test_amr_becomes_mp3_of_the_same_length(amr: bytes) -> None:
    assert amr.startswith(b"#!AMR\n")
    sound = await FfmpegConverter().playable(Body("audio/amr", amr))
    assert sound.content_type == "audio/mpeg"
    assert seconds_of(sound.data) == pytest.approx(2, abs=0.3)


async def test_a_voice_that_breaks_off_plays_as_far_as_it_goes(amr: bytes) -> None:
    sound = await FfmpegConverter().playable(Body("audio/amr", amr[: len(amr) // 2]))
    assert seconds_of(sound.data) == pytest.approx(1, abs=0.3)


@pytest.mark.parametrize(
    "body",
    [
        Body("audio/ogg", b"OggS" + bytes(range(256)) * 40),
        Body("audio/amr", b"file:///etc/passwd"),
        Body("image/jpeg", b"\xff\xd8\xff"),
    ],
)
async def test_what_is_no_sound_is_refused(body: Body) -> None:
    with pytest.raises(InvalidData):
        await FfmpegConverter().playable(body)
