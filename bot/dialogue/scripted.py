"""An assistant that answers from a script, for tests and for trying the house without Rasa."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.dialogue import AnswerProposed, Proposed, Understanding
from bot.conversation.errors import DialogueUnavailable

FALLBACK = Proposed(Understanding("nlu_fallback", 0.0), (AnswerProposed("other/not_understood"),))


class ScriptedDialogue:
    """Answers known texts as scripted, others with the fallback; `down` makes every ask fail."""

    def __init__(self, script: Mapping[str, Proposed] | None = None, *, down: bool = False) -> None:
        self.script = dict(script or {})
        self.down = down
        self.asked: list[str] = []

    async def ask(self, conversation_id: str, message_id: str, text: str) -> Proposed:
        """The scripted proposal; raises DialogueUnavailable while `down`."""
        self.asked.append(text)
        if self.down:
            raise DialogueUnavailable("scripted to be down")
        return self.script.get(text, FALLBACK)
