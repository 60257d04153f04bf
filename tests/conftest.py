"""Settings of all tests."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("niangjia", deadline=None)  # a slow machine is no wrong answer
settings.load_profile("niangjia")
