"""One message, read as the answer to the question that was asked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Callable, Mapping, Sequence

import cn2an

from actions.phone import read_phone
from actions.questions import ENTITIES, NOTHING_MORE, SKIPPED, Kind, Question
from actions.words import bare

LONGEST_NAME = 20
OF_AGE = 18
MOST_BESIDE = 3  # characters beside the names and figures of a plain answer: 大概是上个月
LONGEST_TAP = 4  # of a yes or a no that says nothing besides
LONGEST_CHOICE = 30  # characters around "有": beyond that it is a story, not a tap
_AFTER = r"(?:$|[，,。.！!；;～~…\s]|的|过|啊|呀|哦|呢|咯|哒|噻|嗯|了)"
_YES = re.compile(rf"^(?:有|是|对|会|嗯|嗯嗯|打过|说过|肯定|当然|经常|常常|天天|还在){_AFTER}")
_NO = re.compile(rf"^(?:没有|没|冇|冇得|没得|不是|不会|从来没有?|无|木有|都没有|没有过|还没有?|暂时没有?){_AFTER}")
_UNSURE = re.compile(
    rf"^(?:说不准|不确定|不好讲|难说|不知道|不晓得|不清楚|记不清|不记得|(?:可能|也许|大概|好像|应该)(?:没)?(?:有|是|会)?){_AFTER}"
)
_BARE_ANSWERS = ("有", "没有")  # too short to be looked for within other words: 有没有庇护所
_TELLS_NO = re.compile(r"^(?:从来?|都|还)?(?:没有?|冇)[^不哪一天]{0,6}$")  # 没有打过; but not 没有哪天不打我
_NEGATES = re.compile(r"[没不冇无]|[?？吗]")
_FIGURES = re.compile(
    r"^[\s0-9０-９零一二两三四五六七八九十百千万多半几个年月日号天周星期礼拜前后上下左右岁元块大概约了的、，,.。]+$"
)
_NUMBERS = re.compile(r"^[\s0-9,，、.。和跟及还有;；]+$")
_NTH = re.compile(r"^(?:选|我选|就)?第?([0-9]{1,2}|[一二三四五六七八九十两])(?:个|项|条|种|号)?$")
_NUMERAL = re.compile(
    r"^(?:大概|差不多|快|刚|才|满|有)?([0-9]{1,9}(?:\.[0-9])?|[零一二两三四五六七八九十百千万]+)(?:周岁|岁半|岁|元|块钱|块|左右|多)*$"
)
_CHILDLESS = frozenset(("没有", "没", "无", "冇", "没得", "没孩子", "没有孩子", "没小孩", "没有小孩"))
_NOT_YET = frozenset(
    ("没有", "没", "还没", "还没有", "没去", "还没去", "没递", "还没递", "没交", "还没交", "没申请", "还没申请", "冇")
)
_ALL = frozenset(("都有", "全部", "都要", "全都要", "全选", "以上都要", "都是"))
_NO_MORE = frozenset(("没有了", "没了", "就这些", "就这样", "选好了", "好了", "没有", "都没有", "冇得", "完了"))


@dataclass(frozen=True)
class Heard:
    """What a turn knows of her message."""

    text: str
    intent: str = ""
    confidence: float = 0.0
    entities: Sequence[Mapping[str, Any]] = ()
    level: str = "normal"

    @staticmethod
    def of(message: Mapping[str, Any]) -> Heard:
        """From a tracker's latest message."""
        intent = message.get("intent") or {}
        return Heard(
            text=message.get("text") or "",
            intent=intent.get("name") or "",
            confidence=intent.get("confidence") or 0.0,
            entities=message.get("entities") or (),
            level=(message.get("urgency") or {}).get("level") or "normal",
        )

    @property
    def plain(self) -> bool:
        """Whether it names figures, days, ages, names and nothing else, whatever a classifier hears in so few words."""
        named = sum(entity.get("end", 0) - entity.get("start", 0) for entity in self.entities)
        return bool(_FIGURES.match(self.text)) or (named > 0 and len(self.text.strip()) - named <= MOST_BESIDE)

    @property
    def urgency(self) -> str:
        """The level, as far as the words can carry one."""
        return "normal" if self.plain else self.level

    def values(self, kind: str) -> list[Any]:
        """The values of this kind of entity, in the order of the text."""
        return [entity["value"] for entity in self.entities if entity["entity"] == kind]


