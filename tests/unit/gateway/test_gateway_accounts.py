"""`accounts.yml`: what is read, and what is refused without showing a secret."""

from __future__ import annotations

import pytest

from bot.conversation.accounts import EncryptionMode
from bot.conversation.errors import InvalidData
from bot.gateway.accounts import parse_accounts

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = {
    "id": "hunan",
    "name": "湖南妇联12338",
    "region": 430000,
    "app_id": "wx0123456789abcdef",
    "app_secret": "SECRET-app",
    "token": "SECRETtoken",
    "encoding_aes_key": KEY,
}


def yml(*accounts: dict[str, object]) -> str:
    lines = ["accounts:"]
    for account in accounts:
        rows = [f"{name}: {value}" for name, value in account.items()]
        lines += [f"  - {rows[0]}", *(f"    {row}" for row in rows[1:])]
    return "\n".join(lines)


def test_a_short_file_gets_the_defaults() -> None:
    account = parse_accounts(yml(ACCOUNT))["hunan"]
    assert account.region == "430000"
    assert account.mode is EncryptionMode.SAFE
    assert account.customer_service
    assert account.api_base == "https://api.weixin.qq.com"
    assert account.previous_encoding_aes_key is None
    assert account.follow_up_template is None
    assert account.follow_up_fields == ()
    assert not account.drill
    assert account.union is None


@pytest.mark.wechat("6.11")
def test_every_field_is_read() -> None:
    full = ACCOUNT | {
        "mode": "compatible",
        "previous_encoding_aes_key": KEY[::-1],
        "customer_service": "false",
        "drill": "true",
        "union": "changzhutan",
        "api_base": "http://127.0.0.1:8082",
        "follow_up_template": "VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3",
        "follow_up_fields": "{thing2: 有新进展, phrase3: 待查看, const1: 已更新, character_string4: '12338'}",
    }
    account = parse_accounts(yml(full, ACCOUNT | {"id": "changsha-1"}))["hunan"]
    assert account.mode is EncryptionMode.COMPATIBLE
    assert account.previous_encoding_aes_key == KEY[::-1]
    assert not account.customer_service
    assert account.drill
    assert account.union == "changzhutan"
    assert account.api_base == "http://127.0.0.1:8082"
    assert account.follow_up_template == "VRR0UEO9VJOLs0MHlU0OilqX6MVFDwH3"
    assert dict(account.follow_up_fields) == {
        "thing2": "有新进展",
        "phrase3": "待查看",
        "const1": "已更新",
        "character_string4": "12338",
    }


def test_plain_mode_needs_no_key() -> None:
    plain = {name: value for name, value in ACCOUNT.items() if name != "encoding_aes_key"} | {"mode": "plain"}
    assert parse_accounts(yml(plain))["hunan"].encoding_aes_key == ""


@pytest.mark.wechat("1.8")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"id": "Hunan"}, "id"),
        ({"id": "a" * 33}, "id"),
        ({"id": "no"}, "id"),
        ({"name": "''"}, "name"),
        ({"region": "4300"}, "region"),
        ({"app_id": "''"}, "app_id"),
        ({"app_secret": 12345678}, "app_secret"),
        ({"token": "0123"}, "token"),
        ({"encoding_aes_key": "SECRET"}, "encoding_aes_key"),
        ({"encoding_aes_key": "''"}, "encoding_aes_key"),
        ({"previous_encoding_aes_key": "SECRET"}, "previous_encoding_aes_key"),
        ({"mode": "secure"}, "mode"),
        ({"customer_service": "'yes'"}, "customer_service"),
        ({"drill": "'yes'"}, "drill"),
        ({"union": "长株潭"}, "union"),
        ({"union": "[a]"}, "union"),
        ({"api_base": "api.weixin.qq.com"}, "api_base"),
        ({"customer_servise": "true"}, "customer_servise"),
    ],
)
def test_a_wrong_field_is_named_and_no_value_shown(change: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidData, match=rf"account 2.*\b{named}\b") as caught:
        parse_accounts(yml(ACCOUNT | {"id": "first"}, ACCOUNT | change))
    assert "SECRET" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("missing", list(ACCOUNT))
def test_a_missing_field_is_named(missing: str) -> None:
    rest = {name: value for name, value in ACCOUNT.items() if name != missing}
    with pytest.raises(InvalidData, match=rf"\b{missing} is missing"):
        parse_accounts(yml(rest))


def test_ids_are_taken_once() -> None:
    with pytest.raises(InvalidData, match=r"account 2.*already taken"):
        parse_accounts(yml(ACCOUNT, ACCOUNT))


@pytest.mark.parametrize(
    "text", ["", "3", "- 1", "accounts:", "accounts: []", "accounts: {a: 1}", "accounts: [SECRET]"]
)
def test_another_shape_is_refused(text: str) -> None:
    with pytest.raises(InvalidData, match=r"accounts\.yml") as caught:
        parse_accounts(text)
    assert "SECRET" not in str(caught.value)


def test_broken_yaml_is_refused_without_quoting_it() -> None:
    with pytest.raises(InvalidData, match=r"not YAML \(line 2\)") as caught:
        parse_accounts("accounts:\n  - app_secret: SECRET: more\n")
    assert "SECRET" not in str(caught.value)


def test_an_account_hides_its_secrets() -> None:
    assert "SECRET" not in repr(parse_accounts(yml(ACCOUNT)))


@pytest.mark.wechat("8.11")
@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ("{}", "need each other"),
        ("''", "need each other"),
        ("words", "must be fields"),
        ("[thing2]", "must be fields"),
        ("{thing: 有新进展}", "thing is none of"),
        ("{time4: 有新进展}", "time4 is none of"),
        ("{2: 有新进展}", "2 is none of"),
        ("{thing2: }", "thing2 must be 1 to 20"),
        ("{thing2: 3}", "thing2 must be 1 to 20"),
        (f"{{thing2: {'字' * 21}}}", "thing2 must be 1 to 20"),
        ('{thing2: "有\\n进展"}', "thing2 must be 1 to 20"),
        ("{phrase3: 有新的进展了}", "phrase3 must be 1 to 5"),
        ("{phrase3: news}", "phrase3 must be 1 to 5"),
        ("{character_string1: 进展}", "character_string1 must be"),
    ],
)
def test_a_notice_that_the_platform_would_refuse_is_refused_here(fields: str, named: str) -> None:
    with pytest.raises(InvalidData, match=f"account 1.*{named}"):
        parse_accounts(yml(ACCOUNT | {"follow_up_template": "VRR0UEO9", "follow_up_fields": fields}))


def test_words_without_a_template_are_refused() -> None:
    with pytest.raises(InvalidData, match="need each other"):
        parse_accounts(yml(ACCOUNT | {"follow_up_fields": "{thing2: 有新进展}"}))
