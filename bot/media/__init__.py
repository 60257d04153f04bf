"""Pictures, voice and video of the people who write, kept as evidence."""

from bot.media.collector import Collector as Collector
from bot.media.collector import CollectorPorts as CollectorPorts
