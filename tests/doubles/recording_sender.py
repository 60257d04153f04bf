"""A platform that takes everything and keeps in mind what it was asked; `answers` come first, in order."""

from __future__ import annotations

from datetime import timedelta

from bot.conversation.clock import Clock
from bot.conversation.content import Outgoing
from bot.conversation.media import Body, MediaKind
from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult, Uploaded

TAKEN = SendResult(DeliveryStatus.SENT, errcode=0)


class RecordingSender:
    """See `ports.Sender`."""

    def __init__(self, clock: Clock) -> None:
        self.answers: list[SendResult] = []
        self.sent: list[Outgoing] = []
        self.uploaded: list[Body] = []
        self.typed_to: list[str] = []
        self.reminded: list[tuple[str, str]] = []
        self._clock = clock

    async def send(
        self,
        account_id: str,
        openid: str,
        content: Outgoing,
        *,
        by_assistant: bool = False,
        uploaded_id: str | None = None,
    ) -> SendResult:
        self.sent.append(content)
        return self._answer()

    async def upload(self, account_id: str, kind: MediaKind, body: Body) -> Uploaded | SendResult:
        self.uploaded.append(body)
        return Uploaded(f"uploaded-{len(self.uploaded)}", self._clock.now() + timedelta(days=3))

    async def typing(self, account_id: str, openid: str) -> None:
        self.typed_to.append(openid)

    async def remind(self, account_id: str, openid: str, template_id: str) -> SendResult:
        self.reminded.append((openid, template_id))
        return self._answer()

    def _answer(self) -> SendResult:
        return self.answers.pop(0) if self.answers else TAKEN
