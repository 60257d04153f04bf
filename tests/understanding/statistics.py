"""The arithmetic of an evaluation: bootstrap intervals, macro-F1, calibration, the alarm curve; of numbers alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from tests.understanding.records import Bin, Calibration, Curve, Estimate, Point

SEED = 12338
RESAMPLES = 2000
CONFIDENCE = 0.95
BINS = 10

type Draws = NDArray[np.int64]
"""Which messages each draw holds: a row for each draw, a column for each message in it."""

type Statistic = Callable[[Draws], NDArray[np.float64]]
"""A figure for each draw."""


def bootstrap(count: int, statistic: Statistic) -> Estimate:
    """The figure of all `count` messages, with its percentile interval; the same every time it is asked for."""
    dice = np.random.default_rng(SEED)
    values = statistic(dice.integers(count, size=(RESAMPLES, count)))
    low, high = np.quantile(values, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    value = statistic(np.arange(count)[np.newaxis, :])[0]
    return Estimate(float(value), float(low), float(high), count)


def share(hits: Sequence[bool]) -> Statistic:
    """Which part of them is true."""
    values = np.array(hits, dtype=np.float64)
    return lambda draws: values[draws].mean(axis=1)


def macro_f1(wanted: Sequence[str], got: Sequence[str]) -> Statistic:
    """The mean F1 of all names that are wanted in a draw; one that is only got costs the wanted one its recall."""
    names = {name: number for number, name in enumerate(sorted({*wanted, *got}))}
    wanted_codes, got_codes = (np.array([names[name] for name in each]) for each in (wanted, got))
    right = wanted_codes == got_codes

    def statistic(draws: Draws) -> NDArray[np.float64]:
        offsets = np.arange(len(draws))[:, np.newaxis] * len(names)

        def counted(cells: NDArray[np.int64]) -> NDArray[np.int64]:
            counts = np.bincount(cells.ravel(), minlength=len(draws) * len(names))
            return counts.reshape(len(draws), len(names))

        of_wanted, of_got = counted(wanted_codes[draws] + offsets), counted(got_codes[draws] + offsets)
        of_both = counted((wanted_codes[draws] + offsets)[right[draws]])
        f1 = 2 * of_both / np.maximum(of_wanted + of_got, 1)
        return np.asarray(f1.sum(axis=1) / (of_wanted > 0).sum(axis=1))

    return statistic


def calibrate(confidences: Sequence[float], hits: Sequence[bool]) -> Calibration:
    """The expected calibration error: how far confidence is from the share of hits, over bins of equal width."""
    sure, right = np.array(confidences, dtype=np.float64), np.array(hits, dtype=np.float64)
    places = np.minimum((sure * BINS).astype(int), BINS - 1)
    bins = []
    for place in range(BINS):
        here = places == place
        if rows := int(here.sum()):
            mean, accuracy = float(sure[here].mean()), float(right[here].mean())
            bins.append(Bin(place / BINS, (place + 1) / BINS, rows, mean, accuracy))
    error = sum(part.rows * abs(part.confidence - part.accuracy) for part in bins) / max(len(sure), 1)
    return Calibration(error, tuple(bins))


def sweep(source: str, critical: Sequence[float], high: Sequence[float], normal: Sequence[float]) -> Curve:
    """The curve over every alarm that occurs among messages of the three levels, the highest first."""
    alarms = sorted({*critical, *high, *normal}, reverse=True)
    points = (Point(at, _from(critical, at), _from(high, at), _from(normal, at)) for at in alarms)
    return Curve(source, tuple(points))


def _from(alarms: Sequence[float], threshold: float) -> float:
    return float(np.mean(np.array(alarms) >= threshold)) if alarms else 0.0


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many per cent do not exceed."""
    return float(np.percentile(np.array(values), percent))
