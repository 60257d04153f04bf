"""What distinguishes one flow from another besides its questions: when it must stop, and what it ends in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Mapping

from actions.memory import Halt
from actions.questions import Answers, Flow, told


class Speaker(ABC):
    """Says things at the end of a flow."""

    @abstractmethod
    def say(self, response: str, **fills: Any) -> None:
        """Say a response of the domain."""

    @abstractmethod
    def say_lines(self, *responses: str, **fills: Any) -> None:
        """Say responses of the domain as the lines of one message."""

    @abstractmethod
    def propose(self, reply: Mapping[str, Any]) -> None:
        """Propose what is no words (docs/adr/0013)."""


class Guide(ABC):
    """One flow's own rules."""

    @property
    @abstractmethod
    def flow(self) -> Flow:
        """Its name and questions."""

    @abstractmethod
    def close(self, speaker: Speaker, answers: Answers) -> None:
        """Give her what the answers make possible."""

    def published(self, answers: Answers) -> dict[str, Any]:
        """The answers as the bot keeps them."""
        return told(answers)

    def halt(self, answers: Answers) -> Halt | None:
        """Why the flow must not go on after these answers, None if it may."""
        return None
