"""What the operators' pages need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request

from bot.console.board import Board
from bot.conversation.canned import CannedReply
from bot.conversation.staff import Scope
from bot.desk import DeskPorts
from bot.store.alert_reads import AlertBoard, ShownAlert


class AlertReads(Protocol):
    """What is read of alerts; see `store.alert_reads`."""

    async def board(self, scope: Scope, staff_id: str, since: datetime) -> AlertBoard: ...
    async def over(self, scope: Scope, since: datetime) -> Sequence[ShownAlert]: ...


@dataclass(frozen=True, slots=True)
class ConsolePorts(DeskPorts):
    """What both faces of the desk need, and what only its pages show."""

    board: Board
    alert_reads: AlertReads
    canned: Sequence[CannedReply]
    """Those that came with the system."""


async def _ports(request: Request) -> ConsolePorts:  # async: others are given a thread for each request
    ports: ConsolePorts = request.app.state.console
    return ports


Ports = Annotated[ConsolePorts, Depends(_ports)]
