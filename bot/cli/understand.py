"""`niangjia classify` and `niangjia answer`: what is made of messages, with an assistant started for just that."""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import httpx

from bot import processes
from bot.bootstrap import LOOPBACK, read_accounts, read_knowledge, read_rules
from bot.conversation.accounts import Account
from bot.conversation.clock import SystemClock
from bot.conversation.content import Text
from bot.conversation.dialogue import Proposed
from bot.conversation.errors import DialogueUnavailable, InvalidData, Unavailable
from bot.conversation.levels import Topic
from bot.conversation.messages import joined
from bot.conversation.ports import Dialogue
from bot.dialogue import RasaDialogue
from bot.settings import SettingsError, load_settings
from bot.supervisor import Process, Supervisor
from bot.triage import Rules, judge
from bot.turns.decide import decide
from bot.turns.situation import Situation
from bot.turns.think import think, understood

READY_S = 300.0
CONCURRENCY = 2
TRIES = 4
PATIENCE = httpx.Timeout(30.0)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of input."""

    id: str
    text: str


def read_lines(stream: Iterable[str]) -> list[Line]:
    """The JSON lines `{"id", "text"}`; raises InvalidData with the line's number."""
    lines = []
    for number, row in enumerate(stream, start=1):
        if not row.strip():
            continue
        try:
            fields = json.loads(row)
            lines.append(Line(str(fields["id"]), str(fields["text"])))
        except (ValueError, KeyError, TypeError):
            raise InvalidData(f'line {number} is not a JSON object with "id" and "text"') from None
    return lines


async def classify(lines: list[Line], out: TextIO) -> None:
    """Write id, topic, intent, confidence, level and reasons of each line, in the same order."""
    rules = read_rules()

    async def one(line: Line, dialogue: Dialogue) -> Row:
        row = await classify_line(rules, line, dialogue)
        return {name: value for name, value in row.items() if name != "alarm"}

    await _each(lines, one, out)


async def classify_line(rules: Rules, line: Line, dialogue: Dialogue) -> Row:
    """Id, topic, intent, confidence, level, how likely a person is needed, and reasons. Raises DialogueUnavailable."""
    proposed = await dialogue.ask(f"classify-{line.id}", line.id, line.text)
    thought = understood(line.text, judge(rules, line.text), proposed)
    best = proposed.understanding.best
    return {
        "id": line.id,
        "topic": Topic.of_intent(best.intent),
        "intent": best.intent,
        "confidence": round(best.confidence, 4),
        "level": thought.level,
        "alarm": round(thought.alarm, 4),
        "reasons": [reason.words for reason in thought.judgement.reasons]
        + [handoff.reason for handoff in thought.handoffs],
    }


async def answer(lines: list[Line], out: TextIO) -> None:
    """Write the first words that a person would get for each line, in the same order."""
    rules, knowledge, account = read_rules(), read_knowledge(), _account()

    async def one(line: Line, dialogue: Dialogue) -> Row:
        situation, content = Situation(account, f"answer-{line.id}"), Text(line.text)
        thought = await think(content, line.id, situation, rules, dialogue)
        if thought.failed:
            raise Unavailable("the assistant does not answer")
        decision = decide(situation, content, thought, knowledge, SystemClock().now())
        best = thought.proposed.understanding.best if thought.proposed else None
        return {
            "id": line.id,
            "topic": Topic.of_intent(best.intent) if best else thought.judgement.topic or Topic.OTHER,
            "intent": best.intent if best else None,
            "level": decision.level,
            "article": next((bubble.article for bubble in decision.bubbles if bubble.article), None),
            "text": joined(bubble.text for bubble in decision.bubbles),
        }

    await _each(lines, one, out)


async def _each(lines: list[Line], one: Callable[[Line, Dialogue], Awaitable[Row]], out: TextIO) -> None:
    gate = asyncio.Semaphore(CONCURRENCY)
    async with private_assistant() as dialogue, asyncio.TaskGroup() as group:

        async def gated(line: Line) -> Row:
            async with gate:
                return await one(line, dialogue)

        for task in [group.create_task(gated(line)) for line in lines]:
            out.write(json.dumps(await task, ensure_ascii=False) + "\n")
            out.flush()


@dataclass(frozen=True, slots=True)
class _Patient:
    """Nobody waits on a phone here: on a busy machine an answer may take longer, or a second try."""

    dialogue: RasaDialogue

    async def ask(self, conversation_id: str, message_id: str, text: str) -> Proposed:
        for attempt in range(1, TRIES + 1):
            try:
                return await self.dialogue.ask(f"{conversation_id}-{attempt}", message_id, text)
            except DialogueUnavailable:
                if attempt == TRIES:
                    raise
        raise AssertionError("unreachable")


@asynccontextmanager
async def private_assistant() -> AsyncIterator[Dialogue]:
    """Rasa and its actions on free ports, with a memory of their own, ended afterwards. Raises Unavailable."""
    with tempfile.TemporaryDirectory(prefix="niangjia-") as folder:
        supervisor = Supervisor(Path(folder), _ignore)
        rasa_port, actions_port = _free_port(), _free_port()
        dialogue = RasaDialogue.connect(f"http://{LOOPBACK}:{rasa_port}", PATIENCE)
        try:
            for process in processes.assistant(Path(folder), rasa_port, actions_port, {}):
                await supervisor.start(process)
                if not await supervisor.wait_ready(process, READY_S):
                    raise Unavailable(f"{process.name} did not start: run `niangjia train` and `niangjia doctor`")
            yield _Patient(dialogue)
        finally:
            await dialogue.close()
            await supervisor.stop()


def _ignore(process: Process, what: str) -> None:
    """Nobody looks at a private assistant's coming and going."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _account() -> Account:
    """The first account that is set up; without settings, one such as a trial makes."""
    try:
        return next(iter(read_accounts(load_settings()).values()))
    except (SettingsError, FileNotFoundError):
        return Account("hunan", "湖南妇联12338", "430000", app_id="", app_secret="", token="", encoding_aes_key="")
