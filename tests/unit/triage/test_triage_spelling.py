"""Disguises: what is hidden from others, or from filters, is read all the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.conversation.levels import Level
from bot.triage import Rules, judge

CRIES = (
    "他拿刀要杀我",
    "他正在打我",
    "救命啊",
    "他掐我脖子",
    "我要自杀",
    "他在砸门，我躲在厕所",
    "他把我锁在家里",
    "我刚被强奸了",
)


def between(sign: str) -> Callable[[str], str]:
    return lambda text: sign.join(text)


DISGUISES = {
    "blanks": between(" "),
    "wide blanks": between("\u3000"),
    "dots": between("."),
    "middle dots": between("·"),
    "stars": between("*"),
    "emoji": between("😭"),
    "zero width": between("\u200b"),
    "zero width joiner": between("\u200d"),
    "word joiner": between("\u2060"),
    "soft hyphen": between("\u00ad"),
    "combining marks": between("\u0336"),
    "right to left override": lambda text: f"\u202e{text}\u202c",
    "isolates": lambda text: "".join(f"\u2068{sign}\u2069" for sign in text),
    "newlines": lambda text: f"\n\n{text}\n\n",
    "stutter": lambda text: text[0] * 6 + text[1:] + text[-1] * 6,
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguised_cry_is_read(rules: Rules, disguise: Callable[[str], str]) -> None:
    unread = [text for text in CRIES if judge(rules, disguise(text)).level is not Level.CRITICAL]
    assert not unread


@pytest.mark.parametrize(
    "text",
    [
        "正在被家bao",
        "在被jia暴",
        "他刚才da我",
        "刚刚打wo了",
        "我要自sha",
        "他要z杀我全家",
        "我割wan了",
        "快帮我报jing",
        "jiu ming",
        "JIUMING",
        "wo bei da le, jiu wo",
        "他用刀kan我",
        "刚被qj了",
        "我想４，药买好了",
        "ＳＯＳ",
        "s.o.s",
        "help me",
        "他手里🔪",
        "🆘",
        "老師，我老公剛剛打我，現在躲在陽臺",
        "他將我鎖在房間裡",
        "他説要殺了我",
        "兒子讓人綁走了，我好怕",
        "他把⼑架在我脖子上",
        "冇得命哒，他要搞死我",
        "他剛剛潑了我一身滾水，眼睛睜不開",
        "他zì shā了，快來人",
        "求jiu",
        "妖妖灵",
        "噶腕了",
    ],
)
def test_pinyin_homophones_traditional_characters_and_signs_are_read(rules: Rules, text: str) -> None:
    assert judge(rules, text).level is Level.CRITICAL


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Ｈｅｌｐ！", ".help."),
        ("家 暴", ".家暴."),
        ("老公，打我。怎么办？", ".老公,打我.怎么办."),
        ("老公 又打人", ".老公,又打人."),
        ("孩子3岁半", ".孩子稚岁半."),
        ("孩子十二岁", ".孩子幼岁."),
        ("我四十五岁", ".我四十五岁."),
        ("我45岁", ".我45岁."),
        ("我今年14", ".我今年幼岁."),
        ("吃了14天", ".吃了14天."),
        ("啊啊啊啊啊", ".啊啊."),
        ("", ".."),
        ("我真是[捂脸]", ".我真是."),
        ("[捂臉]", ".."),
        ("[流泪][大哭]他走了", ".他走了."),
        ("/::<他走了/:xx", ".他走了."),
        ("[订单]", ".订单."),
        ("他在家bào", ".他在家暴."),
        ("hai子不写zuo业", ".孩子不写作业."),
        ("付养费", ".抚养费."),
        ("噠", ".了."),
        ("\u200b\u202e", ".."),
    ],
)
def test_plain_writing(rules: Rules, written: str, plain: str) -> None:
    assert rules.spelling.plain(written) == plain


@pytest.mark.parametrize(
    "text",
    [
        "老公又忘了纪念日[敲打][菜刀]",
        "孩子又不写作业[菜刀][炸弹]",
        "他[敲打]",
        "老师[打脸]",
        "老公的车[骷髅]",
        "崽[拳头]/:pd/:xx",
    ],
)
def test_a_face_is_no_blow_and_no_knife(rules: Rules, text: str) -> None:
    assert judge(rules, text).level is Level.NORMAL


@pytest.mark.parametrize(
    "text", ["他拿着[菜刀]追我", "他手里[菜刀]", "他拿/:pd追我", "他正在打我[菜刀]", "他又[敲打]我"]
)
def test_a_face_in_the_place_of_a_word_is_that_word(rules: Rules, text: str) -> None:
    assert judge(rules, text).level is Level.CRITICAL


@pytest.mark.parametrize(
    "text",
    [
        "他最近更加暴躁",
        "我想4点去民政局",
        "他就命令我出去",
        "把他家曝光了",
        "我来自沙县",
        "家暴警告书去哪里领",
        "我的娘家爆满了",
    ],
)
def test_what_holds_a_disguise_by_chance_is_none(rules: Rules, text: str) -> None:
    assert judge(rules, text).level is Level.NORMAL


def test_the_face_of_embarrassment_neither_raises_nor_hides_danger(rules: Rules) -> None:
    assert judge(rules, "孩子又不写作业[捂脸][捂脸]").level is Level.NORMAL
    assert judge(rules, "他掐[捂脸]我脖子").level is Level.CRITICAL
    assert judge(rules, "他捂我的嘴[捂脸]").level is Level.CRITICAL


@pytest.mark.parametrize("text", ["我写了个bug", "usb数据线", "adams家族", "JBL音箱多少钱", "zsh怎么装", "d盘满了"])
def test_ordinary_latin_letters_hide_nothing(rules: Rules, text: str) -> None:
    assert judge(rules, text).level is Level.NORMAL
