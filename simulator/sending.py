"""What accounts send to people: whom they may reach, and what each kind of message does."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from simulator import contents, events
from simulator.accounts import Account
from simulator.contents import Content
from simulator.errors import ApiError
from simulator.markup import Fields
from simulator.people import Bubble, Person, Via
from simulator.platform import Platform

_TYPING_LASTS = timedelta(seconds=15)
_TYPING_AFTER_MESSAGE = timedelta(seconds=30)
_VALUE_SHOWN = 20


def person_of(here: Platform, account: Account, openid: object) -> Person:
    """The person whom an account names; ApiError 40003 when she is none of its own."""
    person = here.people.get(openid) if isinstance(openid, str) else None
    if person is None or person.account.id != account.id:
        raise ApiError(40003)
    return person


def reachable(here: Platform, account: Account, openid: object) -> Person:
    """The person to whom an account may write.

    ApiError 40003 none of its own, 43004 does not follow, 43019 blacklisted, 48002 wants no messages, 70000 a minor
    whom the platform shields.
    """
    person = person_of(here, account, openid)
    for refused, errcode in (
        (not person.following, 43004),
        (person.blacklisted, 43019),
        (not person.receives, 48002),
        (person.protected, 70000),
    ):
        if refused:
            raise ApiError(errcode)
    return person


def send(here: Platform, person: Person, content: Content, *, ai: bool) -> Bubble:
    """A customer-service message arrives; ApiError 45015 or 45047 when it may not."""
    person.windows.spend(here.clock.now())
    return here.show(person, "account", content, via="customer_service", ai=ai)


def show_typing(here: Platform, person: Person, *, on: bool) -> None:
    """Show or end "typing"; ApiError 45015 or 45047 no window, 45080 no word for 30 s, 45081 shown already."""
    now = here.clock.now()
    person.windows.check(now)
    if on and (person.last_seen is None or now - person.last_seen > _TYPING_AFTER_MESSAGE):
        raise ApiError(45080)
    if on and is_typing(here, person):
        raise ApiError(45081)
    person.typing_since = now if on else None
    person.announce("typing", {"on": on})


def is_typing(here: Platform, person: Person) -> bool:
    """Whether the person is shown that somebody is typing."""
    return person.typing_since is not None and here.clock.now() - person.typing_since < _TYPING_LASTS


def send_template(here: Platform, account: Account, data: Mapping[str, Any]) -> tuple[int, Bubble | None]:
    """A template message, and the event that tells what became of it; its number and what is shown.

    ApiError 40003, 43004, 40037 no template, 47001 no data.
    """
    person = person_of(here, account, data.get("touser"))
    if not person.following:
        raise ApiError(43004)
    number, refused = here.next_number(), person.blacklisted or not person.receives
    form = _form(data, "template")
    bubble = None if refused else _show_form(here, person, form, "template")
    here.happen(person, events.template_sent(number, "failed:user block" if refused else "success"))
    return number, bubble


def send_subscription(here: Platform, account: Account, data: Mapping[str, Any]) -> Bubble:
    """A subscription message uses up one consent, followed or not, and an event tells what became of it.

    ApiError 40003, 40037 no template, 43101 no consent left, 47001 no data.
    """
    person = person_of(here, account, data.get("touser"))
    form = _form(data, "subscription")
    template_id = str(data["template_id"])
    if not person.consents[template_id]:
        raise ApiError(43101)
    person.consents[template_id] -= 1
    bubble = _show_form(here, person, form, "subscription")
    result: Fields = events.subscription_sent(template_id, here.next_number(), 0, "success")
    here.happen(person, result)
    return bubble


def _form(data: Mapping[str, Any], kind: str) -> Content:
    template_id, rows = data.get("template_id"), data.get("data")
    if not isinstance(template_id, str) or not template_id:
        raise ApiError(40037)
    if not isinstance(rows, dict):
        raise ApiError(47001)
    shown = [(str(name), _value(value)) for name, value in rows.items() if name not in ("first", "remark")]
    return contents.form(kind, template_id, shown, str(data.get("url") or data.get("page") or ""))


def _value(value: object) -> str:
    # Since 2023 phones cut what is longer.
    words = value.get("value", "") if isinstance(value, dict) else value
    return str(words)[:_VALUE_SHOWN]


def _show_form(here: Platform, person: Person, form: Content, via: Via) -> Bubble:
    return here.show(person, "account", form, via=via)
