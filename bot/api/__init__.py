"""JSON API v1."""

from bot.api.routes import install as install
