"""What people type and how it is read."""

from __future__ import annotations

import random
import re
from collections import Counter
from itertools import chain
from typing import Any

import pytest
import tomli
from opencc import OpenCC
from tests_support import TABLES

from components.spelling import LONGEST, Spelling, read_spelling

RULES = TABLES.parent / "triage" / "rules.toml"


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return read_spelling(TABLES.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tables() -> dict[str, Any]:
    return tomli.loads(TABLES.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("ＡＢＣ１２３３８", "abc12338"),
        ("老\u200b公\ufeff打我\ufe0f", "老公打我"),
        ("救命啊啊啊啊啊！！！！", "救命啊啊!!"),
        ("离婚\n\n  怎么\u3000办 ", "离婚 怎么 办"),
        ("①", "1"),
        ("\u200b\u200d", ""),
        ("", ""),
        ("充了10000块", "充了10000块"),
        ("我家暴怎么办", "我家暴怎么办"),
    ],
)
def test_width_case_blanks_and_repeats_are_evened_out(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.plain(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("老師，我老公剛剛打我，現在躲在陽臺", "老师,我老公刚刚打我,现在躲在阳台"),
        ("他拿著刀", "他拿着刀"),
        ("離婚後孩子歸誰，頭髮都白了", "离婚后孩子归谁,头发都白了"),
        ("未成年人儲值遊戲可以退款嗎", "未成年人储值游戏可以退款吗"),
        ("冇得命哒", "没命了"),
    ],
)
def test_traditional_and_dialect_characters_are_simplified(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.plain(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("他又打我😭😭😭", "他又打我 [哭]"),
        ("😭他打😭我", "他打我 [哭]"),
        ("😭", "[哭]"),
        ("气死我了😡[抓狂]😡", "气死我了 [生气][抓狂]"),
        ("他手里🔪", "他手里刀"),
        ("天天🍺", "天天酒"),
        ("你好🌹🐱❤️👩🏻‍🦰", "你好"),
        ("🤷🏻‍♀️怎么办", "怎么办 [无奈]"),
        ("2️⃣", "2"),
    ],
)
def test_emoji_become_words_or_moods_or_nothing(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.plain(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("[流泪]他不要我了", "他不要我了 [流泪]"),
        ("我真是[捂脸][捂臉]", "我真是 [捂脸]"),
        ("作业又没写[敲打][菜刀][炸弹]", "作业又没写"),
        ("头好痛[晕]", "头好痛"),
        ("他拿着[菜刀]追我", "他拿着刀追我"),
        ("他又[敲打]我了", "他又打我了"),
        ("/::<他拿着/:pd，/:xx", "他拿着刀, [流泪]"),
        ("[OK]", "[ok]"),
        ("我的[订单号]是多少", "我的[订单号]是多少"),
        ("[[流泪]流泪]", "[流泪]"),
    ],
)
def test_faces_show_a_mood_and_are_no_words(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.plain(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("家bao", "家暴"),
        ("家 bào 了", "家暴了"),
        ("想ziSha", "想自杀"),
        ("离hun抚yang费", "离婚抚养费"),
        ("lihun yao duojiu", "离婚yao duojiu"),
        ("充zhi能退kuan吗", "充值能退款吗"),
        ("他打wo", "他打我"),
        ("被qj了", "被强奸了"),
        ("想zs", "想自杀"),
        ("hai子的zuoye", "孩子的作业"),
        ("强女干", "强奸"),
        ("冲值的钱", "充值的钱"),
        ("付养费给好多", "抚养费给好多"),
        ("孩子玩王者农药", "孩子玩王者荣耀"),
        ("家*暴 自-杀", "家暴自杀"),
        ("我 要 离 婚", "我要离婚"),
        ("我 在 厕所", "我 在 厕所"),
        ("被 家 bao", "被 家暴"),
    ],
)
def test_pinyin_and_homophones_are_read(spelling: Spelling, typed: str, read: str) -> None:
    assert spelling.plain(typed) == read


