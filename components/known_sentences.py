"""What starts a flow: the words of its button always, a mere question about the same never."""

from __future__ import annotations

import json
import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.choices import bare
from components.normaliser import Normaliser, normalised

FILE = "known_sentences.json"
_ASKS = re.compile(
    r"怎么|怎样|如何|什么|么子|哪|多少|多久|几天|算不算|是不是|要不要|有没有|[吗么不][?？。!！~\s]*$|[?？]"
)
_WISHES = re.compile(
    r"帮|替我|给我|代写|麻烦|带我|带着|开始|我来|我填|我做|接着|继续"
    r"|我(?:想|要)(?!学|问|知道|晓得|了解|咨询)|(?<!申)请(?!问)"
)

_MATTERS = {
    "other_start_safety_check": r"安全|危险|评估|测|风险|处境|证据|自[评查保]|保命|逃生|防备?|险|把关|问卷|题",
    "other_start_protection_order": r"保护|申请|禁止令|靠近|接近|骚扰|搬出|打扰|状子|法院|法官",
    "other_start_child_game_refund": r"退|充|账单|平台|打赏|游戏|花的钱|皮肤|刷了钱|12315|消费|客服|材料",
    "other_start_divorce_path": r"离|冷静期|抚养费|财产|家产|领证",
    "other_start_parenting_help": r"孩|崽|伢|娃|妹坨|儿子|女儿|孙|侄|亲子|育儿|带小",
    "other_start_referral": r"法律援助|法援|律师|咨询|心理|调解|转介|公益",
    "other_start_call_back": r"回电|回拨|来电|通话|电话|号码|手机号|拨[我过]|打[给我过]",
    "other_resume_flow": r"继续|接着|接到|刚才|刚刚|往下|下面|前面|之前|上次|上回|昨天|没.{0,3}完|恢复|问我",
}  # what a message must name beside the wish: a bare "帮帮我" is a plea


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class KnownSentences(GraphComponent):
    """Learns the examples of the intents that begin with `prefixes`; a message that is one of them is certain.

    It stands before the fallback: a short "接着填" or the words of a button must not end as misunderstood. Any other
    message is none of them where it only asks ("保护令的申请书怎么写"): an article answers a question, and to be led
    through something takes the wish for it, and a word for what.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """See the parent class."""
        return [Normaliser]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`sure` is how likely such an intent must be in any other message: who did not mean it must find out again."""
        return {"prefixes": ["other_start_", "other_resume_"], "sure": 0.7}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._prefixes = tuple(config["prefixes"])
        self._sure = config["sure"]
        self._storage = model_storage
        self._resource = resource
        self._sentences: dict[str, str] = {}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KnownSentences:
        """See the parent class."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> KnownSentences:
        """See the parent class."""
        known = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            known._sentences = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return known

    def train(self, training_data: TrainingData) -> Resource:
        """See the parent class."""
        for example in training_data.intent_examples:
            if str(example.get(INTENT)).startswith(self._prefixes):
                self._sentences[bare(normalised(example))] = example.get(INTENT)
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(self._sentences, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """See the parent class: puts the intent of a known sentence first, or rules all of them out."""
        for message in messages:
            words = normalised(message)
            intent = self._sentences.get(bare(words))
            if intent is not None:
                self._rank(message, [{"name": intent, "confidence": 1.0}], without=(intent,))
                continue
            self._rank(message, [], without=self._prefixes if only_asks(words) else not_named(words))
            best = message.get(INTENT) or {"name": "", "confidence": 0.0}
            if str(best["name"]).startswith(self._prefixes) and best["confidence"] < self._sure:
                self._rank(message, [], without=self._prefixes)
        return messages

    @staticmethod
    def _rank(message: Message, first: list[dict[str, Any]], without: tuple[str, ...]) -> None:
        """What is `first` is certain; the others, but those `without`, share what is left as before."""
        told = message.get(INTENT_RANKING_KEY, [])
        others = [each for each in told if not each["name"].startswith(without)]
        if not first and len(others) == len(told):
            return
        total, left = sum(each["confidence"] for each in others) or 1.0, 0.0 if first else 1.0
        ranking = [*first, *({**each, "confidence": left * each["confidence"] / total} for each in others)]
        if ranking:
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """See the parent class: later components need nothing from this one."""
        return training_data


def only_asks(words: str) -> bool:
    """Whether a message asks something and wishes nothing to be done for her."""
    return bool(_ASKS.search(words)) and not _WISHES.search(words)


def not_named(words: str) -> tuple[str, ...]:
    """The intents whose matter a message does not name; who asks something does not want to go on with a form."""
    unnamed = tuple(intent for intent, named in _MATTERS.items() if not re.search(named, words))
    return (*unnamed, "other_resume_flow") if _ASKS.search(words) else unnamed
