"""`make evaluate`: judge the trained assistant, print the tables, and leave everything in var/evaluation/."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.conversation.errors import NiangjiaError
from tests.understanding.measure import changed_since, measure, newest_model
from tests.understanding.pictures import FONT, need_font
from tests.understanding.reading import ROWS, THRESHOLDS, missed, read_answers, read_rows, read_thresholds
from tests.understanding.report import evaluate, write
from tests.understanding.tables import print_difference, print_evaluation

WIDTH = 190


def main() -> int:
    """Run; 1 if CI would not let it pass, 2 if something is missing."""
    parser = argparse.ArgumentParser(prog="python -m tests.understanding", description=__doc__)
    parser.add_argument(
        "--rows", type=Path, default=ROWS, help="another judging set of the same format; no floor holds"
    )
    parser.add_argument("--baseline", type=Path, help="an earlier report.json to compare with")
    options = parser.parse_args()
    try:
        return _run(options.rows, options.baseline, Console(width=WIDTH))
    except (NiangjiaError, OSError) as error:
        Console(stderr=True).print(f"[red]✗[/] {error}", highlight=False)
        return 2


def _run(rows_file: Path, baseline: Path | None, console: Console) -> int:
    wanted = read_rows(rows_file)
    thresholds = read_thresholds(THRESHOLDS) if rows_file.samefile(ROWS) else {}
    earlier = read_answers(baseline) if baseline else None
    need_font(FONT)
    if changed := changed_since(newest_model()):
        console.print(f"[yellow]模型比 {changed[0]} 等 {len(changed)} 个文件旧：先 make train，否则评的是旧模型[/]")
    with Progress(console=console) as progress:
        task = progress.add_task("启动助手，逐条评判", total=len(wanted))
        measured = asyncio.run(measure(wanted, lambda: progress.advance(task)))
    evaluation = evaluate(rows_file, wanted, measured)
    print_evaluation(evaluation, thresholds, console)
    if earlier is not None:
        print_difference(wanted, earlier, evaluation.answers, console)
    folder = Path(os.environ.get("NIANGJIA_HOME", "var")) / "evaluation"
    write(evaluation, wanted, folder)
    console.print(f"报告、图和判错的消息（errors.md）在 {folder}/")
    failures = missed(thresholds, evaluation.scores)
    for line in failures:
        console.print(f"[red]✗[/] {line}", highlight=False)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
