"""What the platform pushes for a message: the fields of each kind, as its pages document them."""

from hashlib import md5

from simulator.markup import Fields, Value


def text(content: str, menu_id: str | None = None) -> Fields:
    """Words; `menu_id` when an item of a menu message was tapped."""
    fields: dict[str, Value] = {"MsgType": "text", "Content": content}
    if menu_id is not None:
        fields["bizmsgmenuid"] = int(menu_id) if menu_id.isascii() and menu_id.isdigit() else menu_id
    return fields


def image(media_id: str, url: str) -> Fields:
    """A picture."""
    return {"MsgType": "image", "PicUrl": url, "MediaId": media_id}


def voice(media_id: str, media_id_16k: str, recognition: str | None) -> Fields:
    """A voice message in two qualities; `recognition` None leaves out what was spoken, as the platform does now."""
    fields: dict[str, Value] = {
        "MsgType": "voice",
        "MediaId": media_id,
        "Format": "amr",
        "MediaId16K": media_id_16k,
    }
    if recognition is not None:
        fields["Recognition"] = recognition
    return fields


def video(kind: str, media_id: str, thumb_media_id: str) -> Fields:
    """A `video` or a `shortvideo` with its first picture."""
    return {"MsgType": kind, "MediaId": media_id, "ThumbMediaId": thumb_media_id}


def location(latitude: float, longitude: float, scale: int, label: str) -> Fields:
    """A place: X is the latitude, Y the longitude."""
    return {
        "MsgType": "location",
        "Location_X": f"{latitude:.6f}",
        "Location_Y": f"{longitude:.6f}",
        "Scale": scale,
        "Label": label,
    }


def link(title: str, description: str, url: str) -> Fields:
    """A page passed on from elsewhere."""
    return {"MsgType": "link", "Title": title, "Description": description, "Url": url}


def file(name: str, size: int) -> Fields:
    """A file. No page describes it; these fields are what accounts report to receive."""
    digest = md5(name.encode(), usedforsecurity=False).hexdigest()
    return {
        "MsgType": "file",
        "Title": name,
        "Description": "",
        "FileKey": digest,
        "FileMd5": digest,
        "FileTotalLen": size,
    }
