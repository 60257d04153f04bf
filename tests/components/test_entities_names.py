"""Platforms, regions of Hunan, and whom she speaks of."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from entity_reading import DATA, told
from rasa.shared.utils.io import read_yaml_file

from components.entities.names import Names


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("崽玩王者充的", "王者荣耀", "game"),
        ("王者榮耀", "王者荣耀", "game"),
        ("蛋崽派对", "蛋仔派对", "game"),
        ("在吃鸡里面买皮肤", "和平精英", "game"),
        ("dy上刷的", "抖音", "live_stream"),
        ("斗音打赏", "抖音", "live_stream"),
        ("B站充电", "哔哩哔哩", "live_stream"),
        ("微信零钱扣的", "微信支付", "pay"),
        ("支付保扣的", "支付宝", "pay"),
        ("APP Store扣的", "苹果", "store"),
        ("苹果手机充的", "苹果", "store"),
        ("拼夕夕乱下单", "拼多多", "shop"),
    ],
)
def test_a_platform_is_known_by_its_names_and_misspellings(text: str, name: str, kind: str) -> None:
    assert [value for _, value in told("platform", text)] == [{"name": name, "kind": kind}]


@pytest.mark.parametrize(
    "text", ["我们和平离婚", "想喝农药", "body", "他吃苹果", "吃鸡腿", "快手快脚", "养猪场", "mcn公司"]
)
def test_other_words_are_no_platform(text: str) -> None:
    assert told("platform", text) == []


@pytest.mark.parametrize(
    ("text", "words", "code"),
    [
        ("我在浏阳", "浏阳", "430181"),
        ("瀏陽", "瀏陽", "430181"),
        ("住在长沙县星沙街道", "长沙县星沙", "430121"),
        ("星沙的", "星沙", "430121"),
        ("长沙市岳麓区", "长沙市岳麓区", "430104"),
        ("户口在邵阳隆回", "邵阳隆回", "430524"),
        ("我是祁阳的", "祁阳", "431181"),
        ("祁阳县", "祁阳县", "431181"),
        ("株洲县", "株洲县", "430212"),
        ("城步", "城步", "430529"),
        ("通道县", "通道县", "431230"),
        ("怀化通道", "怀化通道", "431230"),
        ("湖南凤凰", "湖南凤凰", "433123"),
        ("我是凤凰的", "凤凰", "433123"),
        ("会同", "会同", "431225"),
        ("嫁到新田，", "新田", "431128"),
        ("湘西", "湘西", "433100"),
        ("长沙", "长沙", "430100"),
        ("津市", "津市", "430781"),
    ],
)
def test_a_region_is_its_code(text: str, words: str, code: str) -> None:
    assert told("region", text) == [(words, code)]


@pytest.mark.parametrize(
    "text",
    [
        "他会同意离婚吗",
        "走这个通道",
        "凤凰男",
        "世外桃源",
        "洞口很黑",
        "浏阳河",
        "韶山南路",
        "五一路",
        "福建省龙岩市永定区",
        "四川资阳",
        "北京市朝阳区",
        "河西",
        "湖南省",
        "岳阳楼好看",
    ],
)
def test_a_region_is_never_inside_another_word_or_elsewhere(text: str) -> None:
    assert told("region", text) == []


def test_two_places_are_two_regions() -> None:
    assert [code for _, code in told("region", "我在长沙他在邵阳")] == ["430100", "430500"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("老倌又喝酒", "husband"),
        ("老公打我", "husband"),
        ("前夫来闹", "ex_husband"),
        ("堂客跑了", "wife"),
        ("男朋友", "boyfriend"),
        ("前男友", "ex_boyfriend"),
        ("家娘骂我", "mother_in_law"),
        ("婆婆骂我", "mother_in_law"),
        ("我妹坨", "daughter"),
        ("我崽", "son"),
        ("細伢子", "child"),
        ("我爸打我妈", "father mother"),
        ("俺娘", "mother"),
        ("我姐夫", "brother_in_law"),
        ("我妹妹", "sister"),
        ("媳妇", "wife"),
        ("儿媳妇", "daughter_in_law"),
        ("孩子他爸", "husband"),
        ("后爸", "stepfather"),
        ("嗲嗲跟娭毑", "grandfather grandmother"),
        ("隔壁屋里", "neighbour"),
        ("班主任", "teacher"),
        ("爸爸妈妈", "parents"),
        ("小三", "third_party"),
    ],
)
def test_whom_she_speaks_of(text: str, who: str) -> None:
    assert " ".join(value for _, value in told("relation", text)) == who


@pytest.mark.parametrize("text", ["他妈的", "我娘家", "朋友圈", "两家公司", "同学会", "单亲妈妈", "大丈夫", "哥"])
def test_other_words_are_nobody(text: str) -> None:
    assert told("relation", text) == []


NAMES = read_yaml_file(DATA / "names.yml")
OFFICES = read_yaml_file(DATA / "regions.yml")["regions"]


def words_of_names() -> list[str]:
    platforms = [word.lower() for one in NAMES["platforms"] for word in (one["name"], *one.get("also", ()))]
    groups = [*NAMES["relations"].values(), *NAMES["after_me"].values(), *NAMES["nicknames"].values()]
    return [*dict.fromkeys(platforms), *(word for group in groups for word in group)]


def test_no_name_stands_for_two_things() -> None:
    assert [word for word, times in Counter(words_of_names()).items() if times > 1] == []


def test_what_is_no_name_holds_one() -> None:
    names = [*words_of_names(), *(office["name"][:-1] for office in OFFICES)]
    not_names = [word for words in NAMES["not_names"] for word in words]
    assert [word for word in not_names if word in names or not any(name in word for name in names)] == []


def test_nicknames_and_exceptions_are_of_regions_that_exist() -> None:
    codes = {str(office["code"]) for office in OFFICES}
    shorts = {office["name"][:2] for office in OFFICES} | {office["name"][:3] for office in OFFICES}
    assert set(NAMES["nicknames"]) <= codes
    assert {word for words in NAMES["never_alone"] for word in words} <= shorts


@pytest.mark.parametrize("office", OFFICES[1:], ids=lambda office: office["name"])
def test_every_region_is_found_by_its_name(office: dict[str, Any]) -> None:
    assert told("region", f"我住{office['name']}") == [(office["name"], str(office["code"]))]


@pytest.mark.parametrize("names", ["", "platforms: 3", "[]", "platforms: [{name: x}]", "a: [", "platforms: {x}"])
def test_malformed_names_are_refused(names: str) -> None:
    with pytest.raises(ValueError, match="names"):
        Names.read(names, (DATA / "regions.yml").read_text("utf-8"))
