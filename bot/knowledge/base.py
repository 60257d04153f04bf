"""All articles together, and the words of each as an account gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from bot.conversation.accounts import Account
from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.levels import Topic
from bot.conversation.staff import upwards
from bot.knowledge.articles import Article, parse_article
from bot.knowledge.buttons import WORDS_OF_FLOW, flow_of
from bot.knowledge.regions import Directory
from bot.knowledge.search import Found, SearchIndex

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_KNOWN_PLACEHOLDERS = frozenset({"account", "hotline", "area", "hours"})
_HOURS_UNKNOWN = "接听时间各地不同，以当地公布的为准"


class KnowledgeBase:
    """The vetted answers by key and by intent; where an article has words of its own for a region, those."""

    def __init__(self, articles: Iterable[Article], directory: Directory) -> None:
        """Raises InvalidData for what does not fit together: placeholders, links, buttons, intents, regions."""
        every = tuple(articles)
        self.directory = directory
        self._articles = {article.key: article for article in every if article.override is None}
        self._overrides = {(article.key, article.override): article for article in every if article.override}
        self._by_intent: dict[str, Article] = {}
        for article in every:
            self._check(article)
        for article in self:
            if article.intent is not None and self._by_intent.setdefault(article.intent, article) is not article:
                raise InvalidData(f"article {article.key}: intent {article.intent} has another article")

    @staticmethod
    def parse(texts: Mapping[str, str], regions: str) -> KnowledgeBase:
        """The base of all articles' texts by the names of their files, and the text of the directory.

        Raises InvalidData.
        """
        return KnowledgeBase([parse_article(name, text) for name, text in texts.items()], Directory.parse(regions))

    def article(self, key: str, region: str | None = None) -> Article:
        """The article of this key, with the words for this region if it is given.

        Raises NotFound, also where the article does not hold in this region.
        """
        found = self._articles.get(key)
        if found is None:
            raise NotFound(f"no article {key}")
        if region is None:
            return found
        for code in upwards(region):
            if (key, code) in self._overrides:
                return self._overrides[key, code]
        if found.regions and not set(found.regions) & set(upwards(region)):
            raise NotFound(f"article {key} is not for region {region}")
        return found

    def title_of_intent(self, intent: str) -> str | None:
        """How a choice of this intent is worded; None if it has no article."""
        article = self._by_intent.get(intent)
        return article.title if article else None

    def words_of_button(self, button: str) -> str:
        """What stands on a button: an article's title, or what its flow does; raises NotFound."""
        flow = flow_of(button)
        if flow is None:
            return self.article(button).title
        try:
            return WORDS_OF_FLOW[flow]
        except KeyError:
            raise NotFound(f"no flow {flow}") from None

    def render(self, key: str, account: Account, region: str | None = None, part: int = 1) -> str:
        """A part of the article as this account gives it to a person of this region (None: the account's own).

        Raises NotFound.
        """
        code = region or account.region
        parts = self.article(key, code).parts
        if not 0 < part <= len(parts):
            raise NotFound(f"article {key} has no part {part}")
        values = self._values(account, code)
        return _PLACEHOLDER.sub(lambda match: values[match[1]], parts[part - 1])

    def search(self, query: str, topic: Topic | None = None, limit: int = 10) -> list[Found]:
        """The articles that a question in plain words, or a few keywords, comes nearest to, the best first."""
        return self._index.search(query, topic, limit)

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex(self)

    def __iter__(self) -> Iterator[Article]:
        """Each article once, without the words that regions have of their own."""
        return iter(self._articles.values())

    @property
    def wordings(self) -> tuple[Article, ...]:
        """Every article and all words that regions have of their own."""
        return (*self._articles.values(), *self._overrides.values())

    def _values(self, account: Account, code: str) -> Mapping[str, str]:
        return {
            "account": account.name,
            "hotline": self.directory.hotline(code),
            "area": self.directory.full_name(code) if code in self.directory else account.name,
            "hours": self.directory.hours(code) or _HOURS_UNKNOWN,
        }

    def _check(self, article: Article) -> None:
        where = f"article {article.key}" + (f"@{article.override}" if article.override else "")
        if unknown := set(_PLACEHOLDER.findall(article.body)) - _KNOWN_PLACEHOLDERS:
            raise InvalidData(f"{where}: unknown placeholders {sorted(unknown)}")
        if missing := [key for key in article.related if key not in self._articles]:
            raise InvalidData(f"{where}: related {missing} do not exist")
        if nowhere := [button for button in article.buttons if not self._leads_somewhere(button)]:
            raise InvalidData(f"{where}: buttons {nowhere} lead nowhere")
        if unlisted := [code for code in article.regions if code not in self.directory]:
            raise InvalidData(f"{where}: regions {unlisted} are not in the directory")
        if article.override:
            base = self._articles.get(article.key)
            if base is None or base.intent != article.intent:
                raise InvalidData(f"{where}: overrides no article of this key and intent")

    def _leads_somewhere(self, button: str) -> bool:
        flow = flow_of(button)
        return flow in WORDS_OF_FLOW if flow is not None else button in self._articles
