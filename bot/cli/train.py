"""`niangjia train`: teach triage and the assistant from `data/`, the assistant with Rasa's own command."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from bot.bootstrap import DATA, read_bare_rules
from bot.processes import MODELS, QUIET, RASA_PYTHON


def has_model() -> bool:
    """Whether there is a trained model."""
    return any(MODELS.glob("*.tar.gz"))


def learn_levels(console: Console, data: Path = DATA) -> None:
    """Fit triage's small model anew if the labelled examples are not those it was learnt from; raises InvalidData."""
    # here, because scikit-learn takes seconds to import, and nobody who only serves should wait for it
    from bot.learning import fingerprint, fit, read_examples

    path, examples = data / "triage" / "model.json", read_examples(data / "nlu")
    if path.exists() and json.loads(path.read_text(encoding="utf-8"))["learnt_from"] == fingerprint(examples):
        return
    started = time.monotonic()
    path.write_text(fit(examples, read_bare_rules(data)), encoding="utf-8")
    console.print(f"  [green]✓[/] 分级模型学习完成  [dim]{time.monotonic() - started:.0f} 秒[/]")


async def train_all(home: Path, console: Console) -> bool:
    """Teach triage and the assistant side by side, a core for each; False if Rasa failed. Raises InvalidData."""
    _, trained = await asyncio.gather(asyncio.to_thread(learn_levels, console), train(home, console))
    return trained


async def train(home: Path, console: Console) -> bool:
    """Train a new model into `models/`; False if Rasa failed, which the log explains."""
    path = home / "log" / "train.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    with path.open("wb") as log:
        child = await asyncio.create_subprocess_exec(
            # `make test` validates; here it would read twenty thousand messages a second time
            *(str(RASA_PYTHON), "-m", "rasa", "train", "--skip-validation", "--out", str(MODELS)),
            env={**os.environ, **QUIET},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            code = await _wait(child, console, started)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
    if code:
        console.print(f"  [red]✗[/] 训练失败，请看 {path}")
        return False
    console.print(f"  [green]✓[/] 智能助手训练完成  [dim]{time.monotonic() - started:.0f} 秒[/]")
    return True


async def _wait(child: asyncio.subprocess.Process, console: Console, started: float) -> int:
    with console.status("") as status:
        while True:
            status.update(f"正在训练智能助手（三五分钟）…… {time.monotonic() - started:.0f} 秒")
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    return await child.wait()
