"""When an office is there: by its week, and by the holidays of the State Council."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.conversation.clock import HUNAN
from bot.conversation.errors import InvalidData
from bot.knowledge import Directory
from bot.knowledge.hours import Opening, parse_week

OFFICE = """
regions:
- {code: "430000", name: 湖南省, hotline: "12338", hours: null}
- code: "430100"
  name: 长沙市
  hotline: null
  hours: 工作日9:00到12:00、13:30到17:00
  open: {mon-fri: ["9:00-12:00", "13:30-17:00"]}
- {code: "430102", name: 芙蓉区, hotline: null, hours: null}
- {code: "431000", name: 郴州市, hotline: null, hours: 全天, open: {mon-sun: ["0:00-24:00"], holidays: ["0:00-24:00"]}}
- {code: "431100", name: 永州市, hotline: null, hours: 有人的时候}
"""


def at(moment: str) -> datetime:
    """A moment as the clocks of Hunan show it."""
    return datetime.fromisoformat(moment).replace(tzinfo=HUNAN)


@pytest.mark.parametrize(
    ("when", "opens"),
    [
        pytest.param("2026-11-20 08:59", "2026-11-20 09:00", id="before it opens"),
        pytest.param("2026-11-20 09:00", None, id="as it opens"),
        pytest.param("2026-11-20 12:00", "2026-11-20 13:30", id="at noon"),
        pytest.param("2026-11-20 16:59", None, id="before it closes"),
        pytest.param("2026-11-20 17:00", "2026-11-23 09:00", id="Friday evening"),
        pytest.param("2026-11-22 10:00", "2026-11-23 09:00", id="Sunday"),
        pytest.param("2026-02-14 10:00", None, id="a Saturday that is worked"),
        pytest.param("2026-02-14 20:00", "2026-02-24 09:00", id="the evening before the Spring Festival"),
        pytest.param("2026-10-01 10:00", "2026-10-08 09:00", id="National Day"),
        pytest.param("2031-10-01 10:00", None, id="a year whose holidays nobody knows yet"),
    ],
)
def test_an_office_is_open_by_its_week_and_the_holidays(when: str, opens: str | None) -> None:
    expected = Opening(opens is None, at(opens) if opens else None)
    assert Directory.parse(OFFICE).open_at("430102", at(when)) == expected
    assert Directory.parse(OFFICE).open_at("430100", at(when).astimezone(UTC)) == expected


def test_an_office_that_never_closes_is_open_on_holidays_too() -> None:
    for when in ("2026-02-17 00:00", "2026-11-22 23:59", "2026-11-23 00:00"):
        assert Directory.parse(OFFICE).open_at("431000", at(when)) == Opening(True, None)


@pytest.mark.parametrize("code", ["430000", "431100", "999999"])
def test_of_an_office_that_does_not_tell_its_hours_nobody_says_that_it_is_closed(code: str) -> None:
    assert Directory.parse(OFFICE).open_at(code, at("2026-11-20 10:00")) is None


def test_an_office_that_has_no_hours_at_all_opens_nobody_knows_when() -> None:
    assert parse_week({}).at(at("2026-11-20 10:00")) == Opening(False, None)


@pytest.mark.parametrize(
    "week",
    [
        "9:00-17:00",
        "[]",
        "{mon-fri: 9:00-17:00}",
        '{monday: ["9:00-17:00"]}',
        '{mon-fri: ["9-17"]}',
        '{mon-fri: ["17:00-9:00"]}',
        '{mon-fri: ["9:00-25:00"]}',
        '{mon-fri: ["13:00-17:00", "9:00-12:00"]}',
        '{mon-fri: ["9:00-12:30", "12:00-17:00"]}',
    ],
)
def test_hours_that_cannot_be_reckoned_with_are_refused(week: str) -> None:
    row = f"{{code: '430100', name: 长沙市, hotline: null, hours: 白天, open: {week}}}"
    with pytest.raises(InvalidData):
        Directory.parse(f"regions: [{row}]")


def test_a_week_without_words_for_it_is_refused() -> None:
    row = "{code: '430100', name: 长沙市, hotline: null, hours: null, open: {mon: []}}"
    with pytest.raises(InvalidData):
        Directory.parse(f"regions: [{row}]")
