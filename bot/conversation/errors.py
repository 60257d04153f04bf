"""Every error of ours; each room maps foreign errors to one of these at its edge.

NiangjiaError
├── InvalidData            a file, a message or a form is malformed
├── NotFound               no such thing, or it is outside the caller's scope
├── Conflict               somebody else was first, or the step is not allowed now
│   ├── IllegalTransition  the state machine has no such step
│   ├── StaleVersion       the row changed since it was read
│   ├── HandsFull          she holds as many conversations as she may
│   ├── Drilling           she sees drills alone, and nothing real may be given to her
│   ├── BeingDialled       a colleague is dialling this very number
│   └── Replayed           a signed request was used again for another message
├── Forbidden              the caller's role may not do this
└── Unavailable            a service that we need does not answer; trying again may help
    ├── DialogueUnavailable
    ├── StoreUnavailable
    ├── RedisUnavailable
    ├── PlatformUnavailable
    └── TranscriberUnavailable

No message of an error holds a person's words, OpenID or phone number: it may be logged.
"""

from __future__ import annotations


class NiangjiaError(Exception):
    """Base of all errors of this project."""


class InvalidData(NiangjiaError):
    """A file, a message or a form is malformed; the text says where."""


class NotFound(NiangjiaError):
    """There is no such thing, or the caller may not know of it."""


class Conflict(NiangjiaError):
    """Somebody else was first, or the step is not allowed in the present state."""


class IllegalTransition(Conflict):
    """The state machine has no such step."""


class StaleVersion(Conflict):
    """The row changed since it was read: read again and decide again."""


class HandsFull(Conflict):
    """This member of staff holds as many conversations as she may."""


class Drilling(Conflict):
    """This member of staff sees drills alone just now: nothing real may be given to her."""


class BeingDialled(Conflict):
    """A colleague is dialling this number: a person called twice is frightened, or given away."""


class Replayed(Conflict):
    """A request of the platform, signed once, was used again to carry another message."""


class Forbidden(NiangjiaError):
    """The caller's role does not allow this."""


class Unavailable(NiangjiaError):
    """A service that we need does not answer; trying again later may help."""


class DialogueUnavailable(Unavailable):
    """The assistant (Rasa) is down, slow, or failed to answer."""


class StoreUnavailable(Unavailable):
    """The SQL database does not answer."""


class RedisUnavailable(Unavailable):
    """Redis does not answer."""


class PlatformUnavailable(Unavailable):
    """WeChat does not answer, answers what is no answer, or asks to come again."""


class TranscriberUnavailable(Unavailable):
    """The service that turns speech into text does not answer."""
