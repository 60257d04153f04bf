"""What the letter to another office has for its template."""

from __future__ import annotations

from bot.conversation.case_letters import CaseLetter
from bot.conversation.cases import Agency, CaseStatus
from bot.papers.words import block, day, inline, plain

type Values = dict[str, object]

HER = "来信人"
TITLES = {CaseStatus.FORWARDED: "转送函", CaseStatus.ASSIGNED: "转交函"}
VERBS = {CaseStatus.FORWARDED: "转送", CaseStatus.ASSIGNED: "转交"}

MUST_LOOK_INTO = frozenset(
    {Agency.POLICE, Agency.EDUCATION, Agency.CIVIL_AFFAIRS, Agency.JUSTICE, Agency.HEALTH, Agency.LABOUR}
)
"""有关部门 of 妇女权益保障法, article 73, who must look into it and answer; courts and procurators are none."""


def letter_values(letter: CaseLetter) -> Values:
    """The values under the template's Chinese names; her name stands there only where she agreed to it."""
    words = letter.words
    return {
        "标题": TITLES[letter.status],
        "动作": VERBS[letter.status],
        "编号": letter.number,
        "单位": inline(plain(words.to)),
        "来信人": inline(plain(words.named)) if words.agreed else HER,
        "事实": block(plain(words.facts)),
        "请求": block(plain(words.asks)),
        "应当查处": letter.agency in MUST_LOOK_INTO,
        "附件": [inline(plain(one)) for one in words.enclosures],
        "落款": inline(plain(words.sender)),
        "联系人": inline(plain(words.person)),
        "电话": inline(plain(words.phone)),
        "日期": day(letter.day),
    }
