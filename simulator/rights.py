"""Which account may call what, and how often: the tables of the platform's pages on rights and quotas."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from simulator.accounts import Account
from simulator.clock import Clock
from simulator.condition import Condition, Kind
from simulator.errors import ApiError
from simulator.switches import Switches

_ALL: frozenset[Kind] = frozenset(
    {"verified_service", "verified_subscription", "unverified_service", "unverified_subscription"}
)
_VERIFIED: frozenset[Kind] = frozenset({"verified_service", "verified_subscription"})
_SERVICE: frozenset[Kind] = frozenset({"verified_service"})
_MENU: frozenset[Kind] = _VERIFIED | {"unverified_service"}

_BEIJING = timezone(timedelta(hours=8))
CLEARED_PER_MONTH = 10


@dataclass(frozen=True)
class Rule:
    """Who may call one API path, and how often (None: no limit is known)."""

    kinds: frozenset[Kind] = _ALL
    per_day: int | None = None
    per_minute: int | None = None


# Rights: explanation of interface privileges. Quotas: those of a new account.
RULES = {
    "token": Rule(per_day=2_000),
    "stable_token": Rule(per_day=500_000, per_minute=10_000),
    "message/custom/send": Rule(_VERIFIED, 500_000),
    "message/custom/typing": Rule(_VERIFIED),
    "media/upload": Rule(per_day=100_000),
    "media/get": Rule(per_day=200_000),
    "menu/create": Rule(_MENU, 1_000),
    "menu/get": Rule(_MENU, 10_000),
    "menu/delete": Rule(_MENU, 1_000),
    "qrcode/create": Rule(_SERVICE, 100_000),
    "message/template/send": Rule(_SERVICE, 100_000),
    "message/subscribe/bizsend": Rule(_SERVICE),
    "user/info": Rule(_VERIFIED, 5_000_000),
}

# Codes by trouble, and whether it concerns the token calls, the others, or both.
_TROUBLES = {
    "secret_frozen": (40243, True, False),
    "unconfirmed_ip": (89503, True, False),
    "token_forbidden": (50004, True, False),
    "limited": (50002, False, True),
    "frozen": (50007, True, True),
}


class Gatekeeper:
    """Admits calls and counts them; days and months begin at midnight in Beijing."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self._clock = clock
        self._switches = switches
        self._days: Counter[tuple[str, str, str]] = Counter()
        self._minutes: Counter[tuple[str, str, str]] = Counter()
        self._cleared: Counter[tuple[str, str]] = Counter()

    def admit(self, account: Account, condition: Condition, path: str, ip: str) -> None:
        """Let a call pass, or ApiError.

        40164 or 61004 address not listed, 40243, 89503, 50002, 50004 and 50007 an account in trouble,
        48001 no right to this call, 45009 day used up, 45011 minute used up.
        """
        for_token = path in ("token", "stable_token")
        if for_token or self._switches.ip_list_scope == "all":
            self._check_ip(condition, ip)
        if condition.trouble is not None:
            errcode, tokens, others = _TROUBLES[condition.trouble]
            if tokens if for_token else others:
                raise ApiError(errcode)
        if condition.kind not in RULES.get(path, Rule()).kinds:
            raise ApiError(48001)
        self._spend(account, path)

    def clear(self, account: Account) -> None:
        """Give the day's calls back; ApiError 48006 after ten times in a month."""
        month = (account.id, f"{self._now():%Y-%m}")
        if self._cleared[month] >= CLEARED_PER_MONTH:
            raise ApiError(48006)
        self._cleared[month] += 1
        for key in [key for key in self._days if key[0] == account.id]:
            del self._days[key]

    def _check_ip(self, condition: Condition, ip: str) -> None:
        if condition.allowed_ips is None or ip in condition.allowed_ips:
            return
        code = self._switches.ip_list_errcode
        words = {
            40164: f"invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist",
            61004: "access clientip is not registered",
        }
        raise ApiError(code, words[code] if code == 40164 else f"{words[code]} requestIP: {ip}")

    def _spend(self, account: Account, path: str) -> None:
        rule, now = RULES.get(path, Rule()), self._now()
        per_day = self._switches.daily_quotas.get(path, rule.per_day)
        per_minute = self._switches.minute_quotas.get(path, rule.per_minute)
        day, minute = (account.id, path, f"{now:%Y-%m-%d}"), (account.id, path, f"{now:%Y-%m-%d %H:%M}")
        if per_day is not None and self._days[day] >= per_day:
            raise ApiError(45009)
        if per_minute is not None and self._minutes[minute] >= per_minute:
            raise ApiError(45011)
        _count(self._days, day)
        _count(self._minutes, minute)

    def _now(self) -> datetime:
        return self._clock.now().astimezone(_BEIJING)


def _count(counter: Counter[tuple[str, str, str]], key: tuple[str, str, str]) -> None:
    """One more; what was counted in an earlier span is forgotten."""
    for old in [old for old in counter if old[:2] == key[:2] and old != key]:
        del counter[old]
    counter[key] += 1
