"""The rules of the vetted answers; each broken one is a sentence that names its file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.conversation.flows import FLOWS
from bot.knowledge.articles import Article, Grade
from bot.knowledge.buttons import flow_of
from tests.knowledge.laws import WORST_FIRST, Cited, weakest
from tests.knowledge.reading import Base, File

MAX_TITLE = 20
FIRST_SENTENCE = 80
LONGEST_REVIEW = timedelta(days=366)

FIELDS = frozenset({"title", "intent", "laws", "grade", "reviewed_on", "review_by", "regions", "related", "buttons"})

_MARKDOWN = re.compile(r"^#{1,6} |^[-*+] |^> |\*\*|__|`|\]\(|^\|", re.MULTILINE)
_CALLED = re.compile(r"(?:打|拨|拨通|电话|热线|发到|发给)\s*[:：]?\s*(\d[\d-]*\d)")
_LOOKS_CALLED = re.compile(
    r"(?<![\d.:-])(1[12]\d|12\d{3}|9[56]\d{3}|\d{3,4}-\d{7,8}|1\d{10}|[48]00-?\d{3}-?\d{4})(?![\d.:]|[元块万天日年月个岁条次分人])"
)


def violations(base: Base, today: date) -> list[str]:
    """Everything that is wrong on this day, file by file; empty if nothing is."""
    faults = [file.fault for file in base.files if file.fault]
    faults += [fault for file in base.files for fault in _fields(file)]
    faults += [
        f"{name}: {fault}"
        for name, article in base.articles
        for rule in (_citations, _named, _superseded, _words, _numbers, _links, _regions)
        for fault in rule(article, base)
    ]
    faults += [f"{name}: {fault}" for name, article in base.articles for fault in _dates(article, today)]
    return [*faults, *_intents(base), *_unreachable(base)]


def silent(base: Base, article: Article) -> list[Cited]:
    """The citations that an article relies on without naming them in its words."""
    named = base.laws.cited(article.body)
    return [cited for cited in _front(article) if cited not in named]


def _front(article: Article) -> list[Cited]:
    return [Cited(law.law, law.article) for law in article.laws]


def _fields(file: File) -> Iterator[str]:
    if file.article and (unknown := file.fields - FIELDS):
        yield f"{file.name}: nobody knows the fields {sorted(unknown)}."


def _citations(article: Article, base: Base) -> Iterator[str]:
    """The front matter against the table of laws."""
    front = _front(article)
    if twice := sorted({cited for cited in front if front.count(cited) > 1}):
        yield f"{_listed(twice)} stands twice in the front matter."
    grades = []
    for citation, cited in zip(article.laws, front, strict=True):
        entry = base.laws.entry(cited)
        if entry is None:
            yield f"{_listed([cited])} is not in data/laws.yml."
            continue
        grades.append(entry.grade)
        if citation.since != entry.since:
            yield f"{_listed([cited])} is in force since {entry.since}, not {citation.since}."
    if WORST_FIRST.index(article.grade) > WORST_FIRST.index(weakest(grades)):
        yield f"the grade is {article.grade}, but its weakest citation is {weakest(grades)}."


def _named(article: Article, base: Base) -> Iterator[str]:
    """The words against the front matter, both ways."""
    front = _front(article)
    for cited in dict.fromkeys(base.laws.cited(article.body)):
        if cited.law is None:
            yield f"第{cited.article}条 is of no law that was named before it."
        elif cited not in front:
            yield f"the words cite {_listed([cited])}, the front matter does not."
    for cited in silent(base, article):
        entry = base.laws.entry(cited)
        if entry is not None and entry.grade is Grade.TEXT:
            yield f"the front matter cites {_listed([cited])}, the words do not."


def _superseded(article: Article, base: Base) -> Iterator[str]:
    for cited in dict.fromkeys([*_front(article), *base.laws.cited(article.body)]):
        if now := base.laws.superseded(cited):
            yield f"{_listed([cited])} is no longer in force; now {now}."
    for law, now in base.laws.gone(f"{article.title}\n{article.body}").items():
        yield f"{law} is no longer in force; now {now}."
    for unknown in dict.fromkeys(base.laws.unknown(article.body)):
        yield f"《{unknown}》 is not in data/laws.yml."


def _words(article: Article, base: Base) -> Iterator[str]:
    if not 0 < len(article.title) <= MAX_TITLE:
        yield f"the title has {len(article.title)} characters, allowed are {MAX_TITLE}."
    if found := _MARKDOWN.search(article.body):
        yield f"{found[0].strip()!r} is Markdown, which WeChat shows as it is."
    first = article.body.splitlines()[0]
    if not re.search(r"[。！？：]", first[:FIRST_SENTENCE]):
        yield f"the first sentence does not end within {FIRST_SENTENCE} characters."


def _numbers(article: Article, base: Base) -> Iterator[str]:
    called = {*_CALLED.findall(article.body), *_LOOKS_CALLED.findall(article.body)}
    if unknown := called - base.hotlines:
        yield f"nobody knows the numbers {sorted(unknown)}."


def _links(article: Article, base: Base) -> Iterator[str]:
    links = [*article.related, *(button for button in article.buttons if flow_of(button) is None)]
    if dead := sorted(set(links) - base.keys):
        yield f"{dead} do not exist."
    if unknown := [button for button in article.buttons if (flow := flow_of(button)) and flow not in FLOWS]:
        yield f"{unknown} are no flows."
    if article.key in links:
        yield "it leads to itself."
    for several in (article.related, article.buttons):
        if len(set(several)) < len(several):
            yield f"{list(several)} names something twice."


def _regions(article: Article, base: Base) -> Iterator[str]:
    if unknown := sorted(set(article.regions) - base.regions):
        yield f"the regions {unknown} are not in data/regions.yml."
    if article.regions and not article.override and article.key in _wanted_everywhere(base):
        yield "it answers an intent or is fixed in the code, so it must be for all regions."


def _wanted_everywhere(base: Base) -> frozenset[str]:
    return base.named | {article.key for _, article in base.articles if article.intent}


def _dates(article: Article, today: date) -> Iterator[str]:
    if article.reviewed_on > today:
        yield f"reviewed on {article.reviewed_on}, which is yet to come."
    if article.review_by < today:
        yield f"was to be reviewed by {article.review_by}."
    if not article.reviewed_on < article.review_by <= article.reviewed_on + LONGEST_REVIEW:
        yield f"is to be reviewed by {article.review_by}; allowed is a year after {article.reviewed_on}."


def _intents(base: Base) -> Iterator[str]:
    answered = {article.intent for _, article in base.articles}
    for intent in sorted(base.intents - answered):
        yield f"The intent {intent} has no article."
    for intent in sorted(intent for intent in answered - base.intents if intent):
        yield f"There is an article of the intent {intent}, which domain.yml does not know."


def _unreachable(base: Base) -> Iterator[str]:
    for key in sorted({article.key for _, article in base.articles} - reachable(base)):
        yield f"{key}: nothing leads to it, neither an intent nor a link, a button, the menu or the code."


def reachable(base: Base) -> frozenset[str]:
    """The keys of the articles that a person can come to, beginning with intents, menu, rules and code."""
    leads = {name: {*article.related, *article.buttons} for name, article in base.articles}
    coming = {article.key for _, article in base.articles if article.intent in base.intents} | (base.named & base.keys)
    found: set[str] = set()
    while coming:
        found |= coming
        coming = {link for key in coming for link in leads.get(key, ())} & base.keys - found
    return frozenset(found)


def _listed(cited: list[Cited]) -> str:
    return ", ".join(f"{one.law} {one.article}" for one in cited)
