"""How long Rasa's side takes to understand a message and to answer it, on one core; `make bench` runs it.

In Rasa's environment and one process, without HTTP: `make evaluate` times the whole over HTTP.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "OMP_NUM_THREADS": "1", "RASA_TELEMETRY_ENABLED": "false"}
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
warnings.simplefilter("ignore")

from rasa.core.agent import Agent, load_agent  # noqa: E402
from rasa.engine.graph import ExecutionContext, GraphNodeHook  # noqa: E402
from rasa.engine.runner.dask import DaskGraphRunner  # noqa: E402
from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402

from components import private_logs  # noqa: E402
from components.protocol import Incoming, NoReply  # noqa: E402
from components.turn import take_turn  # noqa: E402

MESSAGES = Path("tests/data/understanding/messages.jsonl")
ROUNDS, WARM_UP = 200, 5
PARTS = {
    "the encoder": ("SentenceVectors",),
    "the heads": ("CharacterIntentClassifier", "LevelClassifier"),
}


class Watch(GraphNodeHook):
    """Adds up how long each node of the graph runs, by its component's name."""

    def __init__(self) -> None:
        self.took: dict[str, float] = defaultdict(float)

    def on_before_node(
        self, node_name: str, execution_context: ExecutionContext, config: Any, received_inputs: Any
    ) -> dict[str, Any]:
        return {"name": execution_context.graph_schema.nodes[node_name].uses.__name__, "begun": time.perf_counter()}

    def on_after_node(
        self, node_name: str, execution_context: ExecutionContext, config: Any, output: Any, input_hook_data: Any
    ) -> None:
        self.took[input_hook_data["name"]] += time.perf_counter() - input_hook_data["begun"]


def main() -> None:
    """Print the table."""
    models = sorted(Path("models").glob("*.tar.gz"), key=lambda path: path.stat().st_ctime)
    if not models:
        sys.exit("There is no trained model: run `make train`.")
    private_logs.install()
    texts = [json.loads(line)["text"] for line in MESSAGES.read_text(encoding="utf-8").splitlines()]
    _print(asyncio.run(measure(models[-1], texts[: WARM_UP + ROUNDS])), models[-1].name)


async def measure(model: Path, texts: list[str]) -> dict[str, list[float]]:
    """Milliseconds for each text, by what took them."""
    watch, times = Watch(), defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        agent = await _agent(model, Path(folder), watch)
        for at, text in enumerate(texts):
            if at == WARM_UP:
                times.clear()
            times["baseline: SHA-256 of 4 MiB"].append(await _timed(_baseline))
            watch.took.clear()
            times["understanding (parse)"].append(await _timed(lambda text=text: agent.parse_message(text)))
            for part, names in PARTS.items():
                times[f"  of it {part}"].append(_ms(watch, names))
            watch.took.clear()
            incoming = Incoming(f"bench-{at}", f"{at}", text)
            took = await _timed(lambda it=incoming: _answered(agent, it))
            times["a turn, understanding included"].append(took)
            times["  of it the rules, twice"].append(_ms(watch, ("RulePolicy",)))
    return times


async def _agent(model: Path, folder: Path, watch: Watch) -> Agent:
    """Rasa with the model, its graph watched."""
    agent = await load_agent(model_path=str(model))
    storage, metadata = LocalModelStorage.from_model_archive(folder, model)
    schema = metadata.predict_schema
    agent.processor.graph_runner = DaskGraphRunner.create(
        schema, storage, ExecutionContext(schema, metadata.model_id), [watch]
    )
    return agent


async def _answered(agent: Agent, incoming: Incoming) -> None:
    # who is not understood is asked back by the action server, which does not run here
    with suppress(NoReply):
        await take_turn(agent, agent.handle_message, incoming)


def _ms(watch: Watch, names: tuple[str, ...]) -> float:
    return sum(watch.took[name] for name in names) * 1000


async def _baseline() -> None:
    hashlib.sha256(bytes(4 << 20)).digest()


async def _timed(work: Callable[[], Awaitable[Any]]) -> float:
    begun = time.perf_counter()
    await work()
    return (time.perf_counter() - begun) * 1000


def _print(times: dict[str, list[float]], model: str) -> None:
    write = sys.stdout.write
    baseline = statistics.median(next(iter(times.values())))
    write(f"Understanding on one core, {ROUNDS} messages of the judging set, {model}\n")
    write(f"{'what':<40}{'median ms':>10}{'p95 ms':>10}{'times the baseline':>20}\n")
    for name, all_of_it in times.items():
        median, p95 = statistics.median(all_of_it), statistics.quantiles(all_of_it, n=20)[-1]
        write(f"{name:<40}{median:>10.2f}{p95:>10.2f}{median / baseline:>20.2f}\n")


if __name__ == "__main__":
    main()
