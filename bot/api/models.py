"""What goes in and out of the API, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from bot.api.hiding import json_of
from bot.conversation.cases import Agency, Case, CaseStatus
from bot.conversation.conversations import Mode
from bot.conversation.flows import ReferralKind
from bot.conversation.handoffs import Disposition, HandoffStatus, Skill
from bot.conversation.levels import Level, Topic
from bot.conversation.masking import masked
from bot.conversation.media import Media, MediaKind, MediaStatus
from bot.conversation.messages import Author, DeliveryStatus, Route
from bot.knowledge import Article, Found, KnowledgeBase
from bot.knowledge.articles import Grade
from bot.store.lists import ListedConversation, WaitingList
from bot.store.queries import ConversationPage, Fate, ShownMessage
from bot.turns.reply import MAX_ARTICLES, MAX_REPLY_CHARACTERS

Identity = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="32 hex digits")]

NOT_BLANK = r"[^\s\x1c-\x1f\x85]"
"""Something is said: readers of JSON schema do not agree on the last five, which `str.strip` takes for blank."""


class Input(BaseModel):
    """What a caller sends; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Credentials(Input):
    """Who wants a token."""

    username: str = Field(min_length=1, max_length=100, description="as at the sign-in of the pages")
    password: str = Field(min_length=1, max_length=1000)
    code: str | None = Field(default=None, max_length=100, description="of the second factor, for who is enrolled")


class Token(BaseModel):
    """A bearer token; it is shown once."""

    token: str = Field(description="send it as `Authorization: Bearer ...`")
    expires_at: datetime


class Words(Input):
    """What an operator says to the person."""

    text: str = Field(max_length=MAX_REPLY_CHARACTERS, pattern=NOT_BLANK, description="at least one that is not blank")
    articles: list[str] = Field(
        default=[], max_length=MAX_ARTICLES, description="keys of the articles in it; kept if their words are there"
    )


class Closing(Input):
    """How the conversation ended."""

    disposition: Disposition


class WaitingConversation(BaseModel):
    """One who waits for a person."""

    conversation_id: str
    account_id: str
    region: str = Field(description="GB/T 2260 code")
    contact_name: str
    level: Level
    topic: Topic
    skill: Skill | None = Field(description="what the question asks for; null for anybody")
    to_staff: str | None = Field(description="id of the colleague for whom it is kept")
    reasons: list[str] = Field(description="why a person is needed, in Chinese, for operators")
    requested_at: datetime
    last_words: str = Field(description="the first 60 characters of her last message")
    unread: int = Field(description="her messages since an operator last wrote")
    total: int = Field(description="all messages of the conversation")
    case_number: str | None

    @staticmethod
    def of(row: ListedConversation) -> WaitingConversation:
        """The JSON of one line of the list."""
        names = WaitingConversation.model_fields
        return WaitingConversation(**{name: getattr(row, name) for name in names})


class QueueView(BaseModel):
    """The first who wait, in the order of the queue, and how many wait."""

    waiting: list[WaitingConversation]
    total: int = Field(description="how many wait, shown here or not")
    counts: dict[Level, int] = Field(description="how many wait at each level")
    present: int = Field(description="operators at their desks who may take some of those in the caller's scope")

    @staticmethod
    def of(waiting: WaitingList, limit: int, present: int) -> QueueView:
        """The JSON of the first `limit` of them."""
        first = [WaitingConversation.of(row) for row in waiting.rows[:limit]]
        counts = {level: waiting.counts.get(level, 0) for level in Level}
        return QueueView(waiting=first, total=waiting.total, counts=counts, present=present)


class FateView(BaseModel):
    """What became of one sending of a message."""

    status: DeliveryStatus
    route: Route | None
    errcode: int | None = Field(description="WeChat's answer to the last attempt; 0 accepted, null none")
    settled_at: datetime | None

    @staticmethod
    def of(fate: Fate) -> FateView:
        """The JSON of one fate."""
        return FateView(status=fate.status, route=fate.route, errcode=fate.errcode, settled_at=fate.settled_at)


