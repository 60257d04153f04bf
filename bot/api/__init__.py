"""JSON API v1."""

from bot.api.ports import ApiPorts as ApiPorts
from bot.api.routes import install as install
