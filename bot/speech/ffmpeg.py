"""Conversion by ffmpeg, in a process of its own with bounded time and memory: the input comes from strangers."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping

from imageio_ffmpeg import get_ffmpeg_exe

from bot.conversation.errors import InvalidData
from bot.conversation.media import Body

LONGEST_S = 120
"""The platform's voice messages end at 60 s (wechat.md section 7)."""

_PATIENCE_S = 60.0
_MAX_MEMORY_BYTES = 1_500_000_000
_MAX_CPU_S = 30

_DEMUXERS: Mapping[str, str] = {"audio/amr": "amr", "audio/amr-wb": "amr", "audio/ogg": "ogg", "audio/mpeg": "mp3"}


class FfmpegConverter:
    """See `ports.AudioConverter`."""

    async def playable(self, body: Body) -> Body:
        demuxer = _DEMUXERS.get(body.content_type)
        if demuxer is None:
            raise InvalidData(f"no sound: {body.content_type}")
        sound = await _run(_arguments(demuxer), body.data)
        if not sound:
            raise InvalidData("not converted: nothing to hear")
        return Body("audio/mpeg", sound)


def _arguments(demuxer: str) -> list[str]:
    read = ["-f", demuxer, "-protocol_whitelist", "pipe", "-i", "pipe:0"]
    write = ["-map", "0:a:0", "-ac", "1", "-ar", "16000", "-t", str(LONGEST_S), "-f", "mp3", "-b:a", "48k", "pipe:1"]
    return [
        *_limits(),
        get_ffmpeg_exe(),
        "-nostdin",
        "-hide_banner",
        "-loglevel",
        "error",
        "-threads",
        "1",
        *read,
        *write,
    ]


def _limits() -> list[str]:
    prlimit = shutil.which("prlimit")
    return [prlimit, f"--as={_MAX_MEMORY_BYTES}", f"--cpu={_MAX_CPU_S}", "--"] if prlimit else []


async def _run(arguments: list[str], data: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # it quotes what the file says of itself
    )
    try:
        async with asyncio.timeout(_PATIENCE_S):
            sound, _ = await process.communicate(data)
    except TimeoutError:
        raise InvalidData("not converted: too slow") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise InvalidData("not converted: unreadable")
    return sound
