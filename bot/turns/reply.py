"""An operator's reply out, words or a picture: stored, lined up for delivery, and told to the browsers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.conversation.accounts import Accounts, account_of
from bot.conversation.clock import Clock
from bot.conversation.content import Outgoing, Picture, Text
from bot.conversation.conversations import Conversation
from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.media import Body, Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, Message, id_under, joined, new_id
from bot.conversation.ports import Feed
from bot.conversation.repositories import UnitOfWork, UnitsOfWork
from bot.conversation.staff import AuditEntry, Staff
from bot.handoff import check_owner, seen_by
from bot.knowledge import KnowledgeBase
from bot.turns.say import line_up, tell_browsers

MAX_REPLY_CHARACTERS = 2000
"""Three messages of the platform at most: an operator has five until the person writes again."""

MAX_ARTICLES = 20
"""The most that one reply is looked through for."""

MAX_PICTURE_BYTES = 2 * 1024 * 1024
"""What the platform takes for certain (wechat.md section 7)."""

_PICTURES = {"image/jpeg": b"\xff\xd8\xff", "image/png": b"\x89PNG\r\n\x1a\n"}
"""The pictures that also go as a passive reply (wechat.md section 4), and how their bytes begin."""

JOINED = "other/human_joined"
"""Said once, before an operator's first words: from here on a person writes."""


_LOOKED_BACK = 50
"""So many messages back it is known what was said already; who tries again does so within minutes."""


@dataclass(frozen=True, slots=True)
class ReplyPorts:
    """What a reply needs."""

    units: UnitsOfWork
    feed: Feed
    clock: Clock
    accounts: Accounts
    knowledge: KnowledgeBase


async def reply(
    conversation_id: str, text: str, staff: Staff, ports: ReplyPorts, articles: Iterable[str] = (), key: str = ""
) -> Message:
    """Send an operator's words to the person; she must hold the conversation.

    `articles` are the keys of those that she put into her words; kept with the message are those still in them. The
    same words sent again under the same `key` are said once: who saw no answer tries again.
    Raises InvalidData for empty or too long words, Forbidden, NotFound, StoreUnavailable.
    """
    words = text.strip()
    if not words or len(words) > MAX_REPLY_CHARACTERS:
        raise InvalidData(f"回复须为 1 到 {MAX_REPLY_CHARACTERS} 字")
    message_id = id_under(key, conversation_id, staff.id, words)

    async def add(uow: UnitOfWork, conversation: Conversation, recent: Sequence[Message]) -> Message:
        introduction = await _introduction(uow, conversation, recent, ports)
        quoted = await _quoted(words, articles, uow, conversation, ports)
        if introduction is None:
            return await _add(uow, conversation, staff, message_id, Text(words), ports, *quoted)
        said, joined_in = Text(joined([introduction, words])), _wording(JOINED, conversation, ports)
        return await _add(uow, conversation, staff, message_id, said, ports, joined_in, *quoted)

    return await _reply(conversation_id, message_id, staff, add, ports)


async def reply_picture(conversation_id: str, picture: Body, staff: Staff, ports: ReplyPorts, key: str = "") -> Message:
    """Send an operator's picture to the person; she must hold the conversation, and `key` is as for words.

    Raises InvalidData for what is not a JPG or PNG of at most 2 MB, Forbidden, NotFound, StoreUnavailable.
    """
    _check_picture(picture)
    message_id = id_under(key, conversation_id, staff.id, picture.data)

    async def add(uow: UnitOfWork, conversation: Conversation, recent: Sequence[Message]) -> Message:
        introduction = await _introduction(uow, conversation, recent, ports)
        if introduction is not None:
            joined_in = _wording(JOINED, conversation, ports)
            await _add(uow, conversation, staff, new_id(), Text(introduction), ports, joined_in)
        media_id = new_id()
        message = await _add(uow, conversation, staff, message_id, Picture(media_id), ports)
        await _keep(uow, media_id, picture, message, conversation.account_id)
        return message

    return await _reply(conversation_id, message_id, staff, add, ports)