class MediaView(BaseModel):
    """The picture, voice or video of a message, ours or hers; its bytes are at `GET /media/{id}`."""

    id: str
    kind: MediaKind
    status: MediaStatus
    content_type: str | None
    size: int | None = Field(description="bytes, as they came")
    sha256: str | None = Field(description="of the bytes as they came, in hex")
    stored_at: datetime | None
    reason: str | None = Field(description="why it could not be kept: too_large, wrong_type, empty, gone, expired")

    @staticmethod
    def of(media: Media) -> MediaView:
        """The JSON of one file."""
        return MediaView(**{name: getattr(media, name) for name in MediaView.model_fields})


class MessageView(BaseModel):
    """One line of a conversation."""

    id: str
    position: int = Field(description="its place; a later message has a larger one")
    author: Author
    content: dict[str, Any] = Field(description="`kind` and the fields of that kind; `text` for words")
    hides: bool = Field(description="something in `content` is masked; `POST .../messages/{id}/reveal` tells it")
    at: datetime
    staff_id: str | None
    articles: list[str] = Field(description="the vetted answers that it was made of, as key@version")
    intent: str | None = Field(description="what the assistant understood")
    confidence: float | None
    level: Level | None
    reasons: list[str] = Field(description="why it is of its level, in Chinese, for operators")
    media: MediaView | None
    deliveries: list[FateView]

    @staticmethod
    def of(shown: ShownMessage, show: Callable[[str], str] = masked) -> MessageView:
        """The JSON of one message; `show` says what of the words is told."""
        message = shown.message
        content, hides = json_of(message.content, show)
        return MessageView(
            id=message.id,
            position=shown.position,
            author=message.author,
            content=content,
            hides=hides,
            at=message.at,
            staff_id=message.staff_id,
            articles=list(message.articles),
            intent=message.intent,
            confidence=message.confidence,
            level=Level(message.level) if message.level else None,
            reasons=list(message.reasons),
            media=MediaView.of(shown.media) if shown.media else None,
            deliveries=[FateView.of(fate) for fate in shown.fates],
        )


class CaseView(BaseModel):
    """The office's file."""

    id: str
    number: str
    conversation_id: str
    account_id: str
    region: str
    topic: Topic
    level: Level
    status: CaseStatus
    next_statuses: list[CaseStatus] = Field(description="the steps that the workflow allows now")
    agency: Agency | None = Field(description="where it was forwarded or assigned")
    handler: str | None = Field(description="id of the colleague who works on it")
    referrals: list[ReferralKind]
    check_passed: bool | None = Field(description="how a supervisor last judged it, null while nobody did")
    due_on: date | None = Field(description="the next day by which something is to be done, in Hunan")
    must_report: bool = Field(description="whether harm to a minor is still to be reported")
    opened_at: datetime
    updated_at: datetime

    @staticmethod
    def of(case: Case) -> CaseView:
        """The JSON of one file."""
        plain = {name: getattr(case, name) for name in CaseView.model_fields if name != "next_statuses"}
        return CaseView(**plain, next_statuses=[status for status in CaseStatus if status in case.next_statuses])


class HandoffView(BaseModel):
    """The latest asking for a person."""

    status: HandoffStatus
    level: Level
    reasons: list[str]
    requested_at: datetime
    queued_at: datetime = Field(description="since when she waits this time")
    skill: Skill | None
    to_staff: str | None = Field(description="id of the colleague for whom it is kept")
    claimed_by: str | None
    claimed_at: datetime | None
    answered_at: datetime | None = Field(description="when an operator first wrote")
    disposition: Disposition | None


class SendingView(BaseModel):
    """What may still be sent before she writes again."""

    left: int = Field(description="messages; 0 also when the window is closed")
    closes_at: datetime | None = Field(description="null if she opened no window")
    refusal: int | None = Field(description="WeChat's errcode if nothing of this account reaches her")


class SharedHere(BaseModel):
    """What she lets be read here that another city has; `GET /shares/{share_id}` tells it."""

    share_id: str
    account_id: str = Field(description="where she was before")
    agreed_at: datetime


class EarlierTalk(BaseModel):
    """A conversation that she had before; `GET /conversations/{id}` tells it."""

    id: str
    topic: Topic
    level: Level
    opened_at: datetime
    closed_at: datetime | None


