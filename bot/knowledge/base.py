"""All articles together, and the words of each as an account gives them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.conversation.accounts import Account
from bot.conversation.errors import InvalidData, NotFound
from bot.knowledge.articles import Article, parse_article
from bot.knowledge.regions import Directory

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_KNOWN_PLACEHOLDERS = frozenset({"account", "hotline", "area"})


class KnowledgeBase:
    """The vetted answers by key and by intent."""

    def __init__(self, articles: Mapping[str, Article], directory: Directory) -> None:
        """Raises InvalidData for an unknown placeholder, a link to nowhere or two articles of one intent."""
        self._articles = articles
        self.directory = directory
        self._by_intent: dict[str, Article] = {}
        for article in articles.values():
            _check_placeholders(article)
            self._check_links(article)
            if article.intent is not None and self._by_intent.setdefault(article.intent, article) is not article:
                raise InvalidData(f"article {article.key}: intent {article.intent} has another article")

    @staticmethod
    def parse(texts: Mapping[str, str], regions: str) -> KnowledgeBase:
        """The base of all articles' texts by key, and the text of the directory; raises InvalidData."""
        articles = {key: parse_article(key, text) for key, text in texts.items()}
        return KnowledgeBase(articles, Directory.parse(regions))

    def article(self, key: str) -> Article:
        """The article of this key; raises NotFound."""
        try:
            return self._articles[key]
        except KeyError:
            raise NotFound(f"no article {key}") from None

    def title_of_intent(self, intent: str) -> str | None:
        """How a choice of this intent is worded; None if it has no article."""
        article = self._by_intent.get(intent)
        return article.title if article else None

    def render(self, key: str, account: Account, region: str | None = None) -> str:
        """The article's words as this account gives them to a person of this region (None: the account's own).

        Raises NotFound.
        """
        code = region or account.region
        area = self.directory.full_name(code) if code in self.directory else account.name
        values = {"account": account.name, "hotline": self.directory.hotline(code), "area": area}
        return _PLACEHOLDER.sub(lambda match: values[match[1]], self.article(key).body)

    def __iter__(self) -> Iterator[Article]:
        return iter(self._articles.values())

    def _check_links(self, article: Article) -> None:
        missing = [key for key in article.related if key not in self._articles]
        if missing:
            raise InvalidData(f"article {article.key}: related {missing} do not exist")


def _check_placeholders(article: Article) -> None:
    unknown = set(_PLACEHOLDER.findall(article.body)) - _KNOWN_PLACEHOLDERS
    if unknown:
        raise InvalidData(f"article {article.key}: unknown placeholders {sorted(unknown)}")
