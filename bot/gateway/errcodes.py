"""What each number of the platform means for what is sent to a person: one table (wechat.md section 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.conversation.messages import DeliveryStatus
from bot.conversation.ports import SendResult

SENT = SendResult(DeliveryStatus.SENT)
RETRY = SendResult(DeliveryStatus.PENDING)
KEEP = SendResult(DeliveryStatus.HELD, window_over=True)
FAULT = SendResult(DeliveryStatus.PENDING, account_fault=True)
UPLOAD_AGAIN = SendResult(DeliveryStatus.PENDING, upload_expired=True)
DROP = SendResult(DeliveryStatus.REFUSED)
UNFOLLOWED = SendResult(DeliveryStatus.REFUSED, unfollowed=True)
UNREACHABLE = SendResult(DeliveryStatus.REFUSED, unreachable=True)

STALE_TOKEN = frozenset({40001, 40014, 42001})
"""The access token is not, or no longer, the one that holds; from the token's own endpoint: the secret is wrong."""

UNKNOWN_MEDIA = 40007
"""The platform has no file of this id, or no longer: ids die after three days."""

WRONG_KIND_OF_ACCOUNT = 40200
"""The account's kind has no such call: msgmenu and typing, on some verified accounts too."""

NOT_TYPING = frozenset({45080, 45081, WRONG_KIND_OF_ACCOUNT})
"""She was not there in the last 30 s, is shown it already, or the account's kind knows no typing."""

NO_MENU = 46003

REACTIONS: Mapping[int, SendResult] = {
    0: SENT,
    -1: RETRY,  # system busy
    40001: RETRY,  # still so after a renewed token
    40014: RETRY,
    42001: RETRY,
    45011: RETRY,  # calls per minute used up
    45015: KEEP,  # the window closed, or she left
    45047: KEEP,  # the messages of the window are used up
    40002: FAULT,  # grant_type
    40013: FAULT,  # app_id
    40037: FAULT,  # template of the notice
    40125: FAULT,  # app_secret
    40164: FAULT,  # our address is not on the account's list
    WRONG_KIND_OF_ACCOUNT: FAULT,
    40243: FAULT,  # app_secret frozen
    41001: FAULT,  # access token missing
    41002: FAULT,  # app_id missing
    41004: FAULT,  # app_secret missing
    45009: FAULT,  # calls of the day used up: until midnight in Beijing, or until the administrator resets them
    47003: FAULT,  # the notice's fields do not fit its template
    48001: FAULT,  # the account has no right to this call
    48004: FAULT,  # the call is banned for the account
    48006: FAULT,  # resets of the quota used up
    50002: FAULT,  # the account is limited
    50004: FAULT,  # it may not fetch tokens
    50007: FAULT,  # it is frozen
    61004: FAULT,  # our address is not registered
    61024: FAULT,  # the app_id belongs to a third-party platform
    89501: FAULT,  # the administrator must confirm our address
    89503: FAULT,
    89506: FAULT,  # the administrator refused it
    89507: FAULT,
    40003: UNFOLLOWED,  # no follower of this account
    43004: UNFOLLOWED,  # she must follow first
    50005: UNFOLLOWED,  # she does not follow
    43019: UNREACHABLE,  # she is on the account's blacklist
    48002: UNREACHABLE,  # she switched off the account's messages
    UNKNOWN_MEDIA: UPLOAD_AGAIN,
    43101: DROP,  # she refused notices, or none is left
    70000: DROP,  # protection of minors
    87014: DROP,  # content judged risky
    40004: DROP,  # kind of media
    40005: DROP,  # kind of file
    40006: DROP,  # size of file
    40008: DROP,  # msgtype
    40009: DROP,  # size of picture
    40010: DROP,  # size of sound
    40033: DROP,  # illegal characters
    41005: DROP,  # empty file
    44004: DROP,  # empty text
    45002: DROP,  # too long: the turn splits words long before this
    45008: DROP,  # more than one article
    45072: DROP,  # typing: bad command
    45080: DROP,  # typing: she was not there in the last 30 s
    45081: DROP,  # typing: shown already
}


def reaction_to(errcode: int) -> SendResult:
    """What becomes of the message; to a number that nobody wrote down, the harmless one: later again."""
    return replace(REACTIONS.get(errcode, RETRY), errcode=errcode)


def reaction_to_no_token(errcode: int) -> SendResult:
    """The same where the platform gave no token at all: there 40001 says that the secret is wrong."""
    return replace(FAULT, errcode=errcode) if errcode in STALE_TOKEN else reaction_to(errcode)
