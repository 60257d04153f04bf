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


def test_every_field_is_read() -> None:
    full = ACCOUNT | {
        "mode": "compatible",
        "previous_encoding_aes_key": KEY[::-1],
        "customer_service": "false",
        "api_base": "http://127.0.0.1:8082",
    }
    account = parse_accounts(yml(full, ACCOUNT | {"id": "changsha-1"}))["hunan"]
    assert account.mode is EncryptionMode.COMPATIBLE
    assert account.previous_encoding_aes_key == KEY[::-1]
    assert not account.customer_service
    assert account.api_base == "http://127.0.0.1:8082"


def test_plain_mode_needs_no_key() -> None:
    plain = {name: value for name, value in ACCOUNT.items() if name != "encoding_aes_key"} | {"mode": "plain"}
    assert parse_accounts(yml(plain))["hunan"].encoding_aes_key == ""


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
