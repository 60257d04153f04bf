"""Human sessions: while an agent of the account's own desk speaks with a person, her messages are not pushed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from simulator import events
from simulator.clock import Clock
from simulator.markup import Fields
from simulator.people import Person, Session

RETURNS_AFTER = timedelta(minutes=30)
SOMEBODY = "kf2001"
"""The agent whom the platform picks when the account names none."""


class Agents:
    """Opens, switches and ends sessions; `push` tells the account of it."""

    def __init__(self, clock: Clock, push: Callable[[Person, Fields], int]) -> None:
        self._clock = clock
        self._push = push

    def current(self, person: Person) -> Session | None:
        """The session that is open; one in which nothing was said for 30 minutes is closed first."""
        session = person.session
        if session is not None and self._clock.now() - session.active >= RETURNS_AFTER:
            self.close(person)
        return person.session

    def take(self, person: Person, kf_account: str) -> None:
        """An agent takes the person, or takes her over from another."""
        name = kf_account or SOMEBODY
        before = self.current(person)
        if before is not None and before.kf_account == name:
            return
        person.session = Session(name, self._clock.now())
        if before is None:
            self._push(person, events.event("kf_create_session", KfAccount=name))
        else:
            change = events.event("kf_switch_session", FromKfAccount=before.kf_account, ToKfAccount=name)
            self._push(person, change)

    def touch(self, person: Person) -> None:
        """Something was said in the session."""
        if person.session is not None:
            person.session = replace(person.session, active=self._clock.now())

    def close(self, person: Person) -> None:
        """The agent ends it: the person's messages are pushed again."""
        session, person.session = person.session, None
        if session is not None:
            self._push(person, events.event("kf_close_session", KfAccount=session.kf_account))
