"""Reading `accounts.yml`: YAML text in, the official accounts out, or a refusal that says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml

from bot.conversation.accounts import Account, Accounts, EncryptionMode
from bot.conversation.errors import InvalidData
from bot.gateway.alert_robots import parse_robots

_SHAPES: Mapping[str, tuple[re.Pattern[str], str]] = {
    "id": (re.compile(r"[a-z0-9-]{1,32}"), "1 to 32 of a-z, 0-9 and -"),
    "region": (re.compile(r"[0-9]{6}"), "six digits (GB/T 2260)"),
    "union": (re.compile(r"[a-z0-9-]{1,32}"), "1 to 32 of a-z, 0-9 and -"),
    "encoding_aes_key": (re.compile(r"[A-Za-z0-9]{43}"), "43 letters and digits"),
    "previous_encoding_aes_key": (re.compile(r"[A-Za-z0-9]{43}"), "43 letters and digits"),
    "api_base": (re.compile(r"https?://[^\s?#]+"), "an address that starts with http:// or https://"),
}
_REQUIRED = ("id", "name", "region", "app_id", "app_secret", "token")
_OPTIONAL = ("encoding_aes_key", "previous_encoding_aes_key", "follow_up_template", "union", "api_base")
_FIELDS = frozenset({*_REQUIRED, *_OPTIONAL, "mode", "customer_service", "drill", "follow_up_fields", "alert_robots"})
_NOTICE_FIELD = re.compile(r"([a-z_]+)[0-9]{1,3}")
_NOTICE_WORDS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "thing": (re.compile(r"[^\x00-\x1f\x7f]{1,20}"), "1 to 20 characters"),
    "const": (re.compile(r"[^\x00-\x1f\x7f]{1,20}"), "1 to 20 characters"),
    "phrase": (re.compile(r"[\u4e00-\u9fff]{1,5}"), "1 to 5 汉字"),
    "character_string": (re.compile(r"[ -~]{1,32}"), "1 to 32 letters, digits and signs"),
}
"""What the platform takes in a notice's fields; the other kinds (times, amounts, names) hold no fixed words."""


def parse_accounts(text: str) -> Accounts:
    """The accounts by id, in the order of the file (design section 8).

    Raises InvalidData, which names the account by its place and the field, and never shows a value.
    """
    accounts: dict[str, Account] = {}
    for place, entry in enumerate(_entries(text), start=1):
        account = _account(entry, f"accounts.yml, account {place}")
        if account.id in accounts:
            raise InvalidData(f"accounts.yml, account {place}: its id is already taken")
        accounts[account.id] = account
    return accounts


def _entries(text: str) -> list[Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        # the error's own text quotes the file, secrets and all
        mark = getattr(error, "problem_mark", None)
        raise InvalidData(f"accounts.yml is not YAML{f' (line {mark.line + 1})' if mark else ''}") from None
    entries = data.get("accounts") if isinstance(data, dict) else None
    if not isinstance(entries, list) or not entries:
        raise InvalidData("accounts.yml needs a list `accounts:` with at least one account")
    return entries


def _account(entry: Any, where: str) -> Account:
    if not isinstance(entry, dict):
        raise InvalidData(f"{where}: not a list of fields")
    unknown = sorted(str(name) for name in entry.keys() - _FIELDS)
    if unknown:
        raise InvalidData(f"{where}: unknown field {unknown[0]}")
    mode = _mode(entry, where)
    names = {*_REQUIRED, *(name for name in _OPTIONAL if entry.get(name) not in (None, ""))}
    if mode is not EncryptionMode.PLAIN:
        names.add("encoding_aes_key")
    texts = {"encoding_aes_key": ""} | {name: _text(entry, name, where) for name in sorted(names)}
    return Account(
        **texts,
        mode=mode,
        customer_service=_yes_or_no(entry, "customer_service", True, where),
        drill=_yes_or_no(entry, "drill", False, where),
        follow_up_fields=_notice(entry, where),
        alert_robots=parse_robots(entry.get("alert_robots"), where),
    )


def _text(entry: Mapping[str, Any], name: str, where: str) -> str:
    value = entry.get(name)
    if name == "region" and type(value) is int:
        value = str(value)
    if value is None or value == "":
        raise InvalidData(f"{where}: {name} is missing")
    if not isinstance(value, str):
        # YAML reads 0123 as 83 and 1e5 as a number: guessing back would make a wrong secret
        raise InvalidData(f"{where}: {name} must be text; put it in quotes")
    shape, words = _SHAPES.get(name, (None, ""))
    if shape is not None and not shape.fullmatch(value):
        raise InvalidData(f"{where}: {name} must be {words}")
    return value


def _mode(entry: Mapping[str, Any], where: str) -> EncryptionMode:
    try:
        return EncryptionMode(entry.get("mode", EncryptionMode.SAFE))
    except ValueError:
        raise InvalidData(f"{where}: mode must be one of {', '.join(EncryptionMode)}") from None


def _yes_or_no(entry: Mapping[str, Any], name: str, default: bool, where: str) -> bool:
    value = entry.get(name, default)
    if not isinstance(value, bool):
        raise InvalidData(f"{where}: {name} must be true or false")
    return value


def _notice(entry: Mapping[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    fields = entry.get("follow_up_fields") or {}
    if not isinstance(fields, dict):
        raise InvalidData(f"{where}: follow_up_fields must be fields of the template with their words")
    if bool(fields) != bool(entry.get("follow_up_template")):
        raise InvalidData(f"{where}: follow_up_template and follow_up_fields need each other")
    for name, words in fields.items():
        kind = _NOTICE_FIELD.fullmatch(str(name))
        if kind is None or kind[1] not in _NOTICE_WORDS:
            raise InvalidData(f"{where}: follow_up_fields: {name} is none of {', '.join(_NOTICE_WORDS)} with a number")
        shape, allowed = _NOTICE_WORDS[kind[1]]
        if not isinstance(words, str) or not shape.fullmatch(words):
            raise InvalidData(f"{where}: follow_up_fields: {name} must be {allowed}")
    return tuple(fields.items())
