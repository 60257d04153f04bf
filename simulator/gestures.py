"""What a person can do other than writing, as the JSON of her phone: each event checked, pushed, with what follows."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from simulator import contents, events, inbound
from simulator.messages import Image, write
from simulator.people import Person
from simulator.platform import Platform, check_following
from simulator.qrcodes import new_ticket
from simulator.windows import Scene


class _Gesture(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    key: str | None = Field(None, min_length=1)


class Plain(_Gesture):
    """To follow, to stop following, or to pay the account."""

    type: Literal["subscribe", "unsubscribe", "pay"]


class Keyed(_Gesture):
    """A menu button: `key` is its key, the address of its page, or the path in its mini program."""

    type: Literal["click", "view", "view_miniprogram"]
    key: str = Field(min_length=1)
    menu_id: str = "400000000"


class Scan(_Gesture):
    """A QR code of the account, by its scene (`key`) or by the ticket that the account was given."""

    type: Literal["scan"]
    ticket: str | None = None

    @model_validator(mode="after")
    def _check_code(self) -> Self:
        if self.key is None and self.ticket is None:
            raise ValueError("needs key or ticket")
        return self


class MenuScan(_Gesture):
    """A menu button that scans any code."""

    type: Literal["scancode_push", "scancode_waitmsg"]
    key: str = Field(min_length=1)
    result: str
    scan_type: str = "qrcode"


class MenuPictures(_Gesture):
    """A menu button that sends pictures: those uploaded before, or any one."""

    type: Literal["pic_sysphoto", "pic_photo_or_album", "pic_weixin"]
    key: str = Field(min_length=1)
    media_ids: list[str] = []


class MenuPlace(_Gesture):
    """A menu button that sends a place."""

    type: Literal["location_select"]
    key: str = Field(min_length=1)
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    label: str = ""
    scale: int = 15
    poiname: str = ""


class Position(_Gesture):
    """Where she is, reported by her phone."""

    type: Literal["location"]
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    precision: float = 65.0


class Consent(_Gesture):
    """Asked whether the account may send her one subscription message."""

    type: Literal["subscribe_msg_popup"]
    template_id: str = Field(min_length=1)
    status: Literal["accept", "reject"] = "accept"
    popup_scene: Literal[1, 2] = 1


class Withdrawal(_Gesture):
    """A subscription taken back in her settings."""

    type: Literal["subscribe_msg_change"]
    template_id: str = Field(min_length=1)


class Authorization(_Gesture):
    """What she allowed under the personal-information law, changed or withdrawn; sent in the platform's own name."""

    type: Literal["user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"]
    revoke_info: str = "1"
    with_openid: bool = True


Gesture = Annotated[
    Plain | Keyed | Scan | MenuScan | MenuPictures | MenuPlace | Position | Consent | Withdrawal | Authorization,
    Field(discriminator="type"),
]
GESTURE: TypeAdapter[Gesture] = TypeAdapter(Gesture)


def act(here: Platform, person: Person, gesture: Gesture, base_url: str) -> int:
    """Do it; the simulator's number of the push.

    NotFollowing for what only a follower can do; ApiError 40053 when a ticket is unknown or over.
    """
    match gesture:
        case Plain():
            return _plain(here, person, gesture.type)
        case Scan():
            return _scan(here, person, gesture)
        case Authorization():
            whose = person.openid if gesture.with_openid else None
            fields = events.authorization(gesture.type, whose, person.account.app_id, gesture.revoke_info)
            return here.tell(person.account, fields)
        case Consent() | Withdrawal():
            return _consent(here, person, gesture)
    check_following(person)
    match gesture:
        case Keyed():
            return _keyed(here, person, gesture)
        case MenuScan():
            here.allow(person, Scene.MENU)
            fields = events.scancode(gesture.type, gesture.key, gesture.scan_type, gesture.result)
            return here.happen(person, fields)
        case Position():
            return here.happen(person, events.position(gesture.latitude, gesture.longitude, gesture.precision))
        case MenuPictures():
            return _menu_pictures(here, person, gesture, base_url)
        case MenuPlace():
            return _menu_place(here, person, gesture)


def follow(here: Platform, person: Person, scene: str | None = None, ticket: str = "") -> int:
    """The person follows, or follows again; by a QR code when there is a scene."""
    _set_following(person, True)
    person.followed_at = here.clock.now()
    person.followed_by = scene or ""
    here.allow(person, Scene.FOLLOW)
    return here.happen(person, events.subscribe(scene, ticket))


def _plain(here: Platform, person: Person, kind: str) -> int:
    if kind == "subscribe":
        return follow(here, person)
    if kind == "pay":
        return _pay(here, person)
    _set_following(person, False)
    person.windows.close()
    person.session = None
    return here.happen(person, events.event("unsubscribe", EventKey=""))


def _pay(here: Platform, person: Person) -> int:
    """A stranger follows by paying; of a follower's payment the account hears elsewhere."""
    here.allow(person, Scene.PAYMENT)
    if person.following:
        return here.next_number()
    _set_following(person, True)
    return here.happen(person, events.subscribe_by_payment(str(here.next_number())))


def _scan(here: Platform, person: Person, gesture: Scan) -> int:
    scene, ticket = gesture.key or "", gesture.ticket or new_ticket()
    if gesture.ticket is not None:
        scene = here.qrcodes.find(gesture.ticket).scene
    if not person.following:
        return follow(here, person, scene, ticket)
    here.allow(person, Scene.SCAN)
    return here.happen(person, events.scan(scene, ticket))


def _keyed(here: Platform, person: Person, gesture: Keyed) -> int:
    if gesture.type == "click":
        here.allow(person, Scene.MENU)
        return here.happen(person, events.event("CLICK", EventKey=gesture.key))
    name = gesture.type if gesture.type == "view_miniprogram" else "VIEW"
    return here.happen(person, events.event(name, EventKey=gesture.key, MenuId=gesture.menu_id))


def _menu_pictures(here: Platform, person: Person, gesture: MenuPictures, base_url: str) -> int:
    pictures = [Image(type="image", media_id=media_id) for media_id in gesture.media_ids] or [Image(type="image")]
    for media_id in gesture.media_ids:
        here.media.get(person.account.id, media_id)
    shown = gesture.media_ids or [gesture.key]
    number = here.happen(person, events.pictures(gesture.type, gesture.key, shown))
    for picture in pictures:
        write(here, person, picture, base_url)
    return number


def _menu_place(here: Platform, person: Person, gesture: MenuPlace) -> int:
    place, label = (gesture.latitude, gesture.longitude), gesture.label
    fields = events.location_select(gesture.key, *place, gesture.scale, label, gesture.poiname)
    number = here.happen(person, fields)
    here.say(person, inbound.location(*place, gesture.scale, label), contents.location(*place, label))
    return number


def _consent(here: Platform, person: Person, gesture: Consent | Withdrawal) -> int:
    if isinstance(gesture, Withdrawal):
        del person.consents[gesture.template_id]
        return here.happen(person, events.consent_withdrawn(gesture.template_id))
    person.consents[gesture.template_id] += gesture.status == "accept"
    return here.happen(person, events.consent(gesture.template_id, gesture.status, gesture.popup_scene))


def _set_following(person: Person, following: bool) -> None:
    person.following = following
    person.announce("follow", {"following": following})