async def _reply(
    conversation_id: str,
    message_id: str,
    staff: Staff,
    add: Callable[[UnitOfWork, Conversation, Sequence[Message]], Awaitable[Message]],
    ports: ReplyPorts,
) -> Message:
    async with ports.units() as uow:
        conversation = await seen_by(uow, conversation_id, staff)
        recent = await uow.messages.recent(conversation.id, limit=_LOOKED_BACK)
        if (said := next((one for one in recent if one.id == message_id), None)) is not None:
            return said
        check_owner(conversation, staff)
        message = await add(uow, conversation, recent)
        asked = await uow.handoffs.open_of(conversation.id)
        if asked is not None and asked.answered_at is None:
            asked.answered_at = message.at
            await uow.handoffs.save(asked)
        await uow.audit.append(AuditEntry(new_id(), staff.id, "message.send", message.id, message.at))
        await uow.commit()
    await tell_browsers(conversation, ports.feed)
    return message


async def _introduction(
    uow: UnitOfWork, conversation: Conversation, recent: Sequence[Message], ports: ReplyPorts
) -> str | None:
    """What goes before an operator's first words since the claim; None for the later ones."""
    claimed = await uow.handoffs.open_of(conversation.id)
    since = claimed.claimed_at if claimed else None
    if any(message.author is Author.OPERATOR and (since is None or message.at >= since) for message in recent):
        return None
    return ports.knowledge.render(JOINED, account_of(ports.accounts, conversation.account_id))


def _wording(article: str, conversation: Conversation, ports: ReplyPorts) -> str:
    """The article as this account words it, as key@version."""
    return ports.knowledge.article(article, account_of(ports.accounts, conversation.account_id).region).reference


async def _quoted(
    words: str, keys: Iterable[str], uow: UnitOfWork, conversation: Conversation, ports: ReplyPorts
) -> tuple[str, ...]:
    """The articles of these keys, as key@version, of which a part stands in the words as it was vetted."""
    asked = list(dict.fromkeys(keys))[:MAX_ARTICLES]
    if not asked:
        return ()
    region = (await uow.contacts.get(conversation.contact_id)).region or conversation.region
    account = account_of(ports.accounts, conversation.account_id)

    def standing() -> Iterator[str]:
        for key in asked:
            try:
                article = ports.knowledge.article(key, region)
            except NotFound:  # a browser may send anything
                continue
            parts = (ports.knowledge.render(key, account, region, one + 1) for one in range(len(article.parts)))
            if any(part in words for part in parts):
                yield article.reference

    return tuple(standing())


async def _add(
    uow: UnitOfWork,
    conversation: Conversation,
    staff: Staff,
    message_id: str,
    content: Outgoing,
    ports: ReplyPorts,
    *articles: str,
) -> Message:
    message = Message(
        id=message_id,
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        author=Author.OPERATOR,
        content=content,
        at=ports.clock.now(),
        staff_id=staff.id,
        articles=articles,
    )
    await line_up(uow, message, conversation.account_id)
    return message


async def _keep(uow: UnitOfWork, media_id: str, picture: Body, message: Message, account_id: str) -> None:
    media = Media(
        id=media_id,
        message_id=message.id,
        conversation_id=message.conversation_id,
        contact_id=message.contact_id,
        account_id=account_id,
        kind=MediaKind.IMAGE,
        status=MediaStatus.STORED,
        received_at=message.at,
        due_at=message.at,
        content_type=picture.content_type,
        size=len(picture.data),
        sha256=sha256(picture.data).hexdigest(),
        stored_at=message.at,
    )
    await uow.media.add(media)
    await uow.media.keep_body(media.id, picture)


def _check_picture(picture: Body) -> None:
    beginning = _PICTURES.get(picture.content_type)
    if beginning is None or not picture.data.startswith(beginning):
        raise InvalidData("图片须为 JPG 或 PNG")
    if len(picture.data) > MAX_PICTURE_BYTES:
        raise InvalidData("图片不能超过 2 MB")
