"""What the settings refuse, and what a trial makes up for itself."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.cli.trial import prepare_trial
from bot.gateway.accounts import parse_accounts
from bot.settings import SettingsError, load_settings, redis_socket

STRONG = "q7Jf0s9LmX2cVb8NzT4yHd6KpW1rGe3A"


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine that runs the tests; an empty home."""
    for name in ("DATABASE_URL", "REDIS_URL", "ACCOUNTS", "SECRET_KEY", "ENCRYPTION_KEYS", "PROXIES"):
        monkeypatch.delenv(f"NIANGJIA_{name}", raising=False)
    monkeypatch.setenv("NIANGJIA_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_missing_secrets_are_named() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "NIANGJIA_SECRET_KEY" in str(caught.value)
    assert "NIANGJIA_ENCRYPTION_KEYS" in str(caught.value)


@pytest.mark.parametrize("weak", ["short", "changeme-changeme-changeme-changeme", "password" * 5])
def test_weak_secret_is_refused_and_not_repeated(weak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANGJIA_SECRET_KEY", weak)
    monkeypatch.setenv("NIANGJIA_ENCRYPTION_KEYS", Fernet.generate_key().decode())
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert weak not in str(caught.value)


def test_encryption_key_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANGJIA_SECRET_KEY", STRONG)
    monkeypatch.setenv("NIANGJIA_ENCRYPTION_KEYS", f"{Fernet.generate_key().decode()},not-a-key")
    with pytest.raises(SettingsError, match="ENCRYPTION_KEYS"):
        load_settings()


@pytest.mark.parametrize("proxies", ["*", "", "proxy.example", "10.0.0.1/8", "0.0.0.0/0", "127.0.0.1,::/0"])
def test_proxies_that_are_none_or_everybody_are_refused(proxies: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANGJIA_SECRET_KEY", STRONG)
    monkeypatch.setenv("NIANGJIA_ENCRYPTION_KEYS", Fernet.generate_key().decode())
    monkeypatch.setenv("NIANGJIA_PROXIES", proxies)
    with pytest.raises(SettingsError, match="NIANGJIA_PROXIES"):
        load_settings()


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANGJIA_SECRET_KEY", STRONG)
    monkeypatch.setenv("NIANGJIA_ENCRYPTION_KEYS", Fernet.generate_key().decode())
    assert load_settings().proxy_list == ["127.0.0.1", "::1"]
    monkeypatch.setenv("NIANGJIA_PROXIES", "10.0.0.5, 172.18.0.0/16")
    assert load_settings().proxy_list == ["10.0.0.5", "172.18.0.0/16"]


def test_secrets_never_show_in_a_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIANGJIA_SECRET_KEY", STRONG)
    monkeypatch.setenv("NIANGJIA_ENCRYPTION_KEYS", Fernet.generate_key().decode())
    assert STRONG not in repr(load_settings())


def test_trial_makes_settings_and_an_account_that_hold(tmp_path: Path) -> None:
    assert prepare_trial(tmp_path, 8082)
    settings = load_settings()
    accounts = parse_accounts(settings.accounts.read_text(encoding="utf-8"))
    assert accounts["hunan"].api_base == "http://127.0.0.1:8082"
    for name in ("trial.env", "accounts.yml"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_trial_keeps_what_it_made(tmp_path: Path) -> None:
    prepare_trial(tmp_path, 8082)
    before = load_settings().secret_key
    assert not prepare_trial(tmp_path, 8082)
    assert load_settings().secret_key == before


def test_environment_overrides_the_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare_trial(tmp_path, 8082)
    monkeypatch.setenv("NIANGJIA_SECRET_KEY", STRONG)
    assert load_settings().secret_key.get_secret_value() == STRONG


def test_socket_of_a_deep_home_still_fits(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 60) / ("y" * 60)
    assert len(str(redis_socket(deep)).encode()) <= 107
    assert redis_socket(deep) != redis_socket(tmp_path)
