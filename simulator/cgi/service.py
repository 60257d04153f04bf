"""What an account may ask about its followers and about the platform's own network."""

from typing import Any

from fastapi import APIRouter

from simulator import sending
from simulator.cgi.gate import Body, Caller, Here
from simulator.errors import ApiError

router = APIRouter()

_HERE = "127.0.0.1"


@router.get("/user/info")
async def user_info(here: Here, account: Caller, openid: str = "", lang: str = "zh_CN") -> dict[str, Any]:
    """A follower, without name and picture since 2021; of others only that they do not follow."""
    person = sending.person_of(here, account, openid)
    if not person.following:
        return {"subscribe": 0, "openid": openid}
    followed_at = person.followed_at or here.clock.now()
    return {
        "subscribe": 1,
        "openid": openid,
        "nickname": "",
        "sex": 0,
        "language": lang,
        "city": "",
        "province": "",
        "country": "",
        "headimgurl": "",
        "subscribe_time": int(followed_at.timestamp()),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE" if person.followed_by else "ADD_SCENE_SEARCH",
        "qr_scene": int(person.followed_by) if person.followed_by.isdecimal() else 0,
        "qr_scene_str": "" if person.followed_by.isdecimal() else person.followed_by,
    }


@router.get("/get_api_domain_ip")
@router.get("/getcallbackip")
async def addresses(account: Caller) -> dict[str, Any]:
    """The addresses from which the platform speaks."""
    return {"ip_list": [_HERE]}


@router.post("/callback/check")
async def check_callback(account: Caller, body: Body) -> dict[str, Any]:
    """Whether the platform finds the way to the gateway: its answer in the documented shape."""
    action, operator = body.get("action"), body.get("check_operator", "DEFAULT")
    if action not in ("dns", "ping", "all"):
        raise ApiError(40202)
    if operator not in ("CHINANET", "UNICOM", "CAP", "DEFAULT"):
        raise ApiError(40203)
    dns = [{"ip": _HERE, "real_operator": "UNICOM"}]
    ping = [{"ip": _HERE, "from_operator": operator, "package_loss": "0%", "time": "1.000ms"}]
    return {
        **({"dns": dns} if action in ("dns", "all") else {}),
        **({"ping": ping} if action in ("ping", "all") else {}),
    }