class ConversationView(BaseModel):
    """One conversation with its whole history."""

    id: str
    contact_name: str = Field(description="what operators call her whose name nobody asked")
    masked_name: str | None = Field(description="her first character, if known; `POST .../person/reveal` tells all")
    masked_phone: str | None
    account_id: str
    region: str
    mode: Mode
    level: Level
    topic: Topic
    owner: str | None = Field(description="id of the operator who holds it in mode human")
    version: int = Field(description="counted up whenever she writes or somebody moves it")
    opened_at: datetime
    closed_at: datetime | None
    following: bool
    erase_asked_at: datetime | None = Field(
        description="when she left; her data is erased once nothing of hers is open"
    )
    sending: SendingView
    handoff: HandoffView | None
    case: CaseView | None
    shares: list[SharedHere]
    earlier: list[EarlierTalk] = Field(description="within the caller's scope, the newest first, at most 20")
    messages: list[MessageView]

    @staticmethod
    def of(page: ConversationPage, now: datetime) -> ConversationView:
        """The JSON of one conversation."""
        talk, window = page.conversation, page.window
        return ConversationView(
            id=talk.id,
            contact_name=page.contact_name,
            masked_name=page.masked_name,
            masked_phone=page.masked_phone,
            account_id=talk.account_id,
            region=talk.region,
            mode=talk.mode,
            level=talk.level,
            topic=talk.topic,
            owner=talk.owner,
            version=talk.version,
            opened_at=talk.opened_at,
            closed_at=talk.closed_at,
            following=page.following,
            erase_asked_at=page.erase_asked_at,
            sending=SendingView(
                left=window.left(now) if window else 0,
                closes_at=window.closes_at if window else None,
                refusal=page.refusal,
            ),
            handoff=_handoff(page),
            case=CaseView.of(page.case) if page.case else None,
            shares=[SharedHere(**asdict(one)) for one in page.allowed],
            earlier=[EarlierTalk.model_validate(talk, from_attributes=True) for talk in page.earlier],
            messages=[MessageView.of(shown) for shown in page.messages],
        )


def _handoff(page: ConversationPage) -> HandoffView | None:
    asked = page.handoff
    if asked is None:
        return None
    return HandoffView(**{name: getattr(asked, name) for name in HandoffView.model_fields})


class CitationView(BaseModel):
    """A law, its article, and since when that wording is in force."""

    law: str
    article: str
    since: date


class ButtonView(BaseModel):
    """What is offered to tap under an answer."""

    leads_to: str = Field(description="key of an article, or `flow:` and the name of a flow")
    words: str


class FoundArticle(BaseModel):
    """An article that a search found."""

    key: str
    title: str
    snippet: str = Field(description="the sentence of it that comes nearest to the question")
    version: str
    grade: Grade

    @staticmethod
    def of(found: Found) -> FoundArticle:
        """The JSON of one that was found."""
        article = found.article
        return FoundArticle(
            key=article.key,
            title=article.title,
            snippet=found.snippet(article.body),
            version=article.version,
            grade=article.grade,
        )


class ArticleView(BaseModel):
    """A vetted answer, and what it rests on."""

    key: str
    version: str = Field(description="changes with the words; messages name key@version")
    title: str
    intent: str | None = Field(description="the question of the assistant that it answers")
    parts: list[str] = Field(description="one or two messages; without an account with {placeholders} as written")
    laws: list[CitationView]
    grade: Grade = Field(description="of its weakest fact: seen in the text of the law, secondhand, from memory")
    reviewed_on: date
    review_by: date
    regions: list[str] = Field(description="GB/T 2260 codes of where it holds; empty for everywhere")
    related: list[str]
    buttons: list[ButtonView]

    @staticmethod
    def of(article: Article, parts: Sequence[str], knowledge: KnowledgeBase) -> ArticleView:
        """The JSON of one article, with its parts as they are to be shown."""
        return ArticleView(
            key=article.key,
            version=article.version,
            title=article.title,
            intent=article.intent,
            parts=list(parts),
            laws=[CitationView(law=one.law, article=one.article, since=one.since) for one in article.laws],
            grade=article.grade,
            reviewed_on=article.reviewed_on,
            review_by=article.review_by,
            regions=list(article.regions),
            related=list(article.related),
            buttons=[ButtonView(leads_to=one, words=knowledge.words_of_button(one)) for one in article.buttons],
        )


class Problem(BaseModel):
    """What went wrong, in the manner of RFC 9457."""

    title: str
    detail: str
    status: int
