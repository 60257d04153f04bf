"""What a message or event of the platform means to us, and the record that goes to the inbox."""

from __future__ import annotations

import hashlib
import json
import math
import re
from datetime import UTC, datetime
from typing import Any

from wechatpy import events, messages

from bot.conversation.accounts import Account
from bot.conversation.content import (
    Content,
    Followed,
    Image,
    Location,
    MenuClicked,
    Scanned,
    Text,
    Unfollowed,
    Unsupported,
    Voice,
)
from bot.conversation.levels import Level
from bot.conversation.messages import Inbound
from bot.conversation.ports import Sealer
from bot.gateway.refusal import Reason, Refusal
from bot.triage import Rules, judge

PLATFORM_WORDS = "【收到不支持的消息类型，暂无法显示】"
"""What the platform writes as the text of a sticker and of kinds that it does not pass on (wechat.md section 2)."""

_MSG_ID = re.compile(r"[0-9]{1,20}")
_SECONDS = re.compile(r"[0-9]{1,10}")


def content_of(message: messages.BaseMessage) -> Content | None:
    """What she sent or did; None for an event that she did not do to reach us. Raises Refusal.

    Only the events named here are hers: the platform reports many others (a page opened, her place, the result of a
    send, changes of the account), adds new ones at will, and nobody waits for an answer to them.
    """
    match message:
        case messages.TextMessage():
            return _text(message)
        case messages.ImageMessage():
            return Image(_needed(message.media_id), _optional(message.image))
        case messages.VoiceMessage():
            return Voice(_needed(message.media_id), _optional(message.format))
        case messages.LocationMessage():
            return _location(message)
        case events.BaseEvent():
            return _event(message)
        case _:
            return None if _is_event(message) else Unsupported(_kind(message))


def inbound_of(
    account: Account, message: messages.BaseMessage, content: Content, sealer: Sealer, rules: Rules, now: datetime
) -> Inbound:
    """The record of the message; raises Refusal if it does not say who sent it, when, or which one it is."""
    openid, sent_at = _needed(message.source), _sent_at(message)
    _needed(message.target)
    name = _event_name(message) if _is_event(message) else _message_name(message)
    return Inbound(
        key=f"{account.id}:{name}",
        mailbox=sealer.mailbox(account.id, openid),
        account_id=account.id,
        openid=openid,
        content=content,
        sent_at=sent_at,
        received_at=now,
        urgent=isinstance(content, Text) and judge(rules, content.text).level is not Level.NORMAL,
    )


def _text(message: messages.TextMessage) -> Content:
    words = _optional(message.content) or ""
    if words.strip() == PLATFORM_WORDS:
        return Unsupported("sticker")
    return Text(words, _optional(message._data.get("bizmsgmenuid"))) if words.strip() else Unsupported("text")


def _location(message: messages.LocationMessage) -> Location:
    try:
        latitude, longitude = float(_needed(message.location_x)), float(_needed(message.location_y))
    except ValueError:
        raise Refusal(Reason.BAD_MESSAGE) from None
    if not (math.fabs(latitude) <= 90 and math.fabs(longitude) <= 180):
        raise Refusal(Reason.BAD_MESSAGE)
    return Location(latitude, longitude, _optional(message.label))


def _event(event: events.BaseEvent) -> Content | None:
    match event:
        case events.SubscribeScanEvent():
            return Followed(_optional(event.scene_id))
        case events.SubscribeEvent() | events.SubscribeScanProductEvent():
            return Followed()
        case events.UnsubscribeEvent():
            return Unfollowed()
        case events.ClickEvent():
            return MenuClicked(_needed(event.key))
        case events.ScanEvent():
            return Scanned(_needed(event.scene_id))
        case events.ScanCodeWaitMsgEvent():
            return Unsupported(event.event)
        case _:
            return None


def _kind(message: messages.BaseMessage) -> str:
    return str(message._data["MsgType"]).lower()


def _is_event(message: messages.BaseMessage) -> bool:
    return _kind(message) == "event" or _kind(message).startswith("device_")


def _message_name(message: messages.BaseMessage) -> str:
    number = message._data.get("MsgId")
    if not isinstance(number, str) or not _MSG_ID.fullmatch(number):
        raise Refusal(Reason.BAD_MESSAGE)
    return str(int(number))


def _event_name(event: messages.BaseMessage) -> str:
    """Events have no MsgId, and the platform's own key (person and second) would join two of one second."""
    identity = [event.source, event._data["CreateTime"], event.event, _optional(event._data.get("EventKey"))]
    return "e-" + hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:32]


def _sent_at(message: messages.BaseMessage) -> datetime:
    seconds = message._data.get("CreateTime")
    if not isinstance(seconds, str) or not _SECONDS.fullmatch(seconds):
        raise Refusal(Reason.BAD_MESSAGE)
    return datetime.fromtimestamp(int(seconds), UTC)


def _needed(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise Refusal(Reason.BAD_MESSAGE)
    return value


def _optional(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
