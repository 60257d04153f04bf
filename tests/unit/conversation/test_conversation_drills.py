"""What is real and what is a drill are never in one scope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.staff import Scope

ACCOUNTS = ("hunan", "changsha", "drill-1", "drill-2")
DRILLS = frozenset({"drill-1", "drill-2"})
REGION = "430102"

scopes = st.builds(
    Scope, st.frozensets(st.sampled_from(ACCOUNTS)), st.frozensets(st.sampled_from(("430000", "430100", "430300")))
)


@given(scopes, st.sampled_from(ACCOUNTS))
def test_an_account_is_seen_in_earnest_or_in_drills_and_only_as_far_as_the_scope_goes(
    scope: Scope, account: str
) -> None:
    real, drilled = scope.in_earnest(DRILLS), scope.for_drills(DRILLS)
    seen_in_drills = drilled is not None and drilled.covers(account, REGION)
    assert real.covers(account, REGION) is (scope.covers(account, REGION) and account not in DRILLS)
    assert seen_in_drills is (scope.covers(account, REGION) and account in DRILLS)


@pytest.mark.parametrize("accounts", [{"hunan"}, {"hunan", "changsha"}])
def test_who_sees_no_account_for_drills_has_no_scope_for_them(accounts: set[str]) -> None:
    assert Scope(frozenset(accounts)).for_drills(DRILLS) is None


def test_where_no_account_is_for_drills_nothing_changes() -> None:
    assert Scope().in_earnest(frozenset()) == Scope()
    assert Scope().for_drills(frozenset()) is None


def test_an_account_that_is_left_out_is_also_left_out_of_a_list_that_names_it() -> None:
    assert not Scope(frozenset({"hunan"}), without=frozenset({"hunan"})).covers("hunan", REGION)
