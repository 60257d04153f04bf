"""The directory: which number one calls in a region."""

from __future__ import annotations

import pytest

from bot.conversation.errors import InvalidData, NotFound
from bot.knowledge import Directory

REGIONS = """
regions:
- {code: "430000", name: 湖南省, hotline: "12338", hours: null}
- {code: "430100", name: 长沙市, hotline: "0731-12338", hours: 9:00-17:00}
- {code: "430102", name: 芙蓉区, hotline: null, hours: null}
- {code: "431000", name: 郴州市, hotline: null, hours: null}
- {code: "440000", name: 广东省, hotline: null, hours: null}
"""


@pytest.mark.parametrize(
    ("code", "hotline"),
    [
        ("430000", "12338"),
        ("430100", "0731-12338"),
        ("430102", "0731-12338"),
        ("430103", "0731-12338"),
        ("431000", "12338"),
        ("431100", "12338"),
        ("431002", "12338"),
    ],
)
def test_the_number_is_that_of_the_nearest_office_upwards(code: str, hotline: str) -> None:
    assert Directory.parse(REGIONS).hotline(code) == hotline


@pytest.mark.parametrize("code", ["440000", "440100", "110000"])
def test_without_any_office_the_nationwide_number_serves(code: str) -> None:
    assert Directory.parse(REGIONS).hotline(code) == "12338"


def test_a_region_has_a_name() -> None:
    assert Directory.parse(REGIONS).name("430100") == "长沙市"
    with pytest.raises(NotFound):
        Directory.parse(REGIONS).name("430103")


@pytest.mark.parametrize("text", ["", "regions:", "regions: 5", "- 一", "regions: [{code: '43'}]", "regions: ["])
def test_a_malformed_directory_is_refused(text: str) -> None:
    with pytest.raises(InvalidData):
        Directory.parse(text)
