"""Modes, levels, the office's workflow, the sending window and scopes: every step that is, and none that is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bot.conversation.accounts import Account, Scene, SendingWindow, account_of
from bot.conversation.cases import Case, CaseStatus
from bot.conversation.conversations import Conversation, Mode, Step
from bot.conversation.errors import Forbidden, IllegalTransition, NotFound
from bot.conversation.levels import Level, Topic
from bot.conversation.staff import Role, Scope, Staff

NOW = datetime(2026, 3, 8, 9, 30, tzinfo=UTC)

# --- modes ------------------------------------------------------------------------------------------------------

STEPS = {
    (Mode.BOT, Step.REQUEST): Mode.WAITING,
    (Mode.BOT, Step.CLOSE): Mode.CLOSED,
    (Mode.WAITING, Step.CLAIM): Mode.HUMAN,
    (Mode.WAITING, Step.CLOSE): Mode.CLOSED,
    (Mode.HUMAN, Step.TRANSFER): Mode.WAITING,
    (Mode.HUMAN, Step.STEP_IN): Mode.HUMAN,
    (Mode.HUMAN, Step.RELEASE): Mode.BOT,
    (Mode.HUMAN, Step.CLOSE): Mode.CLOSED,
}


def a_conversation(mode: Mode = Mode.BOT) -> Conversation:
    return Conversation("c1", "p1", "hunan", "430000", NOW, mode=mode)


@pytest.mark.parametrize(("mode", "step"), list(product(Mode, Step)))
def test_each_mode_allows_its_steps_and_no_other(mode: Mode, step: Step) -> None:
    conversation = a_conversation(mode)
    if (mode, step) in STEPS:
        conversation.step(step)
        assert conversation.mode is STEPS[mode, step]
    else:
        with pytest.raises(IllegalTransition):
            conversation.step(step)
        assert conversation.mode is mode


def test_the_level_only_rises_and_the_topic_is_the_last_that_says_something() -> None:
    conversation = a_conversation()
    for level, topic in [
        (Level.HIGH, Topic.DIVORCE),
        (Level.NORMAL, Topic.OTHER),
        (Level.CRITICAL, Topic.DOMESTIC_VIOLENCE),
        (Level.HIGH, None),
    ]:
        conversation.hear(level, topic)
    assert (conversation.level, conversation.topic) == (Level.CRITICAL, Topic.DOMESTIC_VIOLENCE)


# --- levels -----------------------------------------------------------------------------------------------------


def test_the_highest_level_is_by_urgency_not_by_spelling() -> None:
    assert Level.highest(Level.NORMAL, Level.HIGH) is Level.HIGH
    assert Level.highest(Level.CRITICAL, Level.NORMAL, Level.HIGH) is Level.CRITICAL
    assert Level.highest() is Level.NORMAL
    assert sorted(Level, key=lambda level: level.rank) == [Level.NORMAL, Level.HIGH, Level.CRITICAL]
    assert [level.needs_person for level in Level] == [False, True, True]


@pytest.mark.parametrize(
    ("intent", "topic"),
    [
        ("domestic_violence_in_danger", Topic.DOMESTIC_VIOLENCE),
        ("divorce_custody", Topic.DIVORCE),
        ("child_game_refund_agents", Topic.CHILD_GAME_REFUND),
        ("parenting_homework", Topic.PARENTING),
        ("other_greeting", Topic.OTHER),
        ("nlu_fallback", Topic.OTHER),
        ("divorced", Topic.OTHER),
        ("", Topic.OTHER),
    ],
)
def test_an_intent_names_its_topic(intent: str, topic: Topic) -> None:
    assert Topic.of_intent(intent) is topic


# --- the office's workflow --------------------------------------------------------------------------------------

S = CaseStatus
WORKFLOW = {
    S.REGISTERED: {S.ACCEPTED, S.FORWARDED},
    S.ACCEPTED: {S.HANDLED, S.FORWARDED, S.ASSIGNED},
    S.HANDLED: {S.FOLLOWING_UP, S.ANSWERED},
    S.FORWARDED: {S.FOLLOWING_UP, S.ANSWERED},
    S.ASSIGNED: {S.FOLLOWING_UP, S.ANSWERED},
    S.FOLLOWING_UP: {S.ANSWERED, S.FORWARDED, S.ACCEPTED},
    S.ANSWERED: {S.FOLLOWING_UP, S.ARCHIVED},
    S.ARCHIVED: {S.REOPENED},
    S.REOPENED: {S.FOLLOWING_UP, S.ARCHIVED},
}


@pytest.mark.parametrize(("before", "after"), list(product(CaseStatus, CaseStatus)))
def test_the_workflow_allows_its_steps_and_no_other(before: CaseStatus, after: CaseStatus) -> None:
    case = Case("k1", "p1", "c1", "hunan", "430000", Topic.DIVORCE, Level.HIGH, NOW, NOW, status=before)
    later = NOW + timedelta(days=1)
    assert case.next_statuses == WORKFLOW[before]
    if after in WORKFLOW[before]:
        case.advance(after, later)
        assert (case.status, case.updated_at) == (after, later)
    else:
        with pytest.raises(IllegalTransition):
            case.advance(after, later)
        assert (case.status, case.updated_at) == (before, NOW)


# --- the window in which we may send ----------------------------------------------------------------------------


@pytest.mark.wechat("5.20", "5.21")
@pytest.mark.parametrize(
    ("scene", "allowed", "open_for"),
    [(Scene.MESSAGE, 5, timedelta(hours=48)), (Scene.GESTURE, 3, timedelta(minutes=1))],
)
def test_a_window_counts_down_and_closes(scene: Scene, allowed: int, open_for: timedelta) -> None:
    assert [SendingWindow(scene, NOW, sent).left(NOW) for sent in range(allowed + 2)] == [*range(allowed, -1, -1), 0]
    window = SendingWindow(scene, NOW)
    assert window.closes_at == NOW + open_for
    assert window.left(NOW + open_for - timedelta(microseconds=1)) == allowed
    assert window.left(NOW + open_for) == 0


def test_an_account_that_is_not_ours_is_not_found_and_secrets_stay_out_of_the_repr() -> None:
    account = Account("hunan", "湖南妇联", "430000", "wx1", "the-secret", "the-token", "the-aes-key")
    assert account_of({"hunan": account}, "hunan") is account
    with pytest.raises(NotFound):
        account_of({"hunan": account}, "gansu")
    assert "the-" not in repr(account)


# --- scopes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("own", "region", "covered"),
    [
        ("430000", "430000", True),
        ("430000", "430100", True),
        ("430000", "431102", True),
        ("430000", "440000", False),
        ("430100", "430100", True),
        ("430100", "430102", True),
        ("430100", "430000", False),
        ("430100", "431000", False),
        ("431000", "431000", True),
        ("431000", "431003", True),
        ("431000", "431100", False),
        ("431000", "430100", False),
        ("431100", "431000", False),
        ("431100", "431102", True),
        ("430102", "430102", True),
        ("430102", "430100", False),
        ("430102", "430103", False),
    ],
)
def test_a_region_covers_what_lies_below_it_and_nothing_beside(own: str, region: str, covered: bool) -> None:
    assert Scope(regions=frozenset({own})).covers("hunan", region) is covered


def test_an_empty_scope_covers_everything_and_both_parts_must_agree() -> None:
    assert Scope().covers("any", "110000")
    both = Scope(accounts=frozenset({"hunan"}), regions=frozenset({"430100", "431000"}))
    assert both.covers("hunan", "431000")
    assert not both.covers("changsha", "431000")
    assert not both.covers("hunan", "430200")


@pytest.mark.parametrize("role", Role)
def test_content_staff_take_no_conversations(role: Role) -> None:
    staff = Staff("s1", "li", "李", role, "the-hash", NOW)
    assert "the-hash" not in repr(staff)
    if role is Role.CONTENT:
        with pytest.raises(Forbidden):
            staff.check_may_see("hunan", "430000")
    else:
        staff.check_may_see("hunan", "430000")


def test_outside_her_scope_is_forbidden() -> None:
    staff = Staff("s1", "li", "李", Role.OPERATOR, "", NOW, scope=Scope(regions=frozenset({"430100"})))
    staff.check_may_chat()
    with pytest.raises(Forbidden):
        staff.check_may_see("hunan", "431000")
