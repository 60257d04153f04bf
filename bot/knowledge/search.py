"""Finds articles by a question in plain words: BM25 over pairs of Chinese characters, no model and no dictionary."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import log

from bot.conversation.levels import Topic
from bot.knowledge.articles import Article

_TITLE_WEIGHT = 8
"""A word in the title says as much as this many in the body."""

_K1, _B = 1.2, 0.5
"""BM25: how soon a repeated word stops counting, and how much a long article pays for its length."""

_SMALL_WORDS = frozenset(
    "的了吗呢吧啊么怎能要会可以就也还都又再是有没不在到去来给把被让跟和我他她它您你们这那哪什谁多少几个一上下办想说"
)
"""Characters of which most are little words: a pair says less for each of them that it has."""

_ANSWERS_A_QUESTION = 1.5
"""An article that answers a question of the assistant is the main one of its matter; others say more about a part."""

_WHOLE_IN_TITLE = 1.5
"""What was asked stands in the title as it was asked."""

_PLAIN_WORDS: Mapping[str, str] = {
    "家暴": "家里有人伤害我 家庭暴力",
    "人身安全令": "保护令",
    "庇护": "没地方去",
    "没地方住": "没地方去",
    "抚养权": "孩子会跟谁",
    "监护权": "孩子会跟谁",
    "探视": "看孩子",
    "探望": "看孩子",
    "财产": "房子存款怎么分",
    "小三": "出轨",
    "外遇": "出轨",
    "协议离婚": "两个人都同意",
    "诉讼离婚": "起诉离婚",
    "律师": "法律援助",
    "自杀": "想不开 不想活",
    "轻生": "想不开 不想活",
    "自残": "伤自己",
    "抑郁": "情绪低落 心里难受",
    "心理": "心理咨询",
    "霸凌": "欺负",
    "叛逆": "不听话 顶嘴",
    "厌学": "不肯上学",
    "沉迷": "放不下手机",
    "网瘾": "放不下手机",
    "早恋": "谈恋爱",
    "退款": "充的钱能不能退",
    "充值": "充的钱能不能退",
    "打赏": "打赏主播",
    "外嫁女": "外嫁 村里的地",
    "土地": "村里的地",
    "辞退": "怀孕被辞",
    "猥亵": "骚扰",
}
"""Words of the office, and how the articles say it to a woman who does not know them."""

_KEYWORDS = 6
"""Characters: a longer question says itself what it means."""

_WEIGHTS = (1.0, 0.35, 0.1)
"""Of a pair with none, one and two of them."""

_SINGLE = 0.3
"""Of a single character inside a longer word, which catches what is written a little differently."""

_SNIPPET = 60
_RUN = re.compile(r"[\u4e00-\u9fff]+|[a-z]+|\d+")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")


@dataclass(frozen=True, slots=True)
class Found:
    """An article, and what of the question may stand in it."""

    article: Article
    terms: Mapping[str, float]

    def snippet(self, words: str) -> str:
        """The sentence of these, the article's words as somebody reads them, that comes nearest to the question."""
        sentences = [match[0].strip() for match in _SENTENCE.finditer(words)]
        best = max(sentences, key=self._nearness, default="")
        if len(best) <= _SNIPPET:
            return best
        first = min((place for term in self.terms if (place := best.lower().find(term)) >= 0), default=0)
        start = max(0, min(first - _SNIPPET // 4, len(best) - _SNIPPET))
        return ("…" if start else "") + best[start : start + _SNIPPET] + ("…" if start + _SNIPPET < len(best) else "")

    def _nearness(self, sentence: str) -> float:
        return sum(importance for term, importance in self.terms.items() if term in sentence.lower())


class SearchIndex:
    """Some articles, ready to be searched."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._articles = list(articles)
        counts = [_weighed(article) for article in self._articles]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / len(lengths) if lengths else 0
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        for number, count in enumerate(counts):
            pay = _K1 * (1 - _B + _B * lengths[number] / mean)
            for term, times in count.items():
                self._weights[term][number] = times * (_K1 + 1) / (times + pay)

    def search(self, query: str, topic: Topic | None, limit: int) -> list[Found]:
        """The articles that share most with the question, the best first; none if they share nothing."""
        phrases = ["".join(query.split()), *_in_plain_words(query)]
        terms = _query_terms(" ".join([query, *phrases[1:]]))
        scores: dict[int, float] = defaultdict(float)
        for term, importance in terms.items():
            for number, weight in self._weights.get(term, {}).items():
                scores[number] += weight * importance * self._rarity(term)
        for number, score in scores.items():
            scores[number] = score * _standing(self._articles[number], phrases)
        ranked = sorted(scores, key=lambda number: (-scores[number], self._articles[number].key))
        articles = (self._articles[number] for number in ranked)
        chosen = [article for article in articles if topic is None or article.key.startswith(f"{topic.value}/")]
        return [Found(article, terms) for article in chosen[:limit]]

    def _rarity(self, term: str) -> float:
        having = len(self._weights[term])
        return log(1 + (len(self._articles) - having + 0.5) / (having + 0.5))


def _in_plain_words(query: str) -> Iterator[str]:
    asked = query.strip()
    for word, plain in _PLAIN_WORDS.items():
        if word in asked and len(asked) <= _KEYWORDS:
            yield from plain.split()


def _standing(article: Article, phrases: Iterable[str]) -> float:
    """How much more an article counts for what it is, and for its title."""
    whole = any(phrase and phrase in article.title for phrase in phrases)
    return (_WHOLE_IN_TITLE if whole else 1.0) * (_ANSWERS_A_QUESTION if article.intent else 1.0)


def _weighed(article: Article) -> Counter[str]:
    count = Counter(_terms(article.body))
    for term in _terms(article.title):
        count[term] += _TITLE_WEIGHT
    return count


def _terms(text: str) -> Iterator[str]:
    """The characters and the pairs of neighbours of Chinese, and whole words and numbers of anything else."""
    for run in _RUN.findall(text.lower()):
        if "\u4e00" <= run[0] <= "\u9fff":
            yield from run
            yield from (run[start : start + 2] for start in range(len(run) - 1))
        else:
            yield run


def _query_terms(query: str) -> Mapping[str, float]:
    """What is looked for, and how much each says."""
    found: dict[str, float] = {}
    for run in _RUN.findall(query.lower()):
        for term in _terms(run):
            small = sum(character in _SMALL_WORDS for character in term)
            inside = len(term) == 1 < len(run)
            importance = _SINGLE * (1 - small) if inside else _WEIGHTS[small]
            found[term] = max(importance, found.get(term, 0))
    return {term: importance for term, importance in found.items() if importance}
