"""`alert_robots` of accounts.yml: what is read, and what is refused without showing an address."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.alerts import RobotKind
from bot.conversation.errors import InvalidData
from bot.gateway.alert_robots import parse_robots

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=SECRET-key"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=SECRET-token"


def test_robots_of_both_platforms_are_told_apart_by_their_address() -> None:
    wecom, dingtalk, bare = parse_robots(
        [
            {"name": "值班群", "url": WECOM},
            {"name": "钉钉群", "url": DINGTALK, "secret": "SEC1"},
            {"name": "本机", "url": "http://127.0.0.1:8099/robot/send?access_token=x", "secret": ""},
        ],
        "account 1",
    )
    assert (wecom.kind, wecom.secret) == (RobotKind.WECOM, None)
    assert (dingtalk.kind, dingtalk.secret) == (RobotKind.DINGTALK, "SEC1")
    assert bare.secret is None
    assert "SEC" not in repr((wecom, dingtalk))


def test_an_account_may_have_none() -> None:
    assert parse_robots(None, "account 1") == ()
    assert parse_robots([], "account 1") == ()


@pytest.mark.parametrize(
    "entries",
    [
        "SECRET",
        ["SECRET"],
        [{"name": "群"}],
        [{"url": WECOM}],
        [{"name": "群", "url": WECOM, "key": "SECRET"}],
        [{"name": "群" * 21, "url": WECOM}],
        [{"name": "群", "url": WECOM, "secret": "SECRET"}],
        [{"name": "群", "url": DINGTALK, "secret": 12338}],
        [{"name": "群", "url": WECOM.replace("https", "http")}],
        [{"name": "群", "url": DINGTALK.partition("?")[0] + "?SECRET"}],
        [{"name": "群", "url": "https://example.org/hook?key=SECRET"}],
        [{"name": "群", "url": "https:///cgi-bin/webhook/send?key=SECRET"}],
        [{"name": "群", "url": "https://[SECRET/robot/send?access_token=SECRET"}],
        [{"name": "群", "url": WECOM}, {"name": "群", "url": DINGTALK}],
        [{"name": "群", "url": WECOM}, {"name": "另一个群", "url": WECOM}],
    ],
)
def test_what_is_wrong_is_refused_with_its_place_and_without_its_value(entries: Any) -> None:
    with pytest.raises(InvalidData, match="account 1") as refused:
        parse_robots(entries, "account 1")
    assert "SECRET" not in str(refused.value)
