"""Papers: what she answered in a flow, as Word files of the office's templates and as PDF; pure."""

from bot.papers.press import Press as Press
from bot.papers.stationery import Paper as Paper
from bot.papers.stationery import Stationery as Stationery