@pytest.mark.parametrize(
    "text",
    [
        "更加暴躁", "大家爆料", "他就命令我", "来自沙县", "想4点去", "处理婚姻登记", "外公资助", "长沙人", "小孩几岁",
        "我是i人他是s人", "我写了个bug", "usb数据线", "adams家族", "jbl音箱", "zsh怎么装", "d盘满了", "我比他小3岁",
        "付养老金", "贵重值钱", "打架暴力", "家暴警告书", "神出鬼没",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_disguise_stays(spelling: Spelling, text: str) -> None:
    assert spelling.plain(text) == text


def test_reading_twice_changes_nothing(spelling: Spelling, tables: dict[str, Any]) -> None:
    pieces = [
        *chain.from_iterable(written.split() for written in tables["homophones"].values()),
        *chain.from_iterable(emoji.split() for emoji in tables["moods"].values()),
        *tables["sounds"].values(), *tables["marks"], *tables["faces"]["codes"].split(), *tables["harmless"].split(),
        *(f"[{face}]" for face in tables["faces"]["silent"].split()), *"家暴打我杀死离婚屋里头崽崽脑壳",
        *" \n,。*·_-[]/:()0149abjszİßﷺ①\u0301\u200b\ufe0f\ud83d藥後臺乾著",
    ]  # fmt: skip
    draw = random.Random(12338)
    for _ in range(3000):
        once = spelling.plain("".join(draw.choices(pieces, k=draw.randint(1, 14))))
        assert spelling.plain(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "ﷺ" * 4000, "\x00打我" * 900, "🧨" * 9000, "🆘" * 9000, "😭" * 9000, "ab" * 9000, "\U0010ffff" * 9000,
        "\ud83d" * 9000, "[" * 9000, "[流泪]" * 3000, "/:" * 9000, "/::<" * 3000, "家*" * 5000, "j b " * 4000,
        "打\u0301\u0301\u0301" * 3000, "jia bao " * 2000, "4了算了" * 3000, "屋里头" * 3000, "　" * 9000, "1" * 9000,
        "한" * 9000, "が" * 5000, "é" * 9000,
    ],
    ids=range(23),
)  # fmt: skip
def test_hostile_text_is_read_within_bounds(spelling: Spelling, text: str) -> None:
    read = spelling.plain(text)
    assert len(read) <= LONGEST
    assert spelling.plain(read) == read
    read.encode("utf-8")


def test_of_a_long_text_the_beginning_and_the_end_are_kept(spelling: Spelling) -> None:
    read = spelling.plain("他昨晚又打了我。" + "天气很好，" * 2000 + "请问怎么办？")
    assert read.startswith("他昨晚又打了我")
    assert read.endswith("请问怎么办?")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("\n[marks]\n", "\n[marks\n", "line"),
        ("\n[pinyin]\n", "\n[pinjin]\n", "'pinyin' is missing"),
        ('"家暴" = "jia bao"', '"家暴" = "jia"', "zip"),
        ('codes = """', 'codes = """ /:new', "zip"),
        ('"家暴我" = "jb我"', '"家暴我" = 4', "int"),
    ],
)
def test_bad_tables_are_refused_with_the_place(old: str, new: str, told: str) -> None:
    text = TABLES.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(ValueError, match=re.escape(told)):
        read_spelling(text.replace(old, new, 1))


def test_no_sign_and_no_spelling_stands_for_two_words(tables: dict[str, Any]) -> None:
    emoji = chain.from_iterable(each.split() for name in ("moods", "pictures") for each in tables[name].values())
    faces = tables["faces"]
    for written in (
        [*emoji, *tables["marks"]],
        list(chain.from_iterable(others.split() for others in tables["homophones"].values())),
        [*tables["sounds"], *tables["pinyin"]],
        [*tables["sounds"].values(), *tables["pinyin"].values()],
        [*faces["telling"].split(), *faces["silent"].split()],
        faces["codes"].split(),
        list("".join(tables["traditional"].split())),
    ):
        assert not [sign for sign, times in Counter(written).items() if times > 1]


def test_every_face_that_can_be_a_word_or_has_a_code_is_a_known_face(tables: dict[str, Any]) -> None:
    faces = tables["faces"]
    assert {*faces["words"], *faces["coded"].split()} <= {*faces["telling"].split(), *faces["silent"].split()}


def test_triage_knows_the_traditional_form_of_every_character_of_its_rules(tables: dict[str, Any]) -> None:
    traditional, simple = ("".join(tables[name].split()) for name in ("traditional", "simplified"))
    known = dict(zip(traditional, simple, strict=True))
    simplified = OpenCC("t2s").convert
    assert not {sign for sign, simple in known.items() if simplified(sign) != simple}
    own = chain(tables["marks"], tables["sounds"], tables["pinyin"], tables["homophones"])
    words = RULES.read_text(encoding="utf-8") + "".join(own)
    used = {sign for sign in words if "\u3400" <= sign <= "\u9fff"}
    every = (chr(code) for code in range(0x3400, 0xA000))
    assert not {sign for sign in every if simplified(sign) != sign and simplified(sign) in used} - {*known}
