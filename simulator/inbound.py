"""What the platform pushes: the fields of each kind of message and event, as its pages document them."""

from simulator.markup import Fields


def text(content: str, menu_id: str | None = None) -> Fields:
    """Words; `menu_id` when an item of a menu message was tapped."""
    fields: dict[str, str | int | Fields] = {"MsgType": "text", "Content": content}
    if menu_id is not None:
        fields["bizmsgmenuid"] = int(menu_id) if menu_id.isascii() and menu_id.isdigit() else menu_id
    return fields


def image(media_id: str, url: str) -> Fields:
    """A picture."""
    return {"MsgType": "image", "PicUrl": url, "MediaId": media_id}


def voice(media_id: str) -> Fields:
    """A voice message; the platform no longer says what was spoken."""
    return {"MsgType": "voice", "MediaId": media_id, "Format": "amr", "MediaId16K": media_id}


def location(latitude: float, longitude: float, scale: int, label: str) -> Fields:
    """A place: X is the latitude, Y the longitude."""
    return {
        "MsgType": "location",
        "Location_X": f"{latitude:.6f}",
        "Location_Y": f"{longitude:.6f}",
        "Scale": scale,
        "Label": label,
    }


def subscribe(scene: str | None = None, ticket: str = "") -> Fields:
    """A new follower, perhaps by a QR code with a scene."""
    if scene is None:
        return {"MsgType": "event", "Event": "subscribe", "EventKey": ""}
    return {"MsgType": "event", "Event": "subscribe", "EventKey": f"qrscene_{scene}", "Ticket": ticket}


def unsubscribe() -> Fields:
    """A follower lost."""
    return {"MsgType": "event", "Event": "unsubscribe", "EventKey": ""}


def scan(scene: str, ticket: str) -> Fields:
    """A follower scanned a QR code: the scene comes without the prefix."""
    return {"MsgType": "event", "Event": "SCAN", "EventKey": scene, "Ticket": ticket}


def click(key: str) -> Fields:
    """A menu button with a key."""
    return {"MsgType": "event", "Event": "CLICK", "EventKey": key}


def view(url: str) -> Fields:
    """A menu button that opens a page."""
    return {"MsgType": "event", "Event": "VIEW", "EventKey": url}
