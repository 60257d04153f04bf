"""What a trial makes up for itself on its first start: secrets, and two accounts on the simulator, one for drills."""

from __future__ import annotations

import secrets
import string
from pathlib import Path

import yaml
from cryptography.fernet import Fernet

from bot.settings import TRIAL_FILE

_ALPHABET = string.ascii_letters + string.digits


def prepare_trial(home: Path, simulator_port: int) -> bool:
    """Write `trial.env` and `accounts.yml` into the home folder unless they are there; True if they are new."""
    home.mkdir(parents=True, exist_ok=True)
    settings, accounts = home / TRIAL_FILE, home / "accounts.yml"
    if settings.exists():
        return False
    made_up = {"accounts": [_account(simulator_port), _drill_account(simulator_port)]}
    _write_private(accounts, yaml.safe_dump(made_up, allow_unicode=True))
    lines = [
        "# Made up by `niangjia up` for a trial. For real use set these yourself and delete this file.",
        f"NIANGJIA_SECRET_KEY={_random(48)}",
        f"NIANGJIA_ENCRYPTION_KEYS={Fernet.generate_key().decode()}",
        f"NIANGJIA_ACCOUNTS={accounts.resolve()}",
    ]
    _write_private(settings, "\n".join(lines) + "\n")
    return True


def _account(simulator_port: int) -> dict[str, object]:
    notice = {"follow_up_template": "trial-follow-up", "follow_up_fields": {"thing2": "您关注的事项有新进展"}}
    return {"id": "hunan", "name": "湖南妇联12338", "region": "430000", **_on(simulator_port), **notice}


def _drill_account(simulator_port: int) -> dict[str, object]:
    return {"id": "drill", "name": "演练号", "region": "430000", **_on(simulator_port), "drill": True}


def _on(simulator_port: int) -> dict[str, object]:
    return {
        "app_id": f"wx{secrets.token_hex(8)}",
        "app_secret": secrets.token_hex(16),
        "token": _random(32),
        "encoding_aes_key": _random(43),
        "mode": "safe",
        "customer_service": True,
        "api_base": f"http://127.0.0.1:{simulator_port}",
    }


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
