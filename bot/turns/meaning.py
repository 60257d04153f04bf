"""What a message means where something was offered to tap: the item that she took, or her own words."""

from __future__ import annotations

from bot.conversation.content import Content, MenuClicked, Text
from bot.knowledge import KnowledgeBase, flow_of

ARTICLE = "article:"
MORE = "more:"
SAY = "say:"

Items = tuple[tuple[str, str], ...]
"""What is offered: pairs of id and words. An id begins as above, or is a number that the assistant knows."""


def meant(content: Content, offered: Items, knowledge: KnowledgeBase) -> Content:
    """The message as it is to be understood.

    She takes an item by tapping it, by its number or by its very words; an article that she takes is a tap on that
    article of the menu. From an older question only the words of the item come, which serve as anyone's words do.
    """
    if isinstance(content, MenuClicked) and (flow := flow_of(content.key)):
        return Text(knowledge.words_of_button(f"flow:{flow}"))
    taken = _taken(content, offered) if isinstance(content, Text) else None
    if taken is None:
        return content
    if taken.startswith(ARTICLE):
        return MenuClicked(taken.removeprefix(ARTICLE))
    if taken.startswith(MORE):
        return MenuClicked(taken)
    return Text(taken.removeprefix(SAY))


def _taken(content: Text, offered: Items) -> str | None:
    typed = content.text.strip()
    for number, (identity, words) in enumerate(offered, start=1):
        if content.menu_id == identity and typed == words:
            return identity
        if content.menu_id is None and typed in (str(number), words):
            return identity
    return None
