"""What she asks of the chat itself: to hide it, to see her record, to be erased, by fixed words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from bot.conversation.accounts import Contact
from bot.conversation.content import Content, MenuClicked
from bot.conversation.levels import Level
from bot.conversation.shares import Share
from bot.triage import Rules, judge
from bot.turns.words import words_in

HIDE = "hide"
"""The key of the menu's item that turns the chat harmless."""

_SAFE_WORD = re.compile(r"设(?:置|个|一个)?暗号[\s:：,，]*(.*)", re.DOTALL)
_SHORTEST, _LONGEST = 2, 12
_BLANKS = re.compile(r"[\s。.!！,，?？~～]+")


class Wish(Enum):
    """What she asks, by the article that answers it."""

    EXPLAIN_SAFE_WORD = "other/safe_word"
    SET_SAFE_WORD = "other/safe_word_set"
    UNFIT_SAFE_WORD = "other/safe_word_unfit"
    DROP_SAFE_WORD = "other/safe_word_dropped"
    HIDE = "other/hidden"
    COME_BACK = "other/back_again"
    SEE_RECORD = "other/my_record"
    LINK_AGAIN = "other/papers_ready"
    ERASE = "other/erase_sure"
    ERASE_FOR_SURE = "other/erase_noted"
    NO_CALL = "other/call_back_off"
    SHARE_CODE = "other/share_code"
    SHARE_NOWHERE = "other/share_nowhere"
    SHARE_ASK = "other/share_ask"
    SHARE_AGREED = "other/share_agreed"
    SHARE_REFUSED = "other/share_refused"
    SHARE_WRONG = "other/share_wrong"
    SHARE_HERE = "other/share_here"
    SHARE_FOREIGN = "other/share_foreign"
    SHARE_ENDED = "other/share_ended"
    SHARE_NONE = "other/share_none"


_BY_WORDS = {
    "取消暗号": Wish.DROP_SAFE_WORD,
    "删除暗号": Wish.DROP_SAFE_WORD,
    "收起来": Wish.HIDE,
    "收起": Wish.HIDE,
    "我的记录": Wish.SEE_RECORD,
    "查看我的记录": Wish.SEE_RECORD,
    "再发一次链接": Wish.LINK_AGAIN,
    "删除我的记录": Wish.ERASE,
    "确定删除我的记录": Wish.ERASE_FOR_SURE,
}
_COME_BACK = "回来"
_NO_CALL = re.compile(r"(?:不用|不要|别|莫|取消|不必)(?:给我)?(?:再)?(?:回电话?|打电话)(?:给我)?了?")


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish, and where it has one the word that she chose or is given; `shares` are those that it is about."""

    wish: Wish
    word: str | None = field(default=None, repr=False)
    shares: tuple[Share, ...] = ()
    silent: bool = False
    """Whether it is granted without a word: who guesses codes learns nothing more."""

    @property
    def article(self) -> str:
        """What answers it."""
        return self.wish.value


def wish_of(
    content: Content, contact: Contact, rules: Rules, *, has_papers: bool, call_awaited: bool = False
) -> Wished | None:
    """What this message asks of the chat; None for everything else. `call_awaited`: a call back is open.

    While the chat is hidden nothing but the way back is a wish: who reads her phone must not find her record.
    """
    if isinstance(content, MenuClicked) and content.key == HIDE:
        return Wished(Wish.HIDE)
    words = words_in(content)
    if words is None:
        return None
    said = _BLANKS.sub("", words)
    if contact.safe_word is not None and said == contact.safe_word:
        return Wished(Wish.HIDE if contact.hidden_at is None else Wish.COME_BACK)
    if contact.hidden_at is not None:
        return Wished(Wish.COME_BACK) if contact.safe_word is None and said == _COME_BACK else None
    if asked := _SAFE_WORD.fullmatch(words.strip()):
        return _safe_word(_BLANKS.sub("", asked[1]), rules)
    if call_awaited and declines_call(content, contact) and judge(rules, words).level is not Level.CRITICAL:
        return Wished(Wish.NO_CALL)
    wish = _BY_WORDS.get(said)
    return None if wish is None or (wish is Wish.LINK_AGAIN and not has_papers) else Wished(wish)


def declines_call(content: Content, contact: Contact) -> bool:
    """Whether she takes back a call that she asked for; not while the chat is hidden, when another may be writing."""
    said = _BLANKS.sub("", words_in(content) or "")
    return contact.hidden_at is None and bool(_NO_CALL.fullmatch(said))


def _safe_word(word: str, rules: Rules) -> Wished:
    if not word:
        return Wished(Wish.EXPLAIN_SAFE_WORD)
    taken = word in _BY_WORDS or word == _COME_BACK
    calls = judge(rules, word).level is not Level.NORMAL  # a cry for help must stay one
    if taken or calls or not _SHORTEST <= len(word) <= _LONGEST:
        return Wished(Wish.UNFIT_SAFE_WORD)
    return Wished(Wish.SET_SAFE_WORD, word)


def grant(wished: Wished, contact: Contact, now: datetime) -> None:
    """Do it; the caller saves the contact."""
    match wished.wish:
        case Wish.SET_SAFE_WORD:
            contact.safe_word = wished.word
        case Wish.DROP_SAFE_WORD:
            contact.safe_word = None
        case Wish.HIDE:
            contact.hidden_at = contact.hidden_at or now
        case Wish.COME_BACK:
            contact.hidden_at = None
        case Wish.ERASE_FOR_SURE:
            contact.erase_asked_at = contact.erase_asked_at or now
        case _:
            pass
