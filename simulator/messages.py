"""What a person can write, as the JSON of her phone: each kind checked, pushed and shown."""

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from simulator import contents, inbound, samples
from simulator.contents import Content
from simulator.errors import ApiError
from simulator.markup import Fields
from simulator.media import Media
from simulator.people import Person
from simulator.platform import Platform


class _Message(BaseModel):
    """What every message may carry: where in an article it was sent from."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)

    msg_data_id: str | None = None
    idx: int | None = None


class Text(_Message):
    """Words; `bizmsgmenuid` when an item of a menu message was tapped."""

    type: Literal["text"]
    text: str = Field(min_length=1)
    bizmsgmenuid: str | None = None


class Image(_Message):
    """A picture uploaded before, or any picture."""

    type: Literal["image"]
    media_id: str | None = None


class Voice(_Message):
    """A recording uploaded before, or silence of so many seconds; `speech` is what is said in it."""

    type: Literal["voice"]
    media_id: str | None = None
    seconds: int = Field(3, ge=1, le=60)
    speech: str = ""


class Video(_Message):
    """A video uploaded before, or an empty one."""

    type: Literal["video", "shortvideo"]
    media_id: str | None = None


class Location(_Message):
    """A place, in degrees."""

    type: Literal["location"]
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    label: str = ""
    scale: int = 15


class Link(_Message):
    """A page passed on from elsewhere."""

    type: Literal["link"]
    title: str
    description: str = ""
    url: str


class File(_Message):
    """A file, by its name and its size in bytes."""

    type: Literal["file"]
    title: str
    size: int = Field(1024, ge=0)


Message = Annotated[Text | Image | Voice | Video | Location | Link | File, Field(discriminator="type")]
MESSAGE: TypeAdapter[Message] = TypeAdapter(Message)


def write(here: Platform, person: Person, message: Message, base_url: str) -> int:
    """Send a message; its MsgId.

    base_url: where the platform is reached, for the address of a picture. NotFollowing if she does not follow;
    ApiError 40007 or 40004 when the file is not there or of another kind.
    """
    fields, content = _Writer(here, person, base_url).read(message)
    origin: dict[str, str | int] = {}
    if message.msg_data_id is not None:
        origin["MsgDataId"] = message.msg_data_id
    if message.idx is not None:
        origin["Idx"] = message.idx
    return here.say(person, {**fields, **origin}, content)


class _Writer:
    """Makes one person's messages."""

    def __init__(self, here: Platform, person: Person, base_url: str) -> None:
        self._here = here
        self._account_id = person.account.id
        self._base_url = base_url.rstrip("/")

    def read(self, message: Message) -> tuple[Fields, Content]:
        """What is pushed and what is shown."""
        match message:
            case Text():
                return inbound.text(message.text, message.bizmsgmenuid), contents.text(message.text)
            case Image():
                media = self._media("image", message.media_id, samples.picture)
                return inbound.image(media.id, f"{self._base_url}/files/{media.id}"), contents.image(media.id)
            case Voice():
                return self._voice(message)
            case Video():
                media = self._media("video", message.media_id, lambda: samples.VIDEO)
                thumb = self._media("thumb", None, lambda: samples.THUMB)
                content = contents.video(media.id, "", "", thumb.id)
                return inbound.video(message.type, media.id, thumb.id), content
            case Location():
                place, label = (message.latitude, message.longitude), message.label
                return inbound.location(*place, message.scale, label), contents.location(*place, label)
            case Link():
                words = message.title, message.description, message.url
                return inbound.link(*words), contents.link(*words)
            case File():
                return inbound.file(message.title, message.size), contents.file(message.title, message.size)

    def _voice(self, message: Voice) -> tuple[Fields, Content]:
        media = self._media("voice", message.media_id, lambda: samples.silence(message.seconds))
        better = self._here.media.add(self._account_id, "voice", media.content)
        recognition = {"absent": None, "empty": "", "filled": message.speech}[self._here.switches.recognition]
        seconds = max(1, round(samples.amr_seconds(media.content))) if media.mime == samples.AMR else message.seconds
        content = contents.voice(media.id, seconds, message.speech)
        return inbound.voice(media.id, better.id, recognition), content

    def _media(self, kind: str, media_id: str | None, sample: Callable[[], bytes]) -> Media:
        if media_id is None:
            return self._here.media.add(self._account_id, kind, sample())
        media = self._here.media.get(self._account_id, media_id)
        if media.kind != kind:
            raise ApiError(40004)
        return media
