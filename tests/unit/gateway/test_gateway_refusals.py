"""What the webhook turns away: each with its status, at once, and with nothing stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from wechat_platform import ACCOUNTS, ORIGINAL_ID, SAFE, House, Request, fixture, house, push

from bot.conversation.accounts import Account
from bot.gateway.ports import Timing
from bot.triage import Rules
from simulator.crypto import Envelope, sign
from tests.fuzz.target import Knock, Trial, attempt

SAFE_MODE = ACCOUNTS["safe"]
TEXT = fixture("text")
BILLION_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)


async def refused(home: House, account: Account, request: Request, status: int) -> None:
    answer = await home.post(account, request)
    assert answer.status_code == status
    assert home.inbox.appended == []


def changed(request: Request, **query: str) -> Request:
    return replace(request, query={name: value for name, value in (request.query | query).items() if value})


@pytest.mark.wechat("1.11")
@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"signature": "0" * 40, "msg_signature": "0" * 40}, 403),
        ({"signature": "x", "msg_signature": "签"}, 403),
        ({"nonce": "1"}, 403),
        ({"timestamp": "1790000002"}, 403),
        ({"timestamp": "1789990000"}, 403),
        ({"timestamp": "-5"}, 400),
        ({"timestamp": "1.79e9"}, 400),
        ({"timestamp": "１７９０"}, 400),
        ({"timestamp": ""}, 400),
        ({"nonce": ""}, 400),
        ({"signature": "", "msg_signature": ""}, 400),
    ],
)
async def test_a_query_that_does_not_fit(home: House, account: Account, query: dict[str, str], status: int) -> None:
    await refused(home, account, changed(push(account, TEXT), **query), status)


@pytest.mark.wechat("1.13")
@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))
async def test_a_replay_after_five_minutes(home: House, account: Account) -> None:
    home.clock.move(302)
    await refused(home, account, push(account, TEXT), 403)


@pytest.mark.wechat("1.13")
async def test_how_old_a_request_may_be_is_for_the_house_to_say(rules: Rules) -> None:
    strict = house(rules, fresh=timedelta(seconds=30))
    strict.clock.move(29)
    assert (await strict.push(SAFE_MODE, fixture("view"))).status_code == 200
    strict.clock.move(2)
    await refused(strict, SAFE_MODE, push(SAFE_MODE, TEXT), 403)


@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))
async def test_a_request_from_the_future(home: House, account: Account) -> None:
    home.clock.move(-302)
    await refused(home, account, push(account, TEXT), 403)


@pytest.mark.parametrize("name", ["other", "SAFE", "..", "%00", "a" * 5000])
async def test_an_unknown_account(home: House, name: str) -> None:
    request = push(SAFE_MODE, TEXT)
    answer = await home.platform.post(f"/wechat/{name}", params=request.query, content=request.body)
    assert answer.status_code == 404
    assert home.inbox.appended == []


async def test_an_address_with_a_slash_too_many_leads_nowhere_whatever_is_asked() -> None:
    trial = Trial("raw", (Knock("safe/", b"\x80", ()), Knock("0/", b"", ()), Knock("safe/", b"", (), method="GET")))
    assert await attempt(trial) == {"404": 3}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_another_method(home: House, method: str) -> None:
    assert (await home.platform.request(method, "/wechat/safe")).status_code == 405


@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))
async def test_a_body_of_a_mebibyte(home: House, account: Account) -> None:
    await refused(home, account, replace(push(account, TEXT), body=b"<xml>" + b"a" * 2**20), 413)


async def test_reading_stops_at_the_limit_without_a_declared_length(home: House) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1024
            yield b"a" * 1024

    request = push(SAFE_MODE, TEXT)
    answer = await home.platform.post("/wechat/safe", params=request.query, content=endless())
    assert answer.status_code == 413
    assert read <= 66 * 1024


async def test_a_body_that_never_ends_is_given_up(rules: Rules) -> None:
    slow = house(rules, timing=Timing(body_s=0.05))

    async def stuck() -> AsyncIterator[bytes]:
        yield b"<xml>"
        await asyncio.Event().wait()

    request = push(SAFE_MODE, TEXT)
    answer = await slow.platform.post("/wechat/safe", params=request.query, content=stuck())
    assert answer.status_code == 408
    assert slow.inbox.appended == []


async def test_a_body_at_the_limit_is_read(home: House) -> None:
    xml = fixture("view").replace("example.com", "a" * 40_000)
    assert (await home.push(SAFE_MODE, xml)).text == "success"


HOSTILE: dict[str, tuple[Callable[[str], str], int]] = {
    "document type": (lambda xml: f"<!DOCTYPE xml>{xml}", 400),
    "document type after a declaration": (lambda xml: f"<?xml version='1.0'?>\n<!DOCTYPE xml>\n{xml}", 400),
    "document type behind a comment": (lambda xml: f"<!-- <xml> --><!DOCTYPE xml>{xml}", 400),
    "document type behind an instruction": (lambda xml: f"<?a <xml ?><!DOCTYPE xml>{xml}", 400),
    "external entity": (lambda xml: f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{xml}', 400),
    "billion laughs": (lambda xml: BILLION_LAUGHS + xml.replace("24000000000000001", "&j;"), 400),
    "undeclared entity": (lambda xml: xml.replace("24000000000000001", "&e;"), 400),
    "broken": (lambda xml: xml[:-8], 400),
    "two roots": (lambda xml: xml * 2, 400),
    "other root": (lambda xml: xml.replace("xml>", "html>"), 400),
    "empty root": (lambda xml: "<xml></xml>", 400),
    "words in the root": (lambda xml: "<xml>hello</xml>", 400),
    "json": (lambda xml: '{"MsgType": "text"}', 400),
    "empty": (lambda xml: " ", 400),
    "width": (lambda xml: xml.replace("</xml>", "".join(f"<a{place}/>" for place in range(1_000)) + "</xml>"), 400),
    "depth": (lambda xml: "<xml>" + "<a>" * 3_000 + "</a>" * 3_000 + "</xml>", 400),
    "repeated type": (lambda xml: xml.replace("</xml>", "<MsgType>event</MsgType></xml>"), 400),
    "repeated person": (lambda xml: xml.replace("</xml>", "<FromUserName>o</FromUserName></xml>"), 400),
    "no type": (lambda xml: xml.replace("MsgType", "Type"), 400),
    "type with parts": (lambda xml: xml.replace("<![CDATA[text]]>", "<a>text</a>"), 400),
    "no person": (lambda xml: xml.replace("FromUserName", "From"), 400),
    "empty person": (lambda xml: xml.replace("oTest0Person0000000000000001", ""), 400),
    "person with parts": (lambda xml: xml.replace("<![CDATA[oTest0Person0000000000000001]]>", "<a>o</a>"), 400),
    "control characters": (lambda xml: xml.replace("能退吗", "能\x0b退\x00吗"), 400),
    "number in words": (lambda xml: xml.replace("24000000000000001", "abc"), 400),
    "number too long": (lambda xml: xml.replace("24000000000000001", "9" * 5000), 400),
    "negative number": (lambda xml: xml.replace("24000000000000001", "-1"), 400),
    "no number": (lambda xml: xml.replace("MsgId", "Id"), 400),
    "time in words": (lambda xml: xml.replace("1790000000", "now"), 400),
    "time too long": (lambda xml: xml.replace("1790000000", "9" * 30), 400),
    "no time": (lambda xml: xml.replace("CreateTime", "Time"), 400),
}


@pytest.mark.wechat("1.6", "2.1", "2.2")
@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=list(ACCOUNTS))
@pytest.mark.parametrize("name", list(HOSTILE))
async def test_a_signed_but_hostile_body(home: House, account: Account, name: str) -> None:
    spoil, status = HOSTILE[name]
    await refused(home, account, push(account, spoil(TEXT)), status)


async def test_the_deepest_body_that_fits(home: House) -> None:
    xml = "<xml>" + "<a>" * 9_300 + "</a>" * 9_300 + "</xml>"
    await refused(home, ACCOUNTS["plain"], push(ACCOUNTS["plain"], xml), 400)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("image", lambda xml: xml.replace("MediaId", "Id")),
        ("location", lambda xml: xml.replace("28.228209", "north")),
        ("location", lambda xml: xml.replace("28.228209", "nan")),
        ("location", lambda xml: xml.replace("28.228209", "1e999")),
        ("click", lambda xml: xml.replace("EventKey", "Key")),
        ("click", lambda xml: xml.replace("<![CDATA[TALK_TO_PERSON]]>", "<a/>")),
        ("scan", lambda xml: xml.replace("EventKey", "Key")),
        ("subscribe", lambda xml: xml.replace("<![CDATA[]]>", "<a>1</a>")),
    ],
)
async def test_a_message_without_what_it_is_about(home: House, name: str, spoil: Callable[[str], str]) -> None:
    await refused(home, SAFE_MODE, push(SAFE_MODE, spoil(fixture(name))), 400)


@pytest.mark.parametrize(
    "head", ["<!DOCTYPE xml>", BILLION_LAUGHS, "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE xml>"]
)
async def test_a_hostile_envelope(home: House, head: str) -> None:
    request = push(SAFE_MODE, TEXT)
    await refused(home, SAFE_MODE, replace(request, body=head.encode() + request.body), 400)


async def test_an_envelope_in_another_encoding(home: House) -> None:
    request = push(SAFE_MODE, TEXT)
    await refused(home, SAFE_MODE, replace(request, body=request.body.decode().encode("utf-16")), 400)


@pytest.mark.wechat("1.5")
async def test_a_plain_body_in_safe_mode(home: House) -> None:
    await refused(home, SAFE_MODE, push(ACCOUNTS["plain"], TEXT), 400)
    sealed = push(SAFE_MODE, TEXT)
    await refused(home, SAFE_MODE, replace(sealed, body=TEXT.encode()), 400)


@pytest.mark.wechat("1.5")
async def test_a_plain_body_in_compatible_mode(home: House) -> None:
    await refused(home, ACCOUNTS["compatible"], push(ACCOUNTS["plain"], TEXT), 400)


@pytest.mark.wechat("1.5")
async def test_an_encrypted_body_in_plain_mode(home: House) -> None:
    await refused(home, ACCOUNTS["plain"], push(SAFE_MODE, TEXT), 400)


@pytest.mark.wechat("1.11")
async def test_the_signature_of_the_query_does_not_stand_for_the_body(home: House) -> None:
    request = push(SAFE_MODE, TEXT)
    await refused(home, SAFE_MODE, changed(request, msg_signature=request.query["signature"]), 403)


@pytest.mark.wechat("1.11")
async def test_another_cipher_text_under_a_good_query(home: House) -> None:
    request, other = push(SAFE_MODE, TEXT), push(SAFE_MODE, fixture("text__menu"))
    await refused(home, SAFE_MODE, replace(request, body=other.body), 403)


async def test_a_repeated_encrypted_part(home: House) -> None:
    request, other = push(SAFE_MODE, TEXT), push(SAFE_MODE, fixture("text__menu"))
    second = other.body[other.body.index(b"<Encrypt>") :]
    await refused(home, SAFE_MODE, replace(request, body=request.body.replace(b"</xml>", second)), 400)


@pytest.mark.wechat("1.20")
async def test_a_message_of_another_account(home: House) -> None:
    await refused(home, SAFE_MODE, push(replace(SAFE_MODE, app_id="wxfedcba9876543210"), TEXT), 403)


async def test_a_message_to_another_account(home: House) -> None:
    await refused(home, SAFE_MODE, push(SAFE_MODE, TEXT.replace(ORIGINAL_ID, "gh_other")), 403)


async def test_a_message_under_another_key(home: House) -> None:
    await refused(home, SAFE_MODE, push(replace(SAFE_MODE, encoding_aes_key="Z" * 43), TEXT), 400)


@pytest.mark.parametrize("encrypted", ["", "AAAA", "A" * 64, "not base64!", "汉字", "A" * 63, "<a>b</a>"])
async def test_a_signed_cipher_text_that_is_none(home: House, encrypted: str) -> None:
    request = push(SAFE_MODE, TEXT)
    parts = (SAFE.token, request.query["timestamp"], request.query["nonce"], encrypted)
    body = f"<xml><ToUserName>{ORIGINAL_ID}</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()
    forged = replace(changed(request, msg_signature=sign(*parts)), body=body)
    answer = await home.post(SAFE_MODE, forged)
    assert answer.status_code in (400, 403)
    assert home.inbox.appended == []


async def test_a_message_that_is_no_text_inside(home: House) -> None:
    request = push(SAFE_MODE, TEXT)
    encrypted = Envelope(SAFE.encoding_aes_key, SAFE.app_id).encrypt(b"\xff\xfe<xml/>")
    signature = sign(SAFE.token, request.query["timestamp"], request.query["nonce"], encrypted)
    body = f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()
    await refused(home, SAFE_MODE, replace(changed(request, msg_signature=signature), body=body), 400)


async def test_a_refusal_repeats_nothing_of_the_request(home: House) -> None:
    request = push(ACCOUNTS["plain"], TEXT.replace("24000000000000001", "SECRET-WORDS"))
    answer = await home.post(ACCOUNTS["plain"], request)
    assert answer.status_code == 400
    assert "SECRET" not in answer.text
