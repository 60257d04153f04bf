"""Use cases of the office's file: opened with a handoff, moved along the workflow."""

from bot.cases.files import advance as advance
from bot.cases.files import register as register
