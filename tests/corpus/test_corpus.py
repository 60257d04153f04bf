"""The training corpus in data/nlu keeps every rule of corpus.toml."""

from __future__ import annotations

import pytest

from tests.corpus.reading import read
from tests.corpus.rules import measure, read_specification, violations


@pytest.mark.timeout(300)
def test_the_corpus_breaks_no_rule() -> None:
    specification = read_specification()
    wrong = violations(measure(read(), specification), specification)
    assert not wrong, "\n".join(["`make corpus` shows the whole", *wrong])
