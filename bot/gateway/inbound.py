"""What a message or event of the platform means to us, and the records of it that go to the inbox."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation.accounts import Account
from bot.conversation.content import (
    AccountClosed,
    ConsentRevoked,
    Content,
    Followed,
    Image,
    Link,
    Location,
    MenuClicked,
    NoticeSettled,
    Scanned,
    SubscriptionAnswered,
    Text,
    Unfollowed,
    Unsupported,
    Video,
    Voice,
    content_to_json,
)
from bot.conversation.levels import Level
from bot.conversation.messages import Inbound
from bot.conversation.ports import Sealer
from bot.gateway.fields import Fields
from bot.gateway.notices import Notice, Unaddressed, notice_of
from bot.gateway.refusal import Reason, Refusal
from bot.triage import CALLING_ITEMS, Rules, judge

PLATFORM_WORDS = "【收到不支持的消息类型，暂无法显示】"
"""What the platform writes as the text of a sticker and of kinds that it does not pass on (wechat.md section 2)."""

SCENE_PREFIX = "qrscene_"
"""Before the scene of the QR code by which she followed; a scan by a follower has none."""

_MSG_ID = re.compile(r"[0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Heard:
    """What one push tells of one person; `name` tells it from every other push to the account.

    Several contents when the platform reports several things at once, such as answers about several templates.
    """

    openid: str = field(repr=False)
    sent_at: datetime
    name: str
    contents: tuple[Content, ...] = field(repr=False)


def heard(fields: Fields) -> Heard | Notice:
    """What she sent or did, or an event that changes nothing for her. Raises Refusal.

    A message of a kind that we do not know is kept: somebody wrote to us. An event that we do not know is not: the
    platform reports many things that are nobody's wish to reach us, and adds new ones at will.
    """
    kind = fields.needed("MsgType").lower()
    if kind == "event":
        return _event(fields.needed("Event").lower(), fields)
    content = _MESSAGES.get(kind, _unsupported)(fields)
    return Heard(fields.needed("FromUserName"), fields.moment("CreateTime"), _number(fields), (content,))


def inbounds(account: Account, said: Heard, sealer: Sealer, rules: Rules, now: datetime) -> list[Inbound]:
    """The records of what was heard, in its order; the first one's key stands for all of them."""
    return [
        Inbound(
            key=f"{account.id}:{said.name}" + (f"-{place}" if place else ""),
            mailbox=sealer.mailbox(account.id, said.openid),
            account_id=account.id,
            openid=said.openid,
            content=content,
            sent_at=said.sent_at,
            received_at=now,
            urgent=_is_urgent(content, rules),
        )
        for place, content in enumerate(said.contents)
    ]


def _is_urgent(content: Content, rules: Rules) -> bool:
    match content:
        case Text(text=words) | Voice(recognition=str(words)):
            return judge(rules, words).level is not Level.NORMAL
        case MenuClicked(key=key):
            return key in CALLING_ITEMS
        case _:
            return False


# --- messages -----------------------------------------------------------------------------------------------------


def _text(fields: Fields) -> Content:
    words = fields.words("Content") or ""
    if words.strip() == PLATFORM_WORDS:
        return Unsupported("sticker")
    return Text(words, fields.optional("bizmsgmenuid")) if words.strip() else Unsupported("text")


def _image(fields: Fields) -> Content:
    return Image(fields.needed("MediaId"), fields.optional("PicUrl"))


def _voice(fields: Fields) -> Content:
    fine, recognition = fields.optional("MediaId16K"), fields.optional("Recognition")
    return Voice(fields.needed("MediaId"), fields.optional("Format"), fine, recognition)


def _video(fields: Fields) -> Content:
    return Video(fields.needed("MediaId"), fields.optional("ThumbMediaId"))


def _short_video(fields: Fields) -> Content:
    return Video(fields.needed("MediaId"), fields.optional("ThumbMediaId"), short=True)


def _location(fields: Fields) -> Content:
    # X is the latitude (wechat.md section 2)
    return Location(fields.degrees("Location_X", 90), fields.degrees("Location_Y", 180), fields.optional("Label"))


def _link(fields: Fields) -> Content:
    # a page without a title is still something that she wanted us to see
    return Link(fields.optional("Title") or "", fields.optional("Url") or "", fields.optional("Description"))


