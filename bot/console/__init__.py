"""The operators' pages."""

from bot.console.ports import ConsolePorts as ConsolePorts
from bot.console.routes import install as install
