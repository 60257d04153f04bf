"""What a flow asks: its questions, in order, and which of them the answers so far still need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Callable, Iterator, Mapping

SKIPPED = "skipped"
"""The answer to what she would rather not say, or does not know."""

NOTHING_MORE = "nothing_more"
"""The code of the last option of SEVERAL: she has tapped all that fits."""

Answers = Mapping[str, Any]


class Kind(Enum):
    """How an answer is read (actions/reading.py)."""

    CHOICE = "one of the options"
    SEVERAL = "any of the options, one message or several"
    AGE = "years, or limits of years"
    AGES = "the ages of all children"
    MONEY = "yuan, or limits of yuan"
    DATE = "a day, a month, a stretch of them, or her own words for it"
    DAY = "a day, to count from"
    PLATFORM = "a game or an app, or her own word for it"
    REGION = "a county, or her own word for it"
    NAME = "a few words, taken as they are"
    PHONE = "a telephone number of the mainland"
    WORDS = "her own words, however many, taken as they are"


ENTITIES: Mapping[Kind, str] = {
    Kind.AGE: "age",
    Kind.AGES: "age",
    Kind.MONEY: "money",
    Kind.DATE: "date",
    Kind.DAY: "date",
    Kind.PLATFORM: "platform",
    Kind.REGION: "region",
}
"""Where the value is an entity's (docs/adr/0012-entities.md)."""


def always(answers: Answers) -> bool:
    """For questions that everybody is asked."""
    return True


@dataclass(frozen=True)
class Question:
    """One question; its words and options stand in domain.yml, as `utter_ask_<flow>_<key>`."""

    key: str
    kind: Kind
    called: tuple[str, ...]
    """How she may name it when she wants to correct it: "年龄" of "改一下年龄"."""
    codes: tuple[str, ...] = ()
    """What the options stand for, in their order."""
    needed: Callable[[Answers], bool] = always
    free: bool = False
    """Whether what is none of the options is an answer, too."""
    also: Mapping[str, str] | None = None
    """Which code other plain words stand for: 不知道 may be an answer, and no wish to skip."""
    within: Mapping[str, str] | None = None
    """Which code a short answer stands for that holds this pattern; the first that is found counts."""
    calm: bool = False
    """Whether its answers sound like danger, or like the wish for a person, as a matter of course."""
    harm: bool = False
    """Whether it asks for harm, so that harm told is a yes."""
    volunteered: bool = False
    """Whether it is taken from what she tells before it is asked."""
    entities: Mapping[str, str] | None = None
    """Which code a value of the entity `relation` stands for."""


@dataclass(frozen=True)
class Flow:
    """A flow's name, as in docs/adr/0013, and its questions."""

    name: str
    questions: tuple[Question, ...]

    @property
    def form(self) -> str:
        return f"{self.name}_form"

    @property
    def intent(self) -> str:
        """The intent that starts it."""
        return f"other_start_{self.name}"

    def slot(self, key: str) -> str:
        return f"{self.name}_{key}"

    def question(self, slot: str | None) -> Question | None:
        """The question that fills this slot."""
        return next((one for one in self.questions if self.slot(one.key) == slot), None)

    def answers(self, slots: Mapping[str, Any]) -> dict[str, Any]:
        """What is answered so far, by the questions' keys."""
        answered = ((one.key, slots.get(self.slot(one.key))) for one in self.questions)
        return {key: value for key, value in answered if value is not None}

    def open(self, answers: Answers) -> Iterator[Question]:
        """What is still to be asked, in order."""
        return (one for one in self.questions if one.key not in answers and one.needed(answers))


def told(answers: Answers) -> dict[str, Any]:
    """The answers without those that she skipped."""
    return {key: value for key, value in answers.items() if value != SKIPPED}


def read_options(domain: Mapping[str, Any], flow: Flow, question: Question) -> list[str]:
    """The words of the options, as domain.yml has them."""
    response = domain["responses"].get(f"utter_ask_{flow.slot(question.key)}", [{}])[0]
    return [button["title"] for button in response.get("buttons") or ()]
