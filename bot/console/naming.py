"""What accounts and regions are called."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversation.accounts import Accounts
from bot.conversation.errors import NotFound
from bot.knowledge import Directory


@dataclass(frozen=True, slots=True)
class Names:
    """The names of accounts and regions."""

    accounts: Accounts
    directory: Directory

    def account(self, account_id: str) -> str:
        """The account's name, or its id if it is no longer configured."""
        account = self.accounts.get(account_id)
        return account.name if account else account_id

    def region(self, code: str) -> str:
        """The region's name, or its code."""
        try:
            return self.directory.name(code)
        except NotFound:
            return code
