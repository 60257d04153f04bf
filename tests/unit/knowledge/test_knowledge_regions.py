"""The directory: which number one calls in a region, and which region a place lies in."""

from __future__ import annotations

import pytest
import yaml

from bot.conversation.errors import InvalidData, NotFound
from bot.knowledge import Directory, KnowledgeBase
from tests.unit.world import DATA, HUNAN

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


COUNTY = "code: '430102', name: 芙蓉区, hotline: null, hours: null"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "regions:",
        "regions: 5",
        "- 一",
        "regions: [一]",
        "regions: [{code: '43'}]",
        "regions: [",
        f"regions: [{{{COUNTY}, at: 28.1}}]",
        f"regions: [{{{COUNTY}, at: [28.1]}}]",
        f"regions: [{{{COUNTY}, at: [北, 东]}}]",
    ],
)
def test_a_malformed_directory_is_refused(text: str) -> None:
    with pytest.raises(InvalidData):
        Directory.parse(text)


# --- where a place lies -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hunan() -> Directory:
    """The real directory."""
    return Directory.parse((DATA / "regions.yml").read_text())


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("湖南省长沙市岳麓区麓山南路932号", "430104"),
        ("长沙市", "430100"),
        ("岳麓区橘子洲", "430104"),
        ("湖南省湘西土家族苗族自治州凤凰县沱江镇", "433123"),
        ("中国湖南省株洲市渌口区", "430212"),
        ("湖南省常德市临澧县", "430724"),
        ("湖南省常德市澧县", "430723"),
        ("湖南省衡阳市衡南县", "430422"),
        ("湖南省益阳市南县", "430921"),
        ("湖南省长沙市长沙县星沙街道", "430121"),
        ("湖南省株洲市株洲县", "430200"),
    ],
)
def test_an_address_names_the_smallest_region_of_ours(hunan: Directory, label: str, code: str) -> None:
    assert hunan.find(label) == code


@pytest.mark.parametrize(
    "label", ["", "湖南省", "Changsha", "天津市市辖区", "河南省河南县", "江西省萍乡市安源区", "云南省广南县"]
)
def test_an_address_that_names_none_of_ours_for_certain_names_none(hunan: Directory, label: str) -> None:
    assert hunan.find(label) is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [(28.18, 112.93, "430104"), (27.95, 109.60, "433123"), (29.37, 113.10, "430602"), (26.42, 111.60, "431103")],
)
def test_a_point_lies_in_the_county_whose_seat_is_nearest(
    hunan: Directory, latitude: float, longitude: float, code: str
) -> None:
    assert hunan.nearest(latitude, longitude) == code


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(39.9, 116.4), (0.0, 0.0), (23.13, 113.26), (-28.2, 112.9), (1e9, 1e9)]
)
def test_a_point_far_from_all_counties_lies_in_none(hunan: Directory, latitude: float, longitude: float) -> None:
    assert hunan.nearest(latitude, longitude) is None


def test_a_directory_without_places_knows_no_nearest() -> None:
    assert Directory.parse(REGIONS).nearest(28.2, 112.9) is None


def test_all_of_hunan_is_listed_under_its_city(hunan: Directory) -> None:
    codes = [line.split('"')[1] for line in (DATA / "regions.yml").read_text().splitlines() if "code:" in line]
    counties = [code for code in codes if not code.endswith("00")]
    assert (len(codes), len(set(codes)), len(counties)) == (137, 137, 122)
    assert all(f"{code[:4]}00" in hunan for code in codes)
    assert all(hunan.hotline(code) == "12338" for code in codes)


@pytest.mark.parametrize(("code", "name"), [("430104", "长沙市岳麓区"), ("430100", "长沙市"), ("430000", "湖南省")])
def test_a_full_name_is_said_with_the_city(hunan: Directory, code: str, name: str) -> None:
    assert hunan.full_name(code) == name


def test_every_county_is_found_by_its_address_and_by_its_seat(hunan: Directory) -> None:
    text = (DATA / "regions.yml").read_text()
    rows = [row for row in yaml.safe_load(text)["regions"] if "at" in row]
    assert [hunan.find(f"湖南省{hunan.full_name(row['code'])}") for row in rows] == [row["code"] for row in rows]
    assert [hunan.nearest(*row["at"]) for row in rows] == [row["code"] for row in rows]


def test_words_have_the_number_and_the_name_of_her_region_else_of_the_accounts() -> None:
    front = (
        "title: 一\nintent: null\nlaws: []\ngrade: text\nreviewed_on: 2026-11-22\nreview_by: 2027-05-22\n"
        "regions: all\nrelated: []\n"
    )
    base = KnowledgeBase.parse({"other/x": f"---\n{front}---\n{{area}}打{{hotline}}\n"}, REGIONS)
    said = [base.render("other/x", HUNAN, region) for region in ("430102", None, "999999")]
    assert said == ["长沙市芙蓉区打0731-12338", "湖南省打12338", "湖南妇联打12338"]
