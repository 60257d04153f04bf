"""The regional directory: which office a region belongs to, and the number one calls there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import yaml

from bot.conversation.errors import InvalidData, NotFound


@dataclass(frozen=True, slots=True)
class Region:
    """A province, city, prefecture or county by its GB/T 2260 code; `hours` as the office words them, or None."""

    code: str
    name: str
    hotline: str | None
    hours: str | None


NATIONWIDE = "12338"
"""The women's rights hotline, the same number in every province (law.md section 7)."""


class Directory:
    """All regions by code."""

    def __init__(self, regions: Mapping[str, Region]) -> None:
        self._regions = regions

    @staticmethod
    def parse(text: str) -> Directory:
        """The directory of a YAML text with a list `regions`; raises InvalidData."""
        try:
            rows = yaml.safe_load(text)["regions"]
            regions = [Region(str(row["code"]), row["name"], row["hotline"], row["hours"]) for row in rows]
        except (KeyError, TypeError, yaml.YAMLError) as error:
            raise InvalidData(f"regions: {error}") from error
        return Directory({region.code: region for region in regions})

    def name(self, code: str) -> str:
        """The region's name; raises NotFound."""
        return self._get(code).name

    def hotline(self, code: str) -> str:
        """The number of the nearest office upwards that has one, by GB/T 2260 county, city, province.

        A county need not be listed: it then has the number of its city; and where no office is listed at all, the
        hotline's nationwide number serves, because a missing row must never keep safety words back.
        """
        for office in (code, f"{code[:4]}00", f"{code[:2]}0000"):
            region = self._regions.get(office)
            if region is not None and region.hotline is not None:
                return region.hotline
        return NATIONWIDE

    def _get(self, code: str) -> Region:
        try:
            return self._regions[code]
        except KeyError:
            raise NotFound(f"no region {code}") from None
