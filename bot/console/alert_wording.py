"""How the office words what became of telling a group, and what to do about it; pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversation.alerts import RobotKind

PLATFORMS: Mapping[str, str] = {RobotKind.WECOM: "企业微信", RobotKind.DINGTALK: "钉钉"}

_TROUBLES: Mapping[str, str] = {
    "timeout": "平台没有及时回答",
    "unreachable": "连不上平台，请检查这台机器的网络",
    "not understood": "平台的回答看不懂，请核对地址",
    "45009": "发得太频繁，平台要求等一等",
    "130101": "发得太频繁，平台要求等十分钟",
    "410100": "发得太频繁，平台要求等十分钟",
    "90030": "这个月的条数用完了",
    "93000": "地址不对，或者机器人已被移出群",
    "300001": "地址里的 access_token 不对",
    "400101": "地址里的 access_token 不对",
    "400102": "机器人被停用了",
    "400106": "机器人已被删除",
    "400013": "群已解散",
    "310000": "安全设置不符：加签密钥、关键词（可设“娘家”）或 IP 不对",
    "430101": "平台不认工作台的地址，请在群机器人里放行",
}


def trouble_words(trouble: str) -> str:
    """Why a robot did not take a message, by the code that was kept."""
    if trouble in _TROUBLES:
        return _TROUBLES[trouble]
    if trouble.startswith("http "):
        return f"平台出错（HTTP {trouble.removeprefix('http ')}）"
    return f"平台不同意（错误码 {trouble}）"
