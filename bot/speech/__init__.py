"""Voice messages made audible and readable."""

from bot.speech.ffmpeg import FfmpegConverter as FfmpegConverter
from bot.speech.transcriber import HttpTranscriber as HttpTranscriber
