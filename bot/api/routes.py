"""Puts the API on the site."""

from __future__ import annotations

from fastapi import FastAPI

from bot.api import (
    articles,
    call_backs,
    case_checks,
    case_work,
    conversations,
    events,
    files,
    letters,
    media,
    notes,
    passing,
    reveals,
    shares,
    team,
    tokens,
)
from bot.desk import DeskPorts

ROOMS = (
    tokens,
    conversations,
    reveals,
    call_backs,
    passing,
    notes,
    media,
    files,
    case_work,
    case_checks,
    shares,
    letters,
    events,
    articles,
    team,
)


def install(site: FastAPI, ports: DeskPorts) -> None:
    """Put the API on the site."""
    site.state.api = ports
    for room in ROOMS:
        site.include_router(room.routes)
