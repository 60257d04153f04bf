"""A Rasa agent reduced to what a turn uses: a parse, a handler and the tracker it leaves behind."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

ANSWERED = [ActionExecuted("utter_it"), BotUttered("x"), ActionExecuted("action_listen")]
FAILED = [ActionExecuted("action_offer_choices"), ActionExecuted("action_listen")]
HALF_DONE = [ActionExecuted("utter_it"), BotUttered("x"), ActionExecuted("action_offer_choices"),
             ActionExecuted("action_listen")]  # fmt: skip
STUCK = [ActionExecuted("utter_it"), BotUttered("x")]


@dataclass
class FakeAgent:
    """Understands everything as `intent`, sends `outputs`, and leaves `events` in the tracker."""

    outputs: list[dict[str, Any]] = field(default_factory=lambda: [{"answer": "divorce/debts"}])
    events: list[Event] = field(default_factory=lambda: list(ANSWERED))
    intent: str = "divorce_debts"
    confidence: float = 0.8
    model: bool = True
    store_down: bool = False
    delay_s: float = 0.0
    crash: Exception | None = None
    urgency: dict[str, Any] | None = None
    handled: list[UserMessage] = field(default_factory=list)

    @property
    def processor(self) -> FakeAgent:
        return self

    @property
    def tracker_store(self) -> FakeAgent:
        return self

    def is_ready(self) -> bool:
        return self.model

    async def parse_message(self, message: UserMessage | str) -> dict[str, Any]:
        text = message if isinstance(message, str) else message.text
        intent = {"name": self.intent, "confidence": self.confidence}
        parsed = {"text": text, "intent": intent, "intent_ranking": [intent], "entities": [], "text_tokens": [(0, 1)]}
        return parsed if self.urgency is None else {**parsed, "urgency": self.urgency}

    async def handle_message(self, message: UserMessage) -> None:
        await asyncio.sleep(self.delay_s)
        if self.crash:
            raise self.crash
        self.handled.append(message)
        for output in self.outputs:
            await message.output_channel.send_custom_json(message.sender_id, output)

    async def retrieve(self, sender: str) -> DialogueStateTracker | None:
        if self.store_down or not self.handled:
            return None
        last = self.handled[-1]
        said = UserUttered(last.text, last.parse_data["intent"], message_id=last.message_id)
        return DialogueStateTracker.from_events(sender, [ActionExecuted("action_listen"), said, *self.events])
