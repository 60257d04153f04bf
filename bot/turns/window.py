"""What her message does to the contact: she is there again, and a window to send in opens."""

from __future__ import annotations

from bot.conversation.accounts import Contact, Scene, SendingWindow
from bot.conversation.content import Followed, MenuClicked, Scanned, Text, Transcript, Unsupported
from bot.conversation.messages import Inbound


def come_forward(contact: Contact, inbound: Inbound) -> None:
    """She did something: what, decides how many customer-service messages may follow (wechat.md section 5).

    A transcript is nothing that she did; and who left after this message, taken late, stays away.
    """
    contact.openid = inbound.openid  # the one on file may be sealed with a key that is lost
    left_at = None if contact.following else contact.erase_asked_at
    if left_at is not None and inbound.received_at < left_at:
        return
    if isinstance(inbound.content, Transcript):
        return
    if not contact.following:
        contact.erase_asked_at = None  # it was her leaving that asked for it
    contact.following, contact.refusal = True, None
    contact.window = window_after(contact, inbound)


def window_after(contact: Contact, inbound: Inbound) -> SendingWindow:
    """The window in which we may send once she has done this."""
    match inbound.content:
        case Followed() | Scanned() | MenuClicked() | Text(menu_id=str()) | Unsupported(name="scancode_waitmsg"):
            scene = Scene.GESTURE
        case _:
            scene = Scene.MESSAGE
    fresh, open_now = SendingWindow(scene, opened_at=inbound.received_at), contact.window
    if open_now is None or not open_now.left(inbound.received_at) or open_now.closes_at <= fresh.closes_at:
        return fresh
    return open_now  # a gesture does not shorten what a message opened
