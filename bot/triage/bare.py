"""Messages with nothing in them to weigh: no more than a number, a time or a sum, or than the wish for a person."""

from __future__ import annotations

import re
import unicodedata

_WHEN_AND_WHERE = """
大后天 今天 明天 后天 今晚 明晚 早上 上午 中午 下午 傍晚 晚上 白天 夜里
周末 工作日 星期 礼拜 周日 周 年 个月 月 日 号 点钟 点 时 分 刻 小时
以后 之后 以前 之前 左右 后 前 到 至 或者 还是 和 都 再 可以 方便 有空 有时间 时候 行 好 的 吧 是 请 我 我的
电话号码 手机号码 手机号 手机 电话 座机 号码 联系方式 微信同号 微信 同号
打我电话 打这个 打给我 打过来 打电话 联系 块钱 块 元 万 千 共 每月 一个月
"""
_WISH = """
您好 你好 请问 请 麻烦 帮我 帮 给我 给 我 想要 想 要 还是 就 可以
能不能 能 转接 转 接 换 找 叫 派 安排 有没有 有 在 没 一下 一个 个 位
人工客服 人工服务 人工 真人 活人 客服 坐席 工作人员 接线员 老师 人
不要机器人 不要机器 吗 吧 呢 啊 呀 嘛 么 了 的 快点 谢谢 多谢
"""
_NUMBER = "[0-9〇零幺一二两三四五六七八九十百千万半xX*]"
_CALL = "打(?![我给过这电])"
"""Beside a number, or right after an hour, it is a call; by itself it may be a blow (晚上打)."""


def _only(words: str, *more: str) -> str:
    """A pattern of these words and nothing else, each taken as long as it can be and never given back."""
    longest_first = sorted(words.split(), key=len, reverse=True)
    return f"(?>{'|'.join([*more, *longest_first])})++"


_NAME = "我姓[\u4e00-\u9fff]|[\u4e00-\u9fff](?:女士|小姐)"
_SAYS_WHEN = re.compile(_only(_WHEN_AND_WHERE, f"(?:[以之]?[后前]|再){_CALL}", _NAME, _NUMBER))
_SAYS_WHEN_TO_CALL = re.compile(_only(_WHEN_AND_WHERE, "打我电话", _CALL, _NAME, _NUMBER))
_ASKS = re.compile(f"(?!.*人在?[找要叫派]我){_only(_WISH)}")
_MARKS = re.compile(r"[\W_]+")
_DIALLED = re.compile(f"{_NUMBER}{{7,}}")
_LONGEST = 60
"""Characters: whoever writes more says more."""


def tells_no_more_than_a_number(text: str) -> bool:
    """Whether there is nothing in it but a number to dial, whose it is, a time, a day or a sum: no harm is heard."""
    words = _plain(text)
    says = _SAYS_WHEN_TO_CALL if _DIALLED.search(words) else _SAYS_WHEN
    return bool(says.fullmatch(words) and re.search(_NUMBER, words))


def only_wishes_for_a_person(text: str) -> bool:
    """Whether there is nothing in it but the wish to speak with a person: 转人工, 你好有人吗."""
    return bool(_ASKS.fullmatch(_plain(text)))


def _plain(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)) if len(text) <= _LONGEST else ""
