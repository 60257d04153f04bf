"""Every message that was taken for something else than it is, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from bot.console.wording import LEVELS, TOPICS
from bot.conversation.levels import Level
from tests.understanding.records import Judged
from tests.understanding.scores import has_intent, right_intent, right_topic


class Mistake(StrEnum):
    """What went wrong, the worst first."""

    CRITICAL_MISSED = "紧急的没有转到人"
    CRITICAL_LOWERED = "紧急的只判为重要"
    HIGH_MISSED = "重要的没有转到人"
    FALSE_ALARM = "一般的误报"
    HIGH_RAISED = "重要的判为紧急"
    TOPIC = "主题不对"
    INTENT = "意图不对"


_LEVELS = {
    (Level.CRITICAL, Level.NORMAL): Mistake.CRITICAL_MISSED,
    (Level.CRITICAL, Level.HIGH): Mistake.CRITICAL_LOWERED,
    (Level.HIGH, Level.NORMAL): Mistake.HIGH_MISSED,
    (Level.HIGH, Level.CRITICAL): Mistake.HIGH_RAISED,
    (Level.NORMAL, Level.HIGH): Mistake.FALSE_ALARM,
    (Level.NORMAL, Level.CRITICAL): Mistake.FALSE_ALARM,
}


def mistakes_in(row: Judged) -> list[Mistake]:
    """All that went wrong with one message, the worst first."""
    level = _LEVELS.get((row.wanted.level, row.answer.level))
    topic = None if right_topic(row) else Mistake.TOPIC
    intent = Mistake.INTENT if has_intent(row) and not right_intent(row) else None
    return [mistake for mistake in (level, topic, intent) if mistake]


def mistakes_page(rows: Sequence[Judged]) -> str:
    """A page of Markdown; each message stands once, under the worst that went wrong with it."""
    wrong = [(row, found) for row in rows if (found := mistakes_in(row))]
    lines = ["# 判错的消息", "", f"共 {len(rows)} 条，判错 {len(wrong)} 条。每条只列一次，列在最严重的一类里。"]
    lines += ["看的是哪一类没听懂；不要把这里的句子抄进训练语料或规则，抄了就再也评不准。"]
    for mistake in Mistake:
        here = [(row, found) for row, found in wrong if found[0] is mistake]
        if here:
            lines += ["", f"## {mistake}（{len(here)} 条）"]
        for row, found in here:
            lines += ["", *_entry(row, found)]
    return "\n".join(lines) + "\n"


def _entry(row: Judged, found: Sequence[Mistake]) -> list[str]:
    wanted, answer = row.wanted, row.answer
    topics = "或".join(TOPICS[topic] for topic in (wanted.topic, *wanted.accepted))
    alarm = "" if answer.alarm is None else f"，报警值 {answer.alarm:.2f}"
    return [
        f"**{wanted.id}** {'、'.join(found)}",
        "",
        *(f"> {line}" for line in wanted.text.splitlines()),
        "",
        f"- 应判：{topics}，{wanted.intent or '（意图不计）'}，{LEVELS[wanted.level]}。{wanted.why}",
        f"- 判成：{TOPICS[answer.topic]}，{answer.intent}（把握 {answer.confidence:.2f}），{LEVELS[answer.level]}"
        f"（不靠助手：{LEVELS[answer.triage]}）{alarm}",
        f"- 理由：{'；'.join(answer.reasons) or '无'}",
    ]
