"""Fixed notices to a person about her conversation: handed back, ended, her operator's line broke."""

from __future__ import annotations

from datetime import datetime

from bot.conversation.accounts import Accounts, account_of
from bot.conversation.content import Text
from bot.conversation.conversations import Conversation, Mode
from bot.conversation.messages import Author, Message, new_id
from bot.conversation.repositories import UnitOfWork
from bot.knowledge import KnowledgeBase
from bot.turns.reply import ReplyPorts
from bot.turns.say import line_up, tell_browsers


async def notify(conversation_id: str, article: str, ports: ReplyPorts) -> None:
    """Tell the person, in a unit of work of its own, that a member of staff has left her conversation.

    Not once she has written again and a person is called, or she has begun anew: the notice would come behind the
    answer to that, and say the contrary. Raises NotFound, StaleVersion if she was erased, StoreUnavailable.
    """
    async with ports.units() as uow:
        conversation = await uow.conversations.get(conversation_id)
        current = await uow.conversations.current(conversation.contact_id)
        if current is not None and (current.id, current.mode) != (conversation_id, Mode.BOT):
            return
        if not await add_notice(uow, conversation, article, ports.accounts, ports.knowledge, ports.clock.now()):
            return
        await uow.commit()
    await tell_browsers(conversation, ports.feed)


async def add_notice(
    uow: UnitOfWork,
    conversation: Conversation,
    article: str,
    accounts: Accounts,
    knowledge: KnowledgeBase,
    now: datetime,
) -> bool:
    """Add the notice of this article to the unit of work; False, and nothing, while she has turned the chat harmless.

    Somebody else may be reading then, and a notice says what this chat is.
    """
    if (await uow.contacts.get(conversation.contact_id)).hidden_at is not None:
        return False
    account = account_of(accounts, conversation.account_id)
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        contact_id=conversation.contact_id,
        author=Author.SYSTEM,
        content=Text(knowledge.render(article, account)),
        at=now,
        articles=(knowledge.article(article, account.region).reference,),
    )
    await line_up(uow, message, conversation.account_id)
    return True
