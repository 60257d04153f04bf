"""What each number of the platform means for a message to a person: one table (wechat.md section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.messages import DeliveryStatus


@dataclass(frozen=True, slots=True)
class Reaction:
    """What becomes of the message; `alarm`: nothing goes out until a person sets the account right."""

    status: DeliveryStatus
    unfollowed: bool = False
    alarm: bool = False
    window_over: bool = False


SENT = Reaction(DeliveryStatus.SENT)
RETRY = Reaction(DeliveryStatus.PENDING)
KEEP = Reaction(DeliveryStatus.HELD, window_over=True)
KEEP_AND_ALARM = Reaction(DeliveryStatus.HELD, alarm=True)
"""The account is at fault, not the message: it is kept for her return, by when the account may be in order."""
DROP = Reaction(DeliveryStatus.REFUSED)
DROP_AND_UNFOLLOW = Reaction(DeliveryStatus.REFUSED, unfollowed=True)

STALE_TOKEN = frozenset({40001, 40014, 42001})
"""The access token is not, or no longer, the one that holds."""

REACTIONS: Mapping[int, Reaction] = {
    0: SENT,
    -1: RETRY,  # system busy
    40001: RETRY,  # still so after a renewed token
    40014: RETRY,
    42001: RETRY,
    45011: RETRY,  # calls per minute used up
    45015: KEEP,  # the window closed, or she left
    45047: KEEP,  # the messages of the window are used up
    40002: KEEP_AND_ALARM,  # grant_type
    40013: KEEP_AND_ALARM,  # app_id
    40125: KEEP_AND_ALARM,  # app_secret
    40164: KEEP_AND_ALARM,  # our address is not on the account's list
    40200: KEEP_AND_ALARM,  # the account's type has no such call
    40243: KEEP_AND_ALARM,  # app_secret frozen
    41001: KEEP_AND_ALARM,  # access token missing
    41002: KEEP_AND_ALARM,  # app_id missing
    41004: KEEP_AND_ALARM,  # app_secret missing
    45009: KEEP_AND_ALARM,  # calls per day used up
    48001: KEEP_AND_ALARM,  # the account may not send customer-service messages
    48004: KEEP_AND_ALARM,  # the call is banned for the account
    48006: KEEP_AND_ALARM,  # resets of the quota used up
    50002: KEEP_AND_ALARM,  # the account is limited
    50004: KEEP_AND_ALARM,  # it may not fetch tokens
    50007: KEEP_AND_ALARM,  # it is frozen
    61004: KEEP_AND_ALARM,  # our address is not registered
    61024: KEEP_AND_ALARM,  # the app_id belongs to a third-party platform
    89501: KEEP_AND_ALARM,  # the administrator must confirm our address
    89503: KEEP_AND_ALARM,
    89506: KEEP_AND_ALARM,  # the administrator refused it
    89507: KEEP_AND_ALARM,
    40003: DROP_AND_UNFOLLOW,  # no follower of this account
    43004: DROP_AND_UNFOLLOW,  # she must follow first
    50005: DROP_AND_UNFOLLOW,  # she does not follow
    43019: DROP,  # she is on the account's blacklist
    43101: DROP,  # she refused, or no subscription is left
    48002: DROP,  # she switched off the account's messages
    70000: DROP,  # protection of minors
    87014: DROP,  # content judged risky
    40004: DROP,  # media type
    40007: DROP,  # media_id
    40008: DROP,  # msgtype
    40033: DROP,  # illegal characters
    44004: DROP,  # empty text
    45002: DROP,  # too long
    45008: DROP,  # more than one article
    45072: DROP,  # typing: bad command
    45080: DROP,  # typing: she was not there in the last 30 s
    45081: DROP,  # typing: shown already
}


def reaction_to(errcode: int) -> Reaction:
    """The reaction; to a number that nobody wrote down, the harmless one: later again, then kept."""
    return REACTIONS.get(errcode, RETRY)
