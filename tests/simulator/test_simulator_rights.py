"""What each kind of account may call, from where, how often; and what an account in trouble gets."""

import pytest
from simulator_fakes import World

MENU = {"button": [{"type": "click", "name": "求助", "key": "help"}]}
QR = {"action_name": "QR_STR_SCENE", "action_info": {"scene": {"scene_str": "a"}}}
CALLS = {
    "message/custom/send": {},
    "message/custom/typing": {},
    "menu/create": MENU,
    "qrcode/create": QR,
    "message/template/send": {},
    "message/subscribe/bizsend": {},
}


async def condition(w: World, **changes: object) -> None:
    """Change how the account `bj` stands."""
    assert (await w.api.put("/accounts/bj/condition", json=changes)).status_code == 200


@pytest.mark.wechat("9.s1")
@pytest.mark.parametrize(
    ("kind", "allowed"),
    [
        ("verified_service", set(CALLS)),
        ("verified_subscription", {"message/custom/send", "message/custom/typing", "menu/create"}),
        ("unverified_service", {"menu/create"}),
        ("unverified_subscription", set()),
    ],
)
async def test_each_kind_of_account_may_call_what_the_table_says(w: World, kind: str, allowed: set[str]) -> None:
    await condition(w, kind=kind)
    token = await w.token()
    answers = {path: (await w.call(path, body, token)).get("errcode") for path, body in CALLS.items()}
    assert {path for path, errcode in answers.items() if errcode != 48001} == allowed
    info = await w.api.get("/cgi-bin/user/info", params={"access_token": token, "openid": await w.phone()})
    assert (info.json().get("errcode") == 48001) is not kind.startswith("verified")


async def test_an_account_without_customer_service_begins_unverified(w: World) -> None:
    assert (await w.api.get("/accounts/small/condition")).json()["kind"] == "unverified_subscription"
    assert (await w.api.get("/accounts/bj/condition")).json()["kind"] == "verified_service"
    assert (await w.api.put("/accounts/bj/condition", json={"kind": "royal"})).status_code == 422


@pytest.mark.wechat("6.s6")
@pytest.mark.parametrize("errcode", [40164, 61004])
async def test_an_address_that_is_not_listed_gets_no_token(w: World, errcode: int) -> None:
    token = await w.token()
    await condition(w, allowed_ips=["10.0.0.1"])
    await w.api.put("/switches", json={"ip_list_errcode": errcode})
    query = {"grant_type": "client_credential", "appid": "wxbj", "secret": "bj-secret"}
    refused = (await w.api.get("/cgi-bin/token", params=query)).json()
    assert refused["errcode"] == errcode
    assert "127.0.0.1" in refused["errmsg"]
    assert (await w.call("menu/create", MENU, token))["errcode"] == 0
    await w.api.put("/switches", json={"ip_list_scope": "all"})
    assert (await w.call("menu/create", MENU, token))["errcode"] == errcode
    await condition(w, allowed_ips=["127.0.0.1"])
    assert (await w.call("menu/create", MENU, token))["errcode"] == 0


@pytest.mark.wechat("6.s7")
@pytest.mark.parametrize(
    ("trouble", "for_token", "for_send"),
    [
        ("secret_frozen", 40243, 0),
        ("unconfirmed_ip", 89503, 0),
        ("token_forbidden", 50004, 0),
        ("limited", None, 50002),
        ("frozen", 50007, 50007),
    ],
)
async def test_an_account_in_trouble(w: World, trouble: str, for_token: int | None, for_send: int) -> None:
    openid, token = await w.phone(), await w.token()
    await w.say(openid)
    await condition(w, trouble=trouble)
    query = {"grant_type": "client_credential", "appid": "wxbj", "secret": "bj-secret"}
    for answer in (
        await w.api.get("/cgi-bin/token", params=query),
        await w.api.post("/cgi-bin/stable_token", json=query),
    ):
        assert answer.json().get("errcode") == for_token
    assert await w.send(openid, token=token) == for_send
    await condition(w, trouble=None)
    assert await w.send(openid, token=token) == 0


@pytest.mark.wechat("6.s5")
async def test_a_day_has_its_quota_and_begins_at_midnight_in_beijing(w: World) -> None:
    openid, token = await w.phone(), await w.token()
    await w.api.put("/switches", json={"daily_quotas": {"message/custom/send": 2}})
    await w.say(openid)
    assert [await w.send(openid, token=token) for _ in range(3)] == [0, 0, 45009]
    w.clock.pass_(hours=14, minutes=1)  # 00:01 in Beijing
    await w.say(openid)
    assert await w.send(openid, token=await w.token()) == 0


@pytest.mark.wechat("6.s5")
async def test_a_minute_may_have_one_too(w: World) -> None:
    openid, token = await w.phone(), await w.token()
    await w.api.put("/switches", json={"minute_quotas": {"message/custom/send": 1}})
    await w.say(openid)
    assert [await w.send(openid, token=token) for _ in range(2)] == [0, 45011]
    w.clock.pass_(minutes=1)
    assert await w.send(openid, token=token) == 0


@pytest.mark.wechat("6.s5")
async def test_tokens_are_given_2000_times_a_day_and_cleared_ten_times_a_month(w: World) -> None:
    query = {"grant_type": "client_credential", "appid": "wxbj", "secret": "bj-secret"}
    await w.api.put("/switches", json={"daily_quotas": {"token": 1}})
    token = await w.token()
    assert (await w.api.get("/cgi-bin/token", params=query)).json()["errcode"] == 45009
    assert (await w.call("clear_quota", {"appid": "wxbj"}, token))["errcode"] == 0
    await w.token()
    assert (await w.call("clear_quota", {"appid": "wxcd"}, token))["errcode"] == 40013
    by_secret = {"appid": "wxbj", "appsecret": "bj-secret"}
    answers = [(await w.api.post("/cgi-bin/clear_quota/v2", params=by_secret)).json()["errcode"] for _ in range(10)]
    assert answers == [0] * 9 + [48006]
    by_secret["appsecret"] = "wrong"
    assert (await w.api.post("/cgi-bin/clear_quota/v2", params=by_secret)).json()["errcode"] == 40125
    await w.api.put("/switches", json={"daily_quotas": {}})
    assert w.platform.switches.daily_quotas == {}
