"""Where she is: by a QR code of ours, or by a place that she sent."""

from __future__ import annotations

import re

import structlog

from bot.conversation.accounts import Account
from bot.conversation.content import Content, Followed, Location, Scanned
from bot.conversation.staff import area
from bot.knowledge import Directory

log = structlog.get_logger(__name__)

_SCENE = re.compile(r"region-(\d{6})")


def place_of(content: Content, directory: Directory, account: Account) -> str | None:
    """The region that this message tells, GB/T 2260; None if it tells none.

    A region outside the account's own is none: the account's operators would not see her conversation there.
    """
    match content:
        case Followed(scene=str(scene)) | Scanned(scene=scene):
            code = _of_scene(scene, directory)
        case Location(latitude=latitude, longitude=longitude, label=label):
            code = directory.find(label or "") or directory.nearest(latitude, longitude)
        case _:
            return None
    return code if code is not None and code.startswith(area(account.region)) else None


def _of_scene(scene: str, directory: Directory) -> str | None:
    named = _SCENE.fullmatch(scene)
    if named is None:
        return None
    if named[1] not in directory:
        log.warning("QR code of an unknown region", region=named[1])
        return None
    return named[1]
