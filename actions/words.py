"""The short words by which she steers a flow, matched as they are: leave, skip, correct, go on, begin anew."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from typing import Iterator

_NO_WORDS = re.compile(r"\[\w+\]|\W|_")  # a face's name ("[笑]"), blanks, punctuation
_ENDINGS = "了吧啦咯哦啊呀嘛喽咧"
_POLITE = re.compile(r"^(?:我|那|请|先|就|要|想|帮我|麻烦)+")

LEAVE = (
    "不填 不填了 退出 算了 不弄 不搞 不答 不答了 不问了 别问 停 停下 停止 结束 取消 不想填 不想弄 "
    "不想答 先不填 下次再填 下次再说 以后再说 改天再说 不做了 不评估了 不用回电 不用回电话 取消回电"
)
SKIP = (
    "跳过 下一题 下一个 不想说 不想讲 不想答这个 不知道 不晓得 不清楚 不记得 记不清 记不得 忘记 忘 "
    "不好说 不方便说 不说 过 略过 不想写 先不写 空着 不写"
)
CORRECT_LAST = (
    "改上一题 上一题 上一个 改上一个 返回 返回上一题 回上一题 答错 点错 选错 写错 打错 上一题答错 "
    "上一题选错 刚才那个不对 刚才答错 刚才选错 刚才点错"
)
RESUME = "继续 接着填 继续填 接着来 接着 接着问 继续问 接着答 继续答 继续评估"
AGAIN = "重新开始 从头来 重新填 从头开始 重来 重填 重新来"
HUMAN = "人工 转人工 找人工 人工服务 要人工 找人 真人 接线员 工作人员 找工作人员 要工作人员"
_CORRECT = re.compile(r"^(?:我|要|想|帮我|请)*(?:改|修改|更正|改正|换)(?:一下|下|一改)?(?P<what>\w{1,12})$")


class Steer(Enum):
    """What a short word asks of the flow."""

    LEAVE = "leave"
    SKIP = "skip"
    CORRECT_LAST = "correct the last answer"
    RESUME = "go on"
    AGAIN = "begin anew"
    HUMAN = "a person"


def bare(text: str) -> str:
    """The text without punctuation, blanks and faces, full width and case made even."""
    return _NO_WORDS.sub("", unicodedata.normalize("NFKC", text)).lower()


def _known() -> dict[str, Steer]:
    lists = {
        Steer.LEAVE: LEAVE, Steer.SKIP: SKIP, Steer.CORRECT_LAST: CORRECT_LAST, Steer.RESUME: RESUME,
        Steer.AGAIN: AGAIN, Steer.HUMAN: HUMAN,
    }  # fmt: skip
    return {word: steer for steer, words in lists.items() for word in words.split()}


_KNOWN = _known()


def steer_of(text: str) -> Steer | None:
    """What a message that is nothing but such a word asks; None for any other message."""
    for words in _shorter(bare(text)):
        for form in (words, _POLITE.sub("", words)):
            if form in _KNOWN:
                return _KNOWN[form]
    return None


def _shorter(words: str) -> Iterator[str]:
    """The words, and without one ending after the other: 算了吧, 算了, 算."""
    yield words
    while words and words[-1] in _ENDINGS:
        words = words[:-1]
        yield words


def to_correct(text: str) -> str | None:
    """What she wants to correct, as she calls it: 年龄 of 改一下年龄."""
    found = _CORRECT.match(bare(text).rstrip(_ENDINGS))
    return found["what"] if found else None
