"""What the platform pushes for an event: the fields of each kind, as its pages document them."""

from hashlib import md5

from simulator.markup import Fields, Value


def event(name: str, **fields: Value) -> Fields:
    """Any event with its own fields."""
    return {"MsgType": "event", "Event": name, **fields}


def subscribe(scene: str | None = None, ticket: str = "") -> Fields:
    """A new follower, perhaps by a QR code with a scene."""
    if scene is None:
        return event("subscribe", EventKey="")
    return event("subscribe", EventKey=f"qrscene_{scene}", Ticket=ticket)


def subscribe_by_payment(trade: str) -> Fields:
    """A new follower who has just paid: seen in the wild, not documented."""
    return event("subscribe", EventKey=f"last_trade_no_{trade}")


def scan(scene: str, ticket: str) -> Fields:
    """A follower scanned a QR code: the scene comes without the prefix."""
    return event("SCAN", EventKey=scene, Ticket=ticket)


def position(latitude: float, longitude: float, precision: float) -> Fields:
    """Where a follower is, reported when she opens the chat or every five seconds."""
    return event("LOCATION", Latitude=f"{latitude:.6f}", Longitude=f"{longitude:.6f}", Precision=f"{precision:.6f}")


def scancode(kind: str, key: str, scan_type: str, result: str) -> Fields:
    """A menu button that scanned something: `scancode_push` or `scancode_waitmsg`."""
    return event(kind, EventKey=key, ScanCodeInfo={"ScanType": scan_type, "ScanResult": result})


def pictures(kind: str, key: str, media_ids: list[str]) -> Fields:
    """A menu button that sent pictures, which follow as messages of their own."""
    items: list[Fields] = [{"PicMd5Sum": md5(each.encode(), usedforsecurity=False).hexdigest()} for each in media_ids]
    return event(kind, EventKey=key, SendPicsInfo={"Count": len(items), "PicList": {"item": items}})


def location_select(key: str, latitude: float, longitude: float, scale: int, label: str, poiname: str) -> Fields:
    """A menu button that sent a place, which follows as a message of its own."""
    place: Fields = {
        "Location_X": f"{latitude:.6f}",
        "Location_Y": f"{longitude:.6f}",
        "Scale": str(scale),
        "Label": label,
        "Poiname": poiname,
    }
    return event("location_select", EventKey=key, SendLocationInfo=place)


def consent(template_id: str, status: str, popup_scene: int) -> Fields:
    """A person was asked to subscribe: `accept` or `reject`, on a page (1) or in an article (2)."""
    item: Fields = {"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": str(popup_scene)}
    return event("subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [item]})


def consent_withdrawn(template_id: str) -> Fields:
    """A person took a subscription back in her settings."""
    item: Fields = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
    return event("subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": [item]})


def subscription_sent(template_id: str, number: int, errcode: int, status: str) -> Fields:
    """What became of a subscription message."""
    item: Fields = {
        "TemplateId": template_id,
        "MsgID": str(number),
        "ErrorCode": str(errcode),
        "ErrorStatus": status,
    }
    return event("subscribe_msg_sent_event", SubscribeMsgSentEvent={"List": [item]})


def template_sent(number: int, status: str) -> Fields:
    """What became of a template message."""
    return event("TEMPLATESENDJOBFINISH", MsgID=number, Status=status)


def authorization(name: str, openid: str | None, app_id: str, revoke_info: str) -> Fields:
    """A person changed or withdrew what she had allowed; observed also without her OpenID."""
    whose = {} if openid is None else {"OpenID": openid}
    return event(name, **whose, AppID=app_id, RevokeInfo=revoke_info)
