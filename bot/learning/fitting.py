"""Learn the small model of triage, and how far to trust it, from labelled examples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot.conversation.levels import Level
from bot.learning.examples import Example, fingerprint
from bot.triage.model import LONGEST_RUN
from bot.triage.rules import Rules

SELF_HARM = ("other_suicidal_thoughts", "parenting_self_harm")
"""Intents whose danger comes from the person's own hand: they get other safety words."""

RAREST = 3  # a run of characters in fewer examples says nothing
REGULARISATION = 10.0
FOLDS = 3
DECIMALS = 3

RULE_WEIGHT = 0.5  # beside the runs of a text, which together have length 1

# Shares of the normal examples, most of them hard ones, that may pass a threshold; the curves: docs/adr/0011.
FALSE_ALARMS = 0.08
FALSE_ALARMS_AGAIN = 0.10
FALSE_CRITICAL = 0.015
FALSE_RULES = 0.08

Numbers = NDArray[np.float64]
Answers = NDArray[np.bool_]


def fit(examples: Sequence[Example], rules: Rules) -> str:
    """The model as the text of `data/triage/model.json`, which `load_model` reads.

    The same examples give the same text. Thresholds and probabilities come from cross-validation: each example is
    judged by a model that has not seen it.
    """
    plain = [rules.spelling.plain(example.text) for example in examples]
    grams = TfidfVectorizer(
        analyzer="char", ngram_range=(1, LONGEST_RUN), min_df=RAREST, sublinear_tf=True, lowercase=False
    )
    codes = {code: at for at, code in enumerate(dict.fromkeys(rule.code for rule in rules.rules))}
    features = hstack([grams.fit_transform(plain), RULE_WEIGHT * _holding(rules, codes, plain)]).tocsr()
    alarm = np.array([example.level.needs_person for example in examples])
    critical = np.array([example.level is Level.CRITICAL for example in examples])
    own_hand = np.array([example.intent in SELF_HARM for example in examples])
    lines = {
        "alarm": _Line(features, alarm),
        "critical": _Line(features, critical),
        "self_harm": _Line(features[alarm], own_hand[alarm]),
    }
    weights = np.stack([line.weights for line in lines.values()])
    known = len(grams.vocabulary_)
    fields = {
        "learnt_from": fingerprint(examples),
        **{name: line.written for name, line in lines.items()},
        "thresholds": _thresholds(lines["alarm"].shares, alarm, lines["critical"].shares),
        "rules": {code: _rounded(RULE_WEIGHT * weights[:, known + at]) for code, at in codes.items()},
    }
    return _written(fields, {run: _rounded([grams.idf_[at], *weights[:, at]]) for run, at in grams.vocabulary_.items()})


def _holding(rules: Rules, codes: Mapping[str, int], texts: Sequence[str]) -> csr_matrix:
    """Which rules hold for which texts: a row a text, a column a rule."""
    pairs = [(row, codes[rule.code]) for row, text in enumerate(texts) for rule in rules.matching(text)]
    rows, columns = zip(*set(pairs), strict=True) if pairs else ((), ())
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(codes)))


class _Line:
    """One question's regression, with the probability each example got from the folds that did not hold it."""

    def __init__(self, features: Any, answers: Answers) -> None:
        regression = LogisticRegression(C=REGULARISATION, solver="liblinear", random_state=7)
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=7)
        scores = cross_val_predict(regression, features, answers, cv=folds, method="decision_function")
        platt = LogisticRegression(C=1e6).fit(scores[:, np.newaxis], answers)
        regression.fit(features, answers)
        self.weights: Numbers = regression.coef_[0]
        self.shares: Numbers = platt.predict_proba(scores[:, np.newaxis])[:, 1]
        slope, base = float(platt.coef_[0, 0]), float(platt.intercept_[0])
        self.written = {
            "bias": round(base + slope * float(regression.intercept_[0]), DECIMALS),
            "slope": round(slope, DECIMALS),
        }


def _thresholds(alarm: Numbers, needs: Answers, critical: Numbers) -> dict[str, float]:
    def exceeded_by(share: float, estimates: Numbers) -> float:
        return round(float(np.quantile(estimates[~needs], 1 - share)), DECIMALS)

    return {
        "alarm": exceeded_by(FALSE_ALARMS, alarm),
        "again": exceeded_by(FALSE_ALARMS_AGAIN, alarm),
        "critical": exceeded_by(FALSE_CRITICAL, critical),
        "doubt": exceeded_by(FALSE_RULES, alarm),
    }


def _rounded(numbers: Iterable[float]) -> list[float]:
    return [round(float(number), DECIMALS) for number in numbers]


def _written(fields: Mapping[str, Any], runs: Mapping[str, list[float]]) -> str:
    """JSON with a run of characters a line, so that two models can be compared."""
    head = json.dumps(fields, indent=1).removesuffix("\n}")
    lines = ",\n".join(f"{json.dumps(run, ensure_ascii=False)}:{json.dumps(runs[run])}" for run in sorted(runs))
    return f'{head},\n "runs": {{\n{lines}\n}}}}\n'
