"""What `niangjia up` refuses, so that no message is lost by starting it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.up import _only_one
from bot.conversation.errors import Conflict
from bot.processes import _redis_server


def test_a_second_house_on_the_same_home_is_refused(tmp_path: Path) -> None:
    with _only_one(tmp_path), pytest.raises(Conflict), _only_one(tmp_path):
        pass
    with _only_one(tmp_path):
        pass


def test_files_of_a_newer_redis_are_not_hidden_by_the_older_one(tmp_path: Path) -> None:
    if Path("/usr/bin/redis-server").exists():
        assert _redis_server(tmp_path) == "/usr/bin/redis-server"
    else:
        (tmp_path / "appendonlydir").mkdir()
        with pytest.raises(Conflict):
            _redis_server(tmp_path)
