"""Events that change nothing for a person: one frozen type a kind, counted at the gateway and never stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.gateway.fields import Fields


@dataclass(frozen=True, slots=True)
class Notice:
    """An event by the platform's name of it, in lower case; nobody waits for an answer to it."""

    event: str


@dataclass(frozen=True, slots=True)
class PageOpened(Notice):
    """She opened a page or a mini program by the menu."""

    target: str | None = field(repr=False)
    menu_id: str | None = None


@dataclass(frozen=True, slots=True)
class CodeScanned(Notice):
    """She scanned a code by the menu, and WeChat has shown her what it says."""

    key: str | None
    result: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class PicturesChosen(Notice):
    """She chose pictures by the menu; each comes as a message of its own."""

    key: str | None
    count: int | None


@dataclass(frozen=True, slots=True)
class PlaceChosen(Notice):
    """She chose a place by the menu; it comes as a message of its own."""

    key: str | None
    label: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlaceReported(Notice):
    """WeChat reports where she is, every five seconds if the account asks for it; we do not, and keep none."""

    latitude: str | None = field(repr=False)
    longitude: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class TemplateSent(Notice):
    """What became of a template message: success, or failed with a reason."""

    number: str | None
    status: str | None


@dataclass(frozen=True, slots=True)
class MassSent(Notice):
    """What became of a mass message."""

    number: str | None
    status: str | None
    sent: int | None
    failed: int | None


@dataclass(frozen=True, slots=True)
class Published(Notice):
    """What became of an article that the account published; status 0 is success."""

    number: str | None
    status: int | None


@dataclass(frozen=True, slots=True)
class SeatChanged(Notice):
    """She talks with somebody of the platform's own customer service, or no more; `previous` when handed on."""

    seat: str | None
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class AccountReviewed(Notice):
    """The account was verified or named, or must be verified again; `until` and `failed_at` in seconds."""

    until: int | None = None
    failed_at: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ProfileChanged(Notice):
    """She changed what her WeChat profile shows; we never asked for it."""


@dataclass(frozen=True, slots=True)
class PushTried(Notice):
    """The platform's own tester tried our address."""

    words: str | None


@dataclass(frozen=True, slots=True)
class Unaddressed(Notice):
    """Somebody took a consent back or closed her account, and the platform does not say who."""


@dataclass(frozen=True, slots=True)
class Unknown(Notice):
    """An event that we have never heard of."""


TROUBLE = frozenset({"qualification_verify_fail", "naming_verify_fail", "annual_renew", "verify_expired"})
"""Events after which an administrator must act, or the account loses what it may do."""


def _page(event: str, fields: Fields) -> Notice:
    return PageOpened(event, fields.optional("EventKey"), fields.optional("MenuId"))


def _code(event: str, fields: Fields) -> Notice:
    return CodeScanned(event, fields.optional("EventKey"), fields.part("ScanCodeInfo").optional("ScanResult"))


def _pictures(event: str, fields: Fields) -> Notice:
    return PicturesChosen(event, fields.optional("EventKey"), fields.part("SendPicsInfo").integer("Count"))


def _chosen(event: str, fields: Fields) -> Notice:
    return PlaceChosen(event, fields.optional("EventKey"), fields.part("SendLocationInfo").optional("Label"))


def _reported(event: str, fields: Fields) -> Notice:
    return PlaceReported(event, fields.optional("Latitude"), fields.optional("Longitude"))


def _template(event: str, fields: Fields) -> Notice:
    return TemplateSent(event, fields.optional("MsgID"), fields.optional("Status"))


def _mass(event: str, fields: Fields) -> Notice:
    sent, failed = fields.integer("SentCount"), fields.integer("ErrorCount")
    return MassSent(event, fields.optional("MsgID"), fields.optional("Status"), sent, failed)


def _published(event: str, fields: Fields) -> Notice:
    told = fields.part("PublishEventInfo")
    return Published(event, told.optional("publish_id"), told.integer("publish_status"))


def _seat(event: str, fields: Fields) -> Notice:
    return SeatChanged(event, fields.optional("KfAccount"))


def _handed_on(event: str, fields: Fields) -> Notice:
    return SeatChanged(event, fields.optional("ToKfAccount"), fields.optional("FromKfAccount"))


def _reviewed(event: str, fields: Fields) -> Notice:
    until, failed_at = fields.integer("ExpiredTime"), fields.integer("FailTime")
    return AccountReviewed(event, until, failed_at, fields.optional("FailReason"))


def _profile(event: str, fields: Fields) -> Notice:
    return ProfileChanged(event)


def _tried(event: str, fields: Fields) -> Notice:
    return PushTried(event, fields.optional("debug_str"))


_READERS: Mapping[str, Callable[[str, Fields], Notice]] = {
    "view": _page,
    "view_miniprogram": _page,
    "scancode_push": _code,
    "pic_sysphoto": _pictures,
    "pic_photo_or_album": _pictures,
    "pic_weixin": _pictures,
    "location_select": _chosen,
    "location": _reported,
    "templatesendjobfinish": _template,
    "masssendjobfinish": _mass,
    "publishjobfinish": _published,
    "kf_create_session": _seat,
    "kf_close_session": _seat,
    "kf_switch_session": _handed_on,
    "qualification_verify_success": _reviewed,
    "qualification_verify_fail": _reviewed,
    "naming_verify_success": _reviewed,
    "naming_verify_fail": _reviewed,
    "annual_renew": _reviewed,
    "verify_expired": _reviewed,
    "user_info_modified": _profile,
    "debug_demo": _tried,
}


def notice_of(event: str, fields: Fields) -> Notice:
    """The notice of an event by its name in lower case; Unknown for one of which we have never heard."""
    reader = _READERS.get(event)
    return Unknown(event) if reader is None else reader(event, fields)