@dataclass(frozen=True)
class Reading:
    """An answer; `exact` if she tapped it, or wrote nothing else."""

    value: Any
    exact: bool = False


def read_answer(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    """The answer that the message holds, None if it holds none."""
    return _READERS[question.kind](question, heard, options)


def read_volunteered(question: Question, heard: Heard) -> Any | None:
    """What she told of a question that was not asked yet, None unless it is plain; days are never taken unasked."""
    if question.kind in (Kind.AGE, Kind.MONEY, Kind.PLATFORM, Kind.REGION):
        values = heard.values(ENTITIES[question.kind])
        return values[0] if len(values) == 1 else None
    if question.kind is Kind.PHONE:
        found = read_phone(heard.text)
        return found[0] if found else None
    if question.entities:
        codes = {question.entities[value] for value in heard.values("relation") if value in question.entities}
        return codes.pop() if len(codes) == 1 else None
    return None


def _choice(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    picked = _picked(heard.text, options)
    if picked is not None:
        return Reading(question.codes[picked], exact=True)
    words = bare(heard.text)
    said = _said(question, words)
    if said is not None:
        return Reading(said, exact=True)
    plain = _yes_or_no(question.codes, heard.text)
    code = _related(question, heard) or plain or _named(question, heard, options) or _tells_yes(question, heard)
    if code is not None:
        return Reading(code, exact=code == plain and len(words) <= LONGEST_TAP)
    return Reading(heard.text.strip()) if question.free else None


def _said(question: Question, words: str) -> str | None:
    """What other plain words, or a pattern within a short answer, stand for."""
    also = question.also or {}
    for form in (words, words.rstrip("的了呀啊咯"), words.removeprefix("是").rstrip("的了呀啊咯")):
        if form in also:
            return also[form]
    short = words if len(words) <= LONGEST_NAME else ""
    return next((code for pattern, code in (question.within or {}).items() if re.search(pattern, short)), None)


def _tells_yes(question: Question, heard: Heard) -> str | None:
    """Yes, where she was asked for harm and tells some: 拿菜刀吓过我."""
    tells = heard.urgency != "normal" and len(heard.text) <= LONGEST_CHOICE and not _NEGATES.search(heard.text)
    return "yes" if tells and question.harm else None


def _several(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    """A list of codes; NOTHING_MORE among them ends the question."""
    picked = _picked(heard.text, options)
    if picked is not None:
        return Reading([question.codes[picked]], exact=True)
    if _NUMBERS.match(heard.text):
        numbers = [int(number) for number in re.findall(r"[0-9]+", heard.text)]
        if numbers and all(1 <= number <= len(options) for number in numbers):
            return Reading([question.codes[number - 1] for number in numbers] + [NOTHING_MORE], exact=True)
    words = bare(heard.text)
    if words in _ALL:
        return Reading([*question.codes], exact=True)
    if words in _NO_MORE:
        return Reading([NOTHING_MORE], exact=True)
    named = [code for code, option in zip(question.codes, options, strict=True) if _parts(option, words)]
    return Reading(named) if named else None


def _picked(text: str, options: Sequence[str]) -> int | None:
    """The place of the option that the message is: its words, or its number."""
    words = bare(text)
    for place, option in enumerate(options):
        if words == bare(option):
            return place
    numbered = _NTH.match(words)
    if numbered is None:
        return None
    place = int(cn2an.cn2an(numbered[1].replace("两", "二"), "smart")) - 1
    return place if 0 <= place < len(options) else None


def _yes_or_no(codes: Sequence[str], text: str) -> str | None:
    words = text.strip()
    if "yes" not in codes or len(words) > LONGEST_CHOICE:
        return None
    for code, pattern in (("unsure", _UNSURE), ("no", _NO), ("yes", _YES)):
        if code in codes and pattern.match(words):
            return code
    return "no" if _TELLS_NO.match(words) else None


def _related(question: Question, heard: Heard) -> str | None:
    known = question.entities or {}
    return next((known[value] for value in heard.values("relation") if value in known), None)


def _named(question: Question, heard: Heard, options: Sequence[str]) -> str | None:
    """The one option whose words stand in a short message."""
    words = bare(heard.text)
    found = [code for code, option in zip(question.codes, options, strict=True) if _contains(words, bare(option))]
    return found[0] if len(found) == 1 else None


def _contains(words: str, option: str) -> bool:
    return option not in _BARE_ANSWERS and option in words and len(words) <= len(option) + 8


def _parts(option: str, words: str) -> bool:
    """Whether any word of an option such as "照片、录音、录像" stands in her words."""
    return any(len(part) >= 2 and part in words for part in re.split(r"[、，或和（）()]", option))


def _number(kind: str) -> Callable[[Question, Heard, Sequence[str]], Reading | None]:
    def read(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
        values = heard.values(kind)
        if values:
            return Reading(values[0])
        plain = _NUMERAL.match(unicodedata.normalize("NFKC", heard.text).strip())
        value = _value(plain[1]) if plain else None
        return None if value is None else Reading(value, exact=True)

    return read


def _value(numeral: str) -> float | None:
    """The number that digits or Chinese numerals stand for, None where they stand for none (十百)."""
    try:
        value = float(cn2an.cn2an(numeral.replace("两", "二"), "smart"))
    except ValueError:
        return None
    return int(value) if value == int(value) else value


def _ages(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    if bare(heard.text) in _CHILDLESS:
        return Reading([], exact=True)
    ages = [str(upper(value)) for value in heard.values("age") if upper(value) < OF_AGE]
    if not ages and re.fullmatch(r"[\s0-9,，、和跟岁]+", heard.text):
        ages = [number for number in re.findall(r"[0-9]+", heard.text) if int(number) < OF_AGE]
    return Reading(ages) if ages else None


def _date(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    values = heard.values("date")
    if values:
        return Reading(values[0])
    return _name(question, heard, options)


def _day(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    if bare(heard.text) in _NOT_YET:
        return Reading(SKIPPED, exact=True)
    days = [value for value in heard.values("date") if re.fullmatch(r"20\d\d-\d\d-\d\d", str(value))]
    return Reading(days[0]) if days else None


def _entity_or_name(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    values = heard.values(ENTITIES[question.kind])
    return Reading(values[0]) if values else _name(question, heard, options)


def _name(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    words = heard.text.strip()
    return Reading(words) if len(words) <= LONGEST_NAME and re.search(r"[^\W\d_]", words) else None


def _phone(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    found = read_phone(heard.text)
    return Reading(*found) if found else None


def _words(question: Question, heard: Heard, options: Sequence[str]) -> Reading | None:
    return Reading(heard.text.strip())


_READERS: Mapping[Kind, Callable[[Question, Heard, Sequence[str]], Reading | None]] = {
    Kind.CHOICE: _choice,
    Kind.SEVERAL: _several,
    Kind.AGE: _number("age"),
    Kind.AGES: _ages,
    Kind.MONEY: _number("money"),
    Kind.DATE: _date,
    Kind.DAY: _day,
    Kind.PLATFORM: _entity_or_name,
    Kind.REGION: _entity_or_name,
    Kind.NAME: _name,
    Kind.PHONE: _phone,
    Kind.WORDS: _words,
}


def lower(value: Any) -> float:
    """The least that an age or a sum may be."""
    return float(value["low"] if isinstance(value, dict) else value)


def upper(value: Any) -> float:
    """The most that an age or a sum may be."""
    most = value["high"] if isinstance(value, dict) else value
    return int(most) if float(most) == int(most) else float(most)