def _unsupported(fields: Fields) -> Content:
    return Unsupported(fields.needed("MsgType").lower())


_MESSAGES: Mapping[str, Callable[[Fields], Content]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _short_video,
    "location": _location,
    "link": _link,
}


def _number(fields: Fields) -> str:
    number = fields.needed("MsgId")
    if not _MSG_ID.fullmatch(number):
        raise Refusal(Reason.BAD_MESSAGE)
    return str(int(number))


# --- events -------------------------------------------------------------------------------------------------------


def _event(event: str, fields: Fields) -> Heard | Notice:
    reader = _EVENTS.get(event)
    if reader is None:
        return notice_of(event, fields)
    openid = fields.optional("OpenID" if event in _BY_THE_PLATFORM else "FromUserName")
    if openid is None and event in _BY_THE_PLATFORM:
        return Unaddressed(event)
    contents = reader(fields)
    if openid is None or not contents:
        raise Refusal(Reason.BAD_MESSAGE)
    return Heard(openid, fields.moment("CreateTime"), _digest(openid, event, fields, contents), contents)


def _digest(openid: str, event: str, fields: Fields, contents: tuple[Content, ...]) -> str:
    """Events have no MsgId, and the platform's own key (person and second) would join two of one second."""
    told = [content_to_json(content) for content in contents]
    identity = [openid, fields.needed("CreateTime"), event, fields.optional("EventKey"), told]
    return "e-" + hashlib.sha256(json.dumps(identity).encode()).hexdigest()[:32]


def _followed(fields: Fields) -> tuple[Content, ...]:
    key = fields.optional("EventKey") or ""  # other keys are WeChat's own, such as last_trade_no_ after a payment
    scene = key.removeprefix(SCENE_PREFIX) if key.startswith(SCENE_PREFIX) else ""
    return (Followed(scene or None),)


def _unfollowed(fields: Fields) -> tuple[Content, ...]:
    return (Unfollowed(),)


def _scanned(fields: Fields) -> tuple[Content, ...]:
    return (Scanned(fields.needed("EventKey")),)


def _clicked(fields: Fields) -> tuple[Content, ...]:
    return (MenuClicked(fields.needed("EventKey")),)


def _code_handed_in(fields: Fields) -> tuple[Content, ...]:
    return (Unsupported(fields.needed("Event").lower()),)  # her phone shows that an answer is being waited for


def _popup_answered(fields: Fields) -> tuple[Content, ...]:
    return _answers(fields.part("SubscribeMsgPopupEvent"))


def _change_answered(fields: Fields) -> tuple[Content, ...]:
    return _answers(fields.part("SubscribeMsgChangeEvent"))


def _answers(told: Fields) -> tuple[Content, ...]:
    return tuple(
        SubscriptionAnswered(item.needed("TemplateId"), item.needed("SubscribeStatusString").lower() == "accept")
        for item in told.each("List")
    )


def _notices_settled(fields: Fields) -> tuple[Content, ...]:
    return tuple(
        NoticeSettled(item.needed("TemplateId"), _errcode(item))
        for item in fields.part("SubscribeMsgSentEvent").each("List")
    )


def _errcode(item: Fields) -> int:
    errcode = item.integer("ErrorCode")
    if errcode is None:
        raise Refusal(Reason.BAD_MESSAGE)
    return errcode


def _revoked(fields: Fields) -> tuple[Content, ...]:
    return (ConsentRevoked(tuple(re.findall(r"[0-9]+", fields.optional("RevokeInfo") or ""))),)


def _closed(fields: Fields) -> tuple[Content, ...]:
    return (AccountClosed(),)


_EVENTS: Mapping[str, Callable[[Fields], tuple[Content, ...]]] = {
    "subscribe": _followed,
    "unsubscribe": _unfollowed,
    "scan": _scanned,
    "click": _clicked,
    "scancode_waitmsg": _code_handed_in,
    "subscribe_msg_popup_event": _popup_answered,
    "subscribe_msg_change_event": _change_answered,
    "subscribe_msg_sent_event": _notices_settled,
    "user_authorization_revoke": _revoked,
    "user_authorization_cancellation": _closed,
}

_BY_THE_PLATFORM = frozenset({"user_authorization_revoke", "user_authorization_cancellation"})
"""Sent by a service of the platform, not by her: she is in OpenID (wechat.md section 2)."""
