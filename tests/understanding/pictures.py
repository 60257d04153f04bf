"""The pictures of an evaluation: which topics are taken for which, and what reaching people costs in false alarms."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findSystemFonts, fontManager

from bot.console.wording import TOPICS
from bot.conversation.errors import Unavailable
from tests.understanding.reading import THRESHOLDS, read_thresholds
from tests.understanding.records import Evaluation, Scores

FONT = "Noto Sans CJK SC"
FONT_FILE = "NotoSansCJK-Regular"
DPI = 150


def draw_confusion(evaluation: Evaluation, path: Path) -> None:
    """A square of wanted and got topics as PNG. Raises Unavailable without the font."""
    need_font(FONT)
    names = list(evaluation.confusion)
    counts = np.array([[evaluation.confusion[wanted][got] for got in names] for wanted in names])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    with mpl.rc_context({"font.family": FONT}):
        figure = Figure(figsize=(7, 6), layout="constrained")
        axes = figure.subplots()
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
        for (row, column), count in np.ndenumerate(counts):
            colour = "white" if shares[row, column] > 0.5 else "black"
            axes.text(column, row, f"{count}\n{shares[row, column]:.0%}", ha="center", va="center", color=colour)
        labels = [TOPICS[name] for name in names]
        axes.set_xticks(range(len(names)), labels)
        axes.set_yticks(range(len(names)), labels)
        axes.set(xlabel="判成", ylabel="应判", title=f"主题（{evaluation.rows} 条；可以接受的主题算对）")
        figure.savefig(path, dpi=DPI)


def draw_curve(evaluation: Evaluation, path: Path) -> None:
    """What share is reached at what share of false alarms, as PNG. Raises Unavailable without the font."""
    need_font(FONT)
    points = evaluation.curve.points
    alarms = [0.0, *(point.false_alarms for point in points)]
    source = "报警值" if evaluation.curve.source == "alarm" else "等级"
    with mpl.rc_context({"font.family": FONT}):
        figure = Figure(figsize=(8, 6), layout="constrained")
        axes = figure.subplots()
        for label, colour, reached in (
            ("紧急的", "tab:red", [point.critical_reach for point in points]),
            ("重要的", "tab:orange", [point.high_reach for point in points]),
        ):
            axes.plot(alarms, [0.0, *reached], color=colour, label=f"{label}（按{source}）", linewidth=1.5)
        _mark(axes, evaluation.scores, "o", "现在")
        _mark(axes, evaluation.triage_alone, "s", "不靠助手")
        _goals(axes)
        axes.set(xlabel="一般的消息里误报的比例", ylabel="转到人的比例", title="转到人与误报")
        axes.set(xlim=(0, _widest(evaluation)), ylim=(0, 1.01))
        axes.grid(alpha=0.3)
        axes.legend(loc="lower right")
        figure.savefig(path, dpi=DPI)


def _mark(axes: Axes, scores: Scores, shape: str, label: str) -> None:
    if not {"critical_reach", "high_reach", "false_alarms"} <= set(scores):
        return
    across = scores["false_alarms"].value
    axes.plot(across, scores["critical_reach"].value, shape, color="tab:red", label=f"{label}：紧急的")
    axes.plot(across, scores["high_reach"].value, shape, color="tab:orange", label=f"{label}：重要的")


def _widest(evaluation: Evaluation) -> float:
    """So far to the right that what the house does now is in the picture; farther on nobody would go."""
    now = evaluation.scores.get("false_alarms")
    return max(0.3, min(1.0, 1.25 * now.value)) if now else 1.0


def _goals(axes: Axes) -> None:
    thresholds = read_thresholds(THRESHOLDS)
    axes.axhline(thresholds["critical_reach"].goal, color="tab:red", linestyle=":", linewidth=1)
    axes.axhline(thresholds["high_reach"].goal, color="tab:orange", linestyle=":", linewidth=1)
    axes.axvline(thresholds["false_alarms"].goal, color="grey", linestyle=":", linewidth=1, label="目标")


def need_font(name: str) -> None:
    """Raises Unavailable where matplotlib does not find the font."""
    if name not in fontManager.get_font_names():
        for path in findSystemFonts():  # the list is kept between runs: the font may be newer than it
            if FONT_FILE in path:
                fontManager.addfont(path)
    if name not in fontManager.get_font_names():
        raise Unavailable(f"the pictures need the font {name}: apt-get install fonts-noto-cjk")
