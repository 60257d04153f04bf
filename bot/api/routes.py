"""Puts the API on the site."""

from __future__ import annotations

from fastapi import FastAPI

from bot.api import articles, call_backs, conversations, events, files, letters, media, notes, passing, reveals, tokens
from bot.desk import DeskPorts


def install(site: FastAPI, ports: DeskPorts) -> None:
    """Put the API on the site."""
    site.state.api = ports
    for room in (tokens, conversations, reveals, call_backs, passing, notes, media, files, letters, events, articles):
        site.include_router(room.routes)
