"""The official accounts of the federation, and the people who write to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.conversation.alerts import AlertRobot
from bot.conversation.errors import NotFound


class EncryptionMode(StrEnum):
    """The account's 消息加解密方式."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Account:
    """One WeChat official account; the secrets never appear in a repr. `region` is a GB/T 2260 code."""

    id: str
    name: str
    region: str
    app_id: str
    app_secret: str = field(repr=False)
    token: str = field(repr=False)
    encoding_aes_key: str = field(repr=False)
    mode: EncryptionMode = EncryptionMode.SAFE
    previous_encoding_aes_key: str | None = field(default=None, repr=False)
    customer_service: bool = True
    follow_up_template: str | None = None
    """The 订阅通知 template by which she may let us tell her of a reply outside the window."""
    follow_up_fields: tuple[tuple[str, str], ...] = ()
    """What that notice says: the template's fields with fixed words that betray nothing."""
    drill: bool = False
    """For drills alone: nobody real writes here, and nothing of it is seen beside what is real."""
    union: str | None = None
    """The accounts of this name may pass a person on to one another, if she agrees."""
    api_base: str = "https://api.weixin.qq.com"
    alert_robots: tuple[AlertRobot, ...] = field(default=(), repr=False)
    """The groups of staff that are told of this account's alerts."""


Accounts = Mapping[str, Account]
"""All accounts by id."""


def account_of(accounts: Accounts, account_id: str) -> Account:
    """The account of this id; raises NotFound."""
    try:
        return accounts[account_id]
    except KeyError:
        raise NotFound("no such account") from None


def drills_among(accounts: Accounts) -> frozenset[str]:
    """The ids of those that are for drills."""
    return frozenset(account.id for account in accounts.values() if account.drill)


class Scene(StrEnum):
    """What opened the window in which we may send (wechat.md section 5)."""

    MESSAGE = "message"
    GESTURE = "gesture"
    """A menu click, a follow or a scan."""


_ALLOWANCE: Mapping[Scene, tuple[int, timedelta]] = {
    Scene.MESSAGE: (5, timedelta(hours=48)),
    Scene.GESTURE: (3, timedelta(minutes=1)),
}


@dataclass(frozen=True, slots=True)
class SendingWindow:
    """How many customer-service messages may still go out, and until when; a new scene starts it afresh."""

    scene: Scene
    opened_at: datetime
    sent: int = 0

    @property
    def closes_at(self) -> datetime:
        """When the platform stops accepting (45015)."""
        return self.opened_at + _ALLOWANCE[self.scene][1]

    def left(self, now: datetime) -> int:
        """Sends left at this moment (45047 when none)."""
        return 0 if now >= self.closes_at else max(0, _ALLOWANCE[self.scene][0] - self.sent)


@dataclass(slots=True)
class Contact:
    """One person on one account, known by a random id; the OpenID is opened only to send."""

    id: str
    account_id: str
    mailbox: str
    openid: str = field(repr=False)
    first_seen_at: datetime
    following: bool = True
    window: SendingWindow | None = None
    region: str | None = None
    """Where she is by a QR code or a place that she sent, GB/T 2260; None: where the account is."""
    refusal: int | None = None
    """The errcode by which the platform said that nothing reaches her (blacklist, messages switched off)."""
    erase_asked_at: datetime | None = None
    """When she left or asked for it: her data is erased as soon as no case of hers is open."""
    safe_word: str | None = field(default=None, repr=False)
    """The word by which she turns the chat harmless, and back."""
    hidden_at: datetime | None = None
    """Since when the chat is harmless, because somebody else may be reading."""
    name: str | None = field(default=None, repr=False)
    """What an operator learnt that she is called; to save it, None leaves it as it is and "" forgets it."""
    phone: str | None = field(default=None, repr=False)
    """Where she may be called, as an operator wrote it down; saved as the name is."""


@dataclass(frozen=True, slots=True)
class Consent:
    """Notices of one template that she allowed and that were not yet used (wechat.md section 8)."""

    contact_id: str
    template_id: str
    left: int
    updated_at: datetime
