"""What goes wrong at the door of the site, beside the errors of `conversation.errors`."""

from __future__ import annotations

from bot.conversation.errors import Forbidden, NiangjiaError


class SignInRequired(NiangjiaError):
    """Nobody is signed in, or the sign-in has run out."""


class SignInRefused(NiangjiaError):
    """Name or password is wrong; which of them is not told."""


class TooManyAttempts(NiangjiaError):
    """Too many wrong passwords; try again after `wait_s` seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__("too many attempts")
        self.wait_s = wait_s


class CsrfRefused(Forbidden):
    """The request does not prove that it comes from one of our pages."""


class Told(NiangjiaError):
    """A request that cannot be done now; `words` say so to the member of staff, in Chinese."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__("refused with words for the page")
        self.status = status
        self.words = words
