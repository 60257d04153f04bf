"""How many customer-service messages an account may still send to one person, and until when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from simulator.errors import ApiError


class Scene(Enum):
    """What a person did, with the messages (None: without end) and the time it allows (in force since 2023-06-12)."""

    MESSAGE = ("message", 5, timedelta(hours=48))
    MENU = ("menu", 3, timedelta(minutes=1))
    FOLLOW = ("follow", 3, timedelta(minutes=1))
    SCAN = ("scan", 3, timedelta(minutes=1))
    PAYMENT = ("payment", None, timedelta(hours=48))

    def __init__(self, label: str, messages: int | None, lasts: timedelta) -> None:
        self.label = label
        self.messages = messages
        self.lasts = lasts


@dataclass
class Window:
    """One permission to send; `left` None is without end."""

    scene: Scene
    closes: datetime
    left: int | None


class Windows:
    """All that one person has allowed."""

    def __init__(self) -> None:
        self._windows: dict[Scene, Window] = {}

    def open(
        self,
        scene: Scene,
        now: datetime,
        rule: Literal["newest", "any"] = "newest",
        count: Literal["reset", "add"] = "reset",
    ) -> None:
        """Note what the person did.

        Under `newest` it ends what she allowed before; under `add` what is left of the same scene stays beside the new.
        """
        before = self._windows.get(scene)
        if rule == "newest":
            self._windows.clear()
        left = scene.messages
        if count == "add" and left is not None and before is not None and now < before.closes:
            left += before.left or 0
        self._windows[scene] = Window(scene, now + scene.lasts, left)

    def close(self) -> None:
        """Forget all, as when the person stops following."""
        self._windows.clear()

    def live(self, now: datetime) -> list[Window]:
        """The windows that are open, the first to close first."""
        return sorted((w for w in self._windows.values() if now < w.closes), key=lambda w: w.closes)

    def check(self, now: datetime) -> Window:
        """The window that the next message would use.

        ApiError 45015 when none is open, 45047 when all are used up.
        """
        live = self.live(now)
        if not live:
            raise ApiError(45015)
        usable = [window for window in live if window.left != 0]
        if not usable:
            raise ApiError(45047)
        return usable[0]

    def spend(self, now: datetime) -> None:
        """Count one message; raises as `check` does."""
        window = self.check(now)
        if window.left is not None:
            window.left -= 1
