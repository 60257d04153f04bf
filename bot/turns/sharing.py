"""Her cases in one city, read in another: the code that she carries there, what she allows, and how she ends it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from bot import cases
from bot.conversation.accounts import Account, Accounts, Contact, account_of
from bot.conversation.content import Content
from bot.conversation.errors import NotFound
from bot.conversation.levels import Level
from bot.conversation.messages import new_id
from bot.conversation.repositories import UnitOfWork
from bot.conversation.shares import WRONG_CODES, WRONG_WITHIN, Share, WrongCode, code_in, in_union, new_code
from bot.triage import Rules, judge
from bot.turns.wishes import Wish, Wished
from bot.turns.words import words_in

_BLANKS = re.compile(r"[\s。.!！,，?？~～“”\"]+")
_BEGIN = frozenset(
    {
        "换个城市继续",
        "换城市继续",
        "换个城市接着办",
        "换个城市",
        "换城市",
        "换个城市办",
        "换城市办",
        "我要换个城市",
        "我想换个城市办",
    }
)
_END = frozenset({"取消共享", "不共享了", "停止共享"})
_ANSWERS: Mapping[str, Wish] = {
    "同意": Wish.SHARE_AGREED,
    "我同意": Wish.SHARE_AGREED,
    "不同意": Wish.SHARE_REFUSED,
    "我不同意": Wish.SHARE_REFUSED,
}


async def wish_to_share(
    uow: UnitOfWork,
    content: Content,
    contact: Contact,
    account: Account,
    accounts: Accounts,
    rules: Rules,
    now: datetime,
) -> Wished | None:
    """What this message asks about her cases in another city; None for everything else.

    Nothing while the chat is hidden: who reads her phone must not pass her on. A cry for help stays one.
    """
    words = words_in(content)
    if words is None or contact.hidden_at is not None:
        return None
    said, code = _BLANKS.sub("", words), code_in(words)
    if not (code or said in _BEGIN or said in _END or said in _ANSWERS):
        return None
    if judge(rules, words).level is not Level.NORMAL:
        return None
    if code:
        return await _carried(uow, code, contact, account, accounts, now)
    if said in _BEGIN:
        return Wished(Wish.SHARE_CODE, new_code()) if _neighbours(account, accounts) else Wished(Wish.SHARE_NOWHERE)
    if said in _END:
        return await _ending(uow, contact)
    return await _answer(uow, _ANSWERS[said], contact, now)


async def _carried(
    uow: UnitOfWork, code: str, contact: Contact, account: Account, accounts: Accounts, now: datetime
) -> Wished:
    """She sends a code; where no other city works with this one none is looked up, so that none can be guessed here."""
    if not _neighbours(account, accounts):
        return Wished(Wish.SHARE_FOREIGN)
    if await uow.shares.wrong_codes(contact.id, now - WRONG_WITHIN) >= WRONG_CODES:
        return Wished(Wish.SHARE_WRONG, silent=True)
    share = await uow.shares.by_code(code)
    if share is None or not share.may_be_used(now):
        return Wished(Wish.SHARE_WRONG)
    giver = account_of(accounts, (await uow.contacts.get(share.contact_id)).account_id)
    if giver.id == account.id:
        return Wished(Wish.SHARE_HERE)
    if not in_union(giver, account):
        return Wished(Wish.SHARE_FOREIGN)
    return Wished(Wish.SHARE_ASK, giver.name, shares=(share,))


async def _answer(uow: UnitOfWork, wish: Wish, contact: Contact, now: datetime) -> Wished | None:
    """Her yes or no to what was asked last; the same words mean nothing here where nothing was asked."""
    asked = [share for share in await uow.shares.taken(contact.id) if share.is_asked(now)]
    return Wished(wish, shares=(asked[0],)) if asked else None


async def _ending(uow: UnitOfWork, contact: Contact) -> Wished:
    shares = (*await uow.shares.given(contact.id), *await uow.shares.taken(contact.id))
    return Wished(Wish.SHARE_ENDED, shares=shares) if shares else Wished(Wish.SHARE_NONE)


def _neighbours(account: Account, accounts: Accounts) -> bool:
    return any(in_union(account, other) for other in accounts.values())


async def keep_sharing(uow: UnitOfWork, wished: Wished, contact: Contact, account: Account, now: datetime) -> None:
    """Do what she wished of it; the contact is stored already. Raises Conflict if it changed since it was read.

    The history of her case where she came from says so; it is written first, so that whoever changes a share has
    locked both persons before.
    """
    match wished.wish:
        case Wish.SHARE_CODE:
            await _end_all(uow, tuple(one for one in await uow.shares.given(contact.id) if one.used_at is None), now)
            await uow.shares.add(Share(new_id(), contact.id, now), wished.word or new_code())
        case Wish.SHARE_WRONG if not wished.silent:
            await uow.shares.note_wrong_code(WrongCode(new_id(), contact.id, now))
        case Wish.SHARE_ASK:
            share = await uow.shares.get(wished.shares[0].id)
            share.use(contact.id, now)
            await uow.shares.save(share)
        case Wish.SHARE_AGREED:
            await cases.note_share(uow, wished.shares[0].contact_id, f"她同意让{account.name}看这里的办件", now)
            share = await uow.shares.get(wished.shares[0].id)
            share.agree(now)
            await uow.shares.save(share)
        case Wish.SHARE_REFUSED:
            await _end(uow, wished.shares[0], now)
        case Wish.SHARE_ENDED:
            await _end_all(uow, wished.shares, now)
        case _:
            pass


async def _end_all(uow: UnitOfWork, shares: tuple[Share, ...], now: datetime) -> None:
    for share in shares:
        if share.holds:
            await cases.note_share(uow, share.contact_id, "她取消了共享，别的城市不能再看", now)
        await _end(uow, share, now)


async def _end(uow: UnitOfWork, seen: Share, now: datetime) -> None:
    try:
        share = await uow.shares.get(seen.id)
    except NotFound:  # the other of the two was erased, and this with her
        return
    if share.ended_at is None:
        share.end(now)
        await uow.shares.save(share)
