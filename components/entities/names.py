"""Names in a message: platforms, regions of Hunan, and whom she speaks of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Iterable, Iterator, Mapping

import yaml
from ahocorasick_rs import AhoCorasick, MatchKind

from components.entities.found import Found, Value

PLATFORM, RELATION, REGION = "platform", "relation", "region"
PROVINCE = "430000"

_OFFICES = re.compile(r"(?:(?:土家|[苗侗瑶])族)*(?:自治[州县]|[省市县区])$")
_LATIN = re.compile(r"[a-z0-9]")
_STREET = re.compile(r"[东南西北中]?[一二三四五]?(?:路|大道|街|巷|高速|大桥|河(?!西|东))")
_LIVES = re.compile(r"(?:[在住是到从去回嫁]|来自|老家|户口|家里|娘家|[\s,，。.:：;；!！?？])$")
_THERE = re.compile(
    r"[\s,，。.;；!！?？]|$|[的人县乡镇]|[这那][边里]|老家|本地|打工|上班|务工|读书|做事|开店|生活|法院|派出所|妇联|民政|医院|中学|小学"
)
_ME = "我俺"


@dataclass(frozen=True)
class _Name:
    """What a name stands for; one that is never alone needs its city before it or a place's words around it."""

    kind: str
    value: Value
    never_alone: bool = False
    official: bool = True
    after_me: bool = False


class Names:
    """All the names that are known; finds them in one pass, the longest first."""

    def __init__(self, names: Mapping[str, _Name | None]) -> None:
        self._names = list(names.values())
        self._search = AhoCorasick(list(names), matchkind=MatchKind.LeftmostLongest)

    @staticmethod
    def read(names: str, regions: str) -> Names:
        """The names of these two YAML texts (data/names.yml and data/regions.yml); raises ValueError for any other."""
        try:
            told, offices = yaml.safe_load(names), yaml.safe_load(regions)["regions"]
            return Names(
                {
                    **_relations(told["relations"]),
                    **_relations(told["after_me"], after_me=True),
                    **_platforms(told["platforms"]),
                    **_regions(offices, told),
                    **{word: None for words in told["not_names"] for word in words},
                }
            )
        except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
            raise ValueError(f"names: {error}") from error

    def find(self, text: str) -> Iterator[Found]:
        """The names in a folded text."""
        regions: list[Found] = []
        for at, start, end in self._search.find_matches_as_indexes(text):
            name = self._names[at]
            if name is None or not _stands_alone(text, start, end):
                continue
            if name.after_me and (start == 0 or text[start - 1] not in _ME):
                continue
            if name.kind != REGION:
                yield Found(name.kind, start, end, name.value)
            elif _is_place(name, text, start, end, regions):
                regions.append(Found(REGION, start, end, name.value))
        yield from _smallest(regions)


def _relations(told: Mapping[str, list[str]], after_me: bool = False) -> dict[str, _Name]:
    return {word: _Name(RELATION, who, after_me=after_me) for who, words in told.items() for word in words}


def _platforms(told: Iterable[Mapping[str, Any]]) -> dict[str, _Name]:
    names = {}
    for platform in told:
        name = _Name(PLATFORM, {"name": platform["name"], "kind": platform["kind"]})
        names |= {word.lower(): name for word in (platform["name"], *platform.get("also", ()))}
    return names


def _regions(offices: Iterable[Mapping[str, Any]], told: Mapping[str, Any]) -> dict[str, _Name]:
    """Their names, in full and without what they are: 城步苗族自治县 and 城步; a city's name is not its county's."""
    never_alone = {word for words in told["never_alone"] for word in words}
    names: dict[str, _Name] = {}
    for code, name in sorted((str(office["code"]), office["name"]) for office in offices):
        names[name] = _Name(REGION, code)
        short = _OFFICES.sub("", name)
        if len(short) > 1:
            names.setdefault(short, _Name(REGION, code, short in never_alone, official=False))
            names.setdefault(f"{short}县" if "自治县" in name else name, _Name(REGION, code))
    return names | {word: _Name(REGION, code) for code, words in told["nicknames"].items() for word in words}


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a name in Latin letters is not part of a longer one: dy, but not in body."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_LATIN.match(text[start]) and _LATIN.match(before)) and not (
        _LATIN.match(text[end - 1]) and _LATIN.match(after)
    )


def _is_place(name: _Name, text: str, start: int, end: int, earlier: list[Found]) -> bool:
    """Whether it is this region that is meant, not a street of that name, another word or a place elsewhere."""
    if earlier and earlier[-1].end == start and _is_in(str(name.value), str(earlier[-1].value)):
        return True
    if not name.official and _STREET.match(text, end):
        return False
    if name.never_alone:
        return bool((start == 0 or _LIVES.search(text[max(0, start - 4) : start])) and _THERE.match(text, end))
    return text[start - 1 : start] not in ("省", "市", "州")


def _is_in(code: str, above: str) -> bool:
    return code.startswith(above[:2] if above == PROVINCE else above[:4] if above.endswith("00") else above)


def _smallest(regions: list[Found]) -> list[Found]:
    """长沙市岳麓区 is one place, the district; the province alone says nothing, for all of them lie in it."""
    places: list[Found] = []
    for region in regions:
        if places and places[-1].end == region.start and _is_in(str(region.value), str(places[-1].value)):
            region = Found(REGION, places.pop().start, region.end, region.value)
        places.append(region)
    return [place for place in places if place.value != PROVINCE]
