"""What may still be sent to a person, until when, and what becomes of words that cannot go now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.console.errcodes import errcode_words
from bot.conversation.accounts import Account, Scene, SendingWindow
from bot.conversation.messages import DeliveryStatus
from bot.store.queries import ConversationPage

_WINDOW_SIZE = 5
_KEPT = "现在写的话先存着，等她再来信时发出。"

_REFUSALS: Mapping[int, str] = {
    43019: "她在这个公众号的黑名单里，主动发的话她收不到。请公众号管理员到微信公众平台把她移出黑名单。",
    48002: "她关闭了接收这个公众号的消息，主动发的话她收不到。",
    70000: "因未成年人保护，微信不让主动发给她。",
}


@dataclass(frozen=True, slots=True)
class Sending:
    """What may still be sent, in plain sight; `hurdle` says what happens to words that must wait, None if none.

    `of` is 0 where nothing would reach her. `held` counts the messages that wait for her, `reminders` how often she
    may be told of them outside the chat.
    """

    left: int
    of: int
    closes_at: datetime | None
    closes_in: timedelta | None
    hurdle: str | None
    held: int
    reminders: int


def sending_of(page: ConversationPage, account: Account | None, now: datetime) -> Sending:
    """What may be sent in this conversation at this moment."""
    can_send = account is None or account.customer_service
    window = page.window if can_send else None
    left = window.left(now) if window and page.following else 0
    is_open = window is not None and window.closes_at > now
    size = left + window.sent if window and left else _WINDOW_SIZE
    held = sum(any(fate.status is DeliveryStatus.HELD for fate in shown.fates) for shown in page.messages)
    return Sending(
        left=left,
        of=size if can_send and page.following and page.refusal is None else 0,
        closes_at=window.closes_at if window and is_open else None,
        closes_in=window.closes_at - now if window and is_open else None,
        hurdle=_hurdle(page, account, left, held, now),
        held=held,
        reminders=_reminders(page, account) if held and not left and page.following else 0,
    )


def _reminders(page: ConversationPage, account: Account | None) -> int:
    """How many notices she still allows of the template by which this account may tell her."""
    template = account.follow_up_template if account else None
    return sum(consent.left for consent in page.consents if consent.template_id == template)


def _hurdle(page: ConversationPage, account: Account | None, left: int, held: int, now: datetime) -> str | None:
    window = page.window
    if not page.following:
        return "她已取消关注，现在写的话她收不到。"
    if page.refusal is not None:
        return _REFUSALS.get(page.refusal, f"微信说发不到她那里：{errcode_words(page.refusal)}。")
    if account is not None and not account.customer_service:
        return f"这个公众号没有客服消息权限，不能主动发。{_KEPT}"
    if not left:
        return f"{_why_closed(window, now)}{_KEPT}"
    return "前面还有话存着没发出，会按先后发给她。" if held else None


def _why_closed(window: SendingWindow | None, now: datetime) -> str:
    if window is None:  # the platform counts better than we do, and said so
        return "微信说现在不能主动发给她。"
    if now < window.closes_at:
        return "她再来信之前能发的条数已用完。"
    if window.scene is Scene.GESTURE:
        return "她上次只是点了菜单、扫码或刚关注，微信只让在 1 分钟内发。"
    return "她超过 48 小时没有来信，微信不让发。"
