"""All Redis keys of the inbox and how long each lives; one hash tag, so that a script sees one cluster slot."""

from __future__ import annotations

_ROOT = "niangjia:{inbox}"

READY = f"{_ROOT}:ready"
"""Sorted set of free mailboxes with messages; the urgent ones have negative scores and come first."""

HELD = f"{_ROOT}:held"
"""Sorted set of claimed mailboxes by the end of their lease, in ms."""

HOLDERS = f"{_ROOT}:holders"
"""Hash: mailbox to who holds it."""

DELAYED = f"{_ROOT}:delayed"
"""Sorted set of mailboxes put back, by when they may be claimed again, in ms."""

TRIES = f"{_ROOT}:tries"
"""Hash: message key to how often it was claimed."""

URGENT = f"{_ROOT}:urgent"
"""Hash: mailbox to how many urgent messages wait in it."""

WAKE = f"{_ROOT}:wake"
"""List of tokens that wake a waiting worker; capped, since a token without a worker means nothing."""

WAKE_URGENT = f"{_ROOT}:wake-urgent"
"""The same for the places that are kept free for urgent mailboxes."""

WORKERS = f"{_ROOT}:workers"
"""Sorted set of living workers by until when they count as alive, in ms."""

DEPTH = f"{_ROOT}:depth"
"""How many messages wait."""

DEAD = f"{_ROOT}:dead"
"""Hash: message key to its dead letter: a line of JSON about it, and the sealed message."""

CONFIRMED = f"{_ROOT}:confirmed"
"""List of message keys whose passive reply has gone over the wire."""

CONFIRMING = f"{_ROOT}:confirming"
"""Those of them that a courier is writing down."""

OFFERS = f"{_ROOT}:offers"
"""Channel: the key of a message whose slot has just been filled."""

BOX = f"{_ROOT}:box:"
"""Prefix: list of message keys of a mailbox, the oldest first."""

MESSAGE = f"{_ROOT}:message:"
"""Prefix: the message of a key, until it is done: "1" if it is urgent, else "0", then the sealed message."""

SEEN = f"{_ROOT}:seen:"
"""Prefix: how often the platform delivered this key."""

REQUEST = f"{_ROOT}:request:"
"""Prefix: a digest of the message that a signed request carried."""

SLOT = f"{_ROOT}:slot:"
"""Prefix: hash with `state` (offered, taken, confirmed, closed) and the sealed `reply`."""

SEEN_MS = 24 * 3600 * 1000
"""The platform retries within 15 s; a day covers a delivery that an outage of theirs held up."""

REQUEST_MS = 3600 * 1000
"""Longer than the timestamp of a request counts as fresh."""

SLOT_MS = 6 * 3600 * 1000
"""Longer than an offer stays open, with an outage of SQL in between: a forgotten slot would be answered twice."""

LEASE_S = 4.0
"""A dead worker's message is taken over after this, still inside the platform's three requests (15 s)."""

ATTEND_MS = 3000
"""How long a worker counts as alive after it said so; it does every second."""

UNREADABLE_REST_S = 10.0
"""How long a mailbox rests whose message no key opens; long enough not to crowd the log."""

UNREADABLE_TRIES = 6
"""After a minute such a message goes to the dead letters, so that her later ones are heard."""

WAKE_CAP = 256
