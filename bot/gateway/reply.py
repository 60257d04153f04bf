"""The passive reply: one message, as XML, in the account's mode (wechat.md section 4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wechatpy.replies import ArticlesReply, BaseReply, ImageReply, TextReply, VoiceReply

from bot.conversation.accounts import Account
from bot.conversation.content import Card, Choices, Outgoing, Picture, Sound, Text
from bot.conversation.messages import fits
from bot.gateway.crypto import encrypt
from bot.gateway.markup import in_cdata
from bot.gateway.push import Push


class Unfit(Exception):
    """This reply cannot be shown whole as a passive one; the text is a code, and holds nothing of the reply."""


def passive_reply(account: Account, push: Push, reply: Outgoing, uploaded_id: str | None, now: datetime) -> str:
    """The body that shows the reply to whoever sent the message.

    A picture or sound is shown by its `uploaded_id`, choices as words. Raises Unfit.
    """
    seconds = int(now.timestamp())
    addressed: Any = _rendering(reply, uploaded_id)
    addressed.source = in_cdata(push.fields.needed("ToUserName"))
    addressed.target = in_cdata(push.fields.needed("FromUserName"))
    addressed.time = seconds
    rendered = str(addressed.render())
    if push.cipher is None:
        return rendered
    return encrypt(account, push.cipher, rendered, str(seconds), push.nonce)


def _rendering(reply: Outgoing, uploaded_id: str | None) -> BaseReply:
    match reply:
        case Text(text=text) | Choices(text=text):
            return TextReply(content=_whole(text))
        case Picture():
            return ImageReply(image=_known(uploaded_id))
        case Sound():
            return VoiceReply(voice=_known(uploaded_id))
        case Card():
            article = {
                "title": in_cdata(reply.title),
                "description": in_cdata(reply.description),
                "image": in_cdata(reply.picture_url),
                "url": in_cdata(reply.url),
            }
            return ArticlesReply(articles=[article])


def _whole(text: str) -> str:
    """The text fit for the XML; nobody knows what the platform does with a longer or an empty one."""
    words = in_cdata(text)
    if not fits(words):
        raise Unfit("text_too_long")
    if not words.strip():
        raise Unfit("text_empty")
    return words


def _known(uploaded_id: str | None) -> str:
    if not uploaded_id:
        raise Unfit("not_uploaded")
    return in_cdata(uploaded_id)
