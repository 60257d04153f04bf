"""The regional directory: the number one calls in a region, and the region that a place lies in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import cos, hypot, inf, radians
from typing import Any

import yaml

from bot.conversation.errors import InvalidData, NotFound
from bot.conversation.staff import upwards
from bot.knowledge.hours import Opening, Week, parse_week

NATIONWIDE = "12338"
"""The women's rights hotline, the same number in every province (law.md section 7)."""

NEAR_KM = 60.0
"""Farther than this from every county's seat, a place is none of ours: Hunan's counties reach less far."""

_DEGREE_KM = 111.2


@dataclass(frozen=True, slots=True)
class Region:
    """A province, city, prefecture or county by its GB/T 2260 code; `hours` as the office words them, or None.

    `open` are the same hours as a week to reckon with. `at` is latitude and longitude of a county's seat.
    """

    code: str
    name: str
    hotline: str | None
    hours: str | None
    at: tuple[float, float] | None = None
    open: Week | None = None


class Directory:
    """All regions by code."""

    def __init__(self, regions: Mapping[str, Region]) -> None:
        self._regions = regions

    @staticmethod
    def parse(text: str) -> Directory:
        """The directory of a YAML text with a list `regions`; raises InvalidData."""
        try:
            regions = [_region(row) for row in yaml.load(text, yaml.CSafeLoader)["regions"]]
        except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
            raise InvalidData(f"regions: {error}") from error
        return Directory({region.code: region for region in regions})

    def __contains__(self, code: object) -> bool:
        return code in self._regions

    def __iter__(self) -> Iterator[Region]:
        """In the order of their codes: a city stands before its counties."""
        return iter(sorted(self._regions.values(), key=lambda region: region.code))

    def name(self, code: str) -> str:
        """The region's name; raises NotFound."""
        try:
            return self._regions[code].name
        except KeyError:
            raise NotFound(f"no region {code}") from None

    def full_name(self, code: str) -> str:
        """The names of city and county as one says them, 长沙市岳麓区; of a province its own. Raises NotFound."""
        city = self._regions.get(f"{code[:4]}00")
        own = self.name(code)
        return own if city is None or city.code == code else f"{city.name}{own}"

    def hotline(self, code: str) -> str:
        """The number of the nearest office upwards that has one, by GB/T 2260 county, city, province.

        A county need not be listed: it then has the number of its city; and where no office is listed at all, the
        hotline's nationwide number serves, because a missing row must never keep safety words back.
        """
        return next((region.hotline for region in self._offices(code) if region.hotline is not None), NATIONWIDE)

    def hours(self, code: str) -> str | None:
        """When the nearest office upwards that tells it is there, in its own words; None where none tells."""
        return next((region.hours for region in self._offices(code) if region.hours is not None), None)

    def open_at(self, code: str, when: datetime) -> Opening | None:
        """Whether the nearest office upwards that tells its hours is there at this moment; None where none tells."""
        week = next((region.open for region in self._offices(code) if region.open is not None), None)
        return week.at(when) if week is not None else None

    def find(self, label: str) -> str | None:
        """The code of the smallest city or county that an address names; None if it names none of ours for certain.

        A name inside the address counts only behind the name of its city or province: 天津市市辖区 is not 津市市.
        """
        above = {code: self._named_above(code, label) for code in self._regions if not code.endswith("0000")}
        named = [code for code in above if self._regions[code].name in label]
        sure = [code for code in named if above[code] or label.startswith(self._regions[code].name)]
        # of two, the one deeper in the address, then the longer name: 临澧县 holds 澧县
        return max(sure, key=lambda code: (above[code], len(self._regions[code].name)), default=None)

    def nearest(self, latitude: float, longitude: float) -> str | None:
        """The code of the county whose seat is nearest; None if all are farther than NEAR_KM."""
        away = {code: _away_km(region, latitude, longitude) for code, region in self._regions.items()}
        code = min(away, key=lambda code: away[code], default=None)
        return code if code is not None and away[code] <= NEAR_KM else None

    def _offices(self, code: str) -> Iterator[Region]:
        return (self._regions[office] for office in upwards(code) if office in self._regions)

    def _named_above(self, code: str, label: str) -> int:
        above = [self._regions[office] for office in upwards(code) if office != code and office in self._regions]
        return sum(region.name in label for region in above)


def _away_km(region: Region, latitude: float, longitude: float) -> float:
    """On a flat earth, which is right to a per mille or two over such distances."""
    if region.at is None:
        return inf
    north, east = latitude - region.at[0], longitude - region.at[1]
    return _DEGREE_KM * hypot(north, east * cos(radians(region.at[0])))


def _region(row: Mapping[str, Any]) -> Region:
    latitude, longitude = row.get("at") or (None, None)
    at = None if latitude is None or longitude is None else (float(latitude), float(longitude))
    if row["hours"] is None and row.get("open") is not None:
        raise ValueError(f"{row['code']} has a week to reckon with, but no words for it")
    week = None if row.get("open") is None else parse_week(row["open"])
    return Region(str(row["code"]), row["name"], row["hotline"], row["hours"], at, week)
