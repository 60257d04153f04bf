"""What goes out as the platform's JSON: customer-service messages and notices (wechat.md sections 5 and 8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.conversation.accounts import Account
from bot.conversation.content import Card, Choices, Outgoing, Picture, Sound, Text
from bot.gateway.markup import legible


def custom_message(openid: str, content: Outgoing, *, by_assistant: bool, uploaded_id: str | None) -> dict[str, Any]:
    """The body of `message/custom/send`; a picture or sound goes by its `uploaded_id`."""
    kind, fields = _parts(content, uploaded_id)
    message: dict[str, Any] = {"touser": openid, "msgtype": kind, kind: fields}
    if by_assistant:
        message["aimsgcontext"] = {"is_ai_msg": 1}
    return message


def notice(openid: str, account: Account) -> dict[str, Any]:
    """The body of `message/subscribe/bizsend`: the account's fixed words, and nothing of hers."""
    data = {name: {"value": words} for name, words in account.follow_up_fields}
    return {"touser": openid, "template_id": account.follow_up_template, "data": data}


def _parts(content: Outgoing, uploaded_id: str | None) -> tuple[str, Mapping[str, Any]]:
    match content:
        case Text(text=text):
            return "text", {"content": legible(text)}
        case Picture():
            return "image", {"media_id": uploaded_id}
        case Sound():
            return "voice", {"media_id": uploaded_id}
        case Card():
            return "news", {"articles": [_article(content)]}
        case Choices():
            return "msgmenu", _menu(content)


def _article(card: Card) -> dict[str, str]:
    words = {
        "title": card.title,
        "description": card.description,
        "url": card.url,
        "picurl": card.picture_url,
    }
    return {name: legible(value) for name, value in words.items()}


def _menu(choices: Choices) -> dict[str, Any]:
    around = {"head_content": legible(choices.head), "tail_content": legible(choices.tail)}
    items = [{"id": key, "content": legible(words)} for key, words in choices.items]
    return {name: words for name, words in around.items() if words} | {"list": items}
