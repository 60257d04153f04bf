"""Character runs beside the library whose numbers they give."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from components.character_runs import CharacterRuns

TEXTS = ["他打我", "他又打我 打我", "离婚冷静期从哪天算", "离婚要带什么", "他打崽", "e5 e5"]


@pytest.mark.parametrize("min_examples", [1, 2])
def test_they_weigh_as_scikit_learn_does(min_examples: int) -> None:
    library = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=min_examples, sublinear_tf=True)
    wanted = library.fit_transform(TEXTS).toarray()
    ours = CharacterRuns.learn(TEXTS, min_examples)
    assert ours.known == library.get_feature_names_out().tolist()
    assert np.allclose(ours.rows(TEXTS).toarray(), wanted, atol=1e-6)


def test_a_text_of_unknown_runs_has_an_empty_row() -> None:
    rows = CharacterRuns.learn(TEXTS, 1).rows(["", "猫", "他"])
    assert rows.getnnz(axis=1).tolist() == [0, 0, 1]
