"""What the API needs, by the request."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from bot.desk import DeskPorts


async def _ports(request: Request) -> DeskPorts:  # async: others are given a thread for each request
    ports: DeskPorts = request.app.state.api
    return ports


Ports = Annotated[DeskPorts, Depends(_ports)]
