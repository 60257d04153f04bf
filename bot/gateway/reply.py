"""The passive reply: one text, as XML, in the account's mode."""

from __future__ import annotations

from datetime import datetime

from wechatpy.replies import TextReply

from bot.conversation.accounts import Account
from bot.gateway.crypto import encrypt
from bot.gateway.markup import in_cdata
from bot.gateway.push import Push


def passive_reply(account: Account, push: Push, text: str, now: datetime) -> str:
    """The body that shows `text` to whoever sent the message."""
    seconds = int(now.timestamp())
    reply = TextReply(
        source=in_cdata(push.message.target),
        target=in_cdata(push.message.source),
        time=seconds,
        content=in_cdata(text),
    )
    rendered = str(reply.render())
    if push.cipher is None:
        return rendered
    return encrypt(account, push.cipher, rendered, str(seconds), push.nonce)
