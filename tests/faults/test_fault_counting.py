"""The counter sees each kind of harm; a harness that cannot see one would praise any house."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.faults.counting import Kind, count
from tests.faults.plan import make_plan
from tests.faults.records import Said, Seen, Sent, Shown, Stored, Struck

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
WORDS = ("第一句", "第二句", "第三句")


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def a_good_run() -> Seen:
    """Three messages of one person, ten seconds apart, each answered passively a second later."""
    seen = Seen()
    for number, words in enumerate(WORDS):
        key, sent = str(100 + number), number * 10.0
        seen.sent.append(Sent("anna", words, None, key, at(sent), accepted=True, reached=True))
        seen.stored.append(Stored("anna", 10 * number, f"hunan:{key}", words, None, at(sent), due=True))
        seen.said.append(
            Said("anna", number, f"答：{words}", "sent", "passive", f"hunan:{key}", 0, f"hunan:{key}", at(sent))
        )
        seen.shown.append(Shown("anna", number, f"答：{words}", "passive", key, at(sent + 1)))
    return seen


def kinds(seen: Seen) -> list[Kind]:
    return [finding.kind for finding in count(seen).findings]


def test_a_good_run_has_no_findings() -> None:
    result = count(a_good_run())
    assert result.findings == []
    assert (result.sent, result.accepted, result.stored, result.due, result.answered) == (3, 3, 3, 3, 3)
    assert [wait.answered for wait in result.waits] == [at(1), at(11), at(21)]


def test_an_accepted_message_that_is_not_stored_is_lost() -> None:
    seen = a_good_run()
    del seen.stored[1], seen.said[1], seen.shown[1]
    assert kinds(seen) == [Kind.LOST]


def test_a_message_stored_with_other_words_is_lost() -> None:
    seen = a_good_run()
    seen.stored[1] = replace(seen.stored[1], words="别人的话")
    assert kinds(seen) == [Kind.LOST]


def test_a_message_that_nobody_accepted_is_given_up() -> None:
    seen = a_good_run()
    del seen.stored[1], seen.said[1], seen.shown[1]
    seen.sent[1] = replace(seen.sent[1], accepted=False)
    assert kinds(seen) == [Kind.UNACCEPTED]


def test_a_message_without_its_answer_is_unanswered() -> None:
    seen = a_good_run()
    del seen.said[1], seen.shown[1]
    assert kinds(seen) == [Kind.UNANSWERED]


def test_a_cry_for_help_that_called_nobody_is_unheard() -> None:
    seen = a_good_run()
    seen.sent[0] = replace(seen.sent[0], cry=True)
    assert kinds(seen) == [Kind.UNHEARD]
    seen.handed_over.append("anna")
    assert kinds(seen) == []


def test_silence_where_a_person_has_the_word_is_no_harm() -> None:
    seen = a_good_run()
    del seen.said[1], seen.shown[1]
    seen.stored[1] = replace(seen.stored[1], due=False)
    assert kinds(seen) == []


def test_words_noted_as_sent_that_no_phone_shows_are_a_phantom() -> None:
    seen = a_good_run()
    del seen.shown[1]
    assert kinds(seen) == [Kind.PHANTOM]


def test_words_shown_twice_are_doubled() -> None:
    seen = a_good_run()
    seen.shown.append(Shown("anna", 9, "答：第二句", "customer_service", None, at(40), acknowledged=True))
    assert kinds(seen) == [Kind.DOUBLED]


def test_a_double_is_undecidable_only_when_the_first_sending_was_cut_off() -> None:
    seen = a_good_run()
    said, first = seen.said[1], seen.shown[1]
    seen.said[1] = replace(said, route="customer_service")
    seen.shown[1] = replace(first, via="customer_service", reply_to=None, acknowledged=False)
    again = Shown("anna", 9, said.text, "customer_service", None, at(16), acknowledged=True)
    seen.shown.append(again)
    assert Kind.UNDECIDABLE in kinds(seen)
    seen.shown[1] = replace(seen.shown[1], acknowledged=True)
    assert Kind.DOUBLED in kinds(seen)
    for begun, ended, kind in ((11.2, 11.2, Kind.UNDECIDABLE), (10.2, 11.2, Kind.UNDECIDABLE), (9, 10.8, Kind.DOUBLED)):
        seen.struck[:] = [Struck("kill worker", at(begun), at(ended), at(14))]
        assert kind in kinds(seen)


def test_messages_stored_the_wrong_way_round_are_out_of_order() -> None:
    seen = a_good_run()
    first, second = seen.stored[:2]
    seen.stored[:2] = [replace(first, position=second.position), replace(second, position=first.position)]
    assert kinds(seen) == [Kind.DISORDERED]


def test_what_the_platform_itself_delivered_late_may_be_stored_late() -> None:
    seen = a_good_run()
    first, second = seen.stored[:2]
    seen.stored[:2] = [replace(first, position=second.position), replace(second, position=first.position)]
    seen.sent[0] = replace(seen.sent[0], reached=False)
    assert kinds(seen) == []


def test_answers_shown_the_wrong_way_round_are_out_of_order() -> None:
    seen = a_good_run()
    seen.shown[0], seen.shown[1] = replace(seen.shown[0], place=1), replace(seen.shown[1], place=0)
    assert kinds(seen) == [Kind.DISORDERED]


def test_a_delivery_that_is_still_open_is_unsettled() -> None:
    seen = a_good_run()
    seen.said[2] = replace(seen.said[2], status="pending", route=None)
    del seen.shown[2]
    assert kinds(seen) == [Kind.UNSETTLED]


def test_what_is_noted_as_kept_or_refused_is_told_apart() -> None:
    seen = a_good_run()
    seen.said[1] = replace(seen.said[1], status="held", route=None, errcode=45009)
    seen.said[2] = replace(seen.said[2], status="refused", route=None, errcode=87014)
    del seen.shown[1:]
    assert kinds(seen) == [Kind.KEPT, Kind.REFUSED]


def test_a_seed_gives_one_plan_in_which_every_kind_of_blow_falls() -> None:
    names = [f"kind {number}" for number in range(8)]
    plan = make_plan(7, 400, rate=5.0, kinds=names, every_s=6.0, lasts_s=5.0)
    assert plan == make_plan(7, 400, rate=5.0, kinds=names, every_s=6.0, lasts_s=5.0)
    assert plan != make_plan(8, 400, rate=5.0, kinds=names, every_s=6.0, lasts_s=5.0)
    assert len(plan.lines) >= 400
    assert {blow.kind for blow in plan.blows} == set(names)
    said = [(line.person, line.number) for line in plan.lines]
    assert len(said) == len(set(said))


def test_deliveries_of_one_send_are_one_bubble() -> None:
    seen = a_good_run()
    for number in (0, 1):
        seen.said[number] = replace(seen.said[number], route="customer_service", settled_at=at(15))
    seen.shown[:2] = [Shown("anna", 0, "答：第一句\n\n答：第二句", "customer_service", None, at(15), acknowledged=True)]
    assert kinds(seen) == []


def test_words_of_safety_may_overtake() -> None:
    seen = a_good_run()
    seen.shown[0], seen.shown[1] = replace(seen.shown[0], place=1), replace(seen.shown[1], place=0)
    seen.said[1] = replace(seen.said[1], urgent=True)
    assert kinds(seen) == []


def test_words_that_were_cut_off_and_went_out_again_with_others_are_undecidable() -> None:
    seen = a_good_run()
    seen.shown.append(Shown("anna", 9, "答：第一句\n\n答：第二句", "customer_service", None, at(8), acknowledged=False))
    assert kinds(seen) == [Kind.UNDECIDABLE]


def test_of_bubbles_with_the_same_words_each_sending_has_the_one_that_it_was() -> None:
    seen = a_good_run()
    for number, settled_s in enumerate((5, 15, 25)):
        told = replace(seen.said[number], text="同样的话", route="customer_service", inbound_key=None)
        seen.said[number] = replace(told, settled_at=at(settled_s))
    by_courier = [
        Shown("anna", place, "同样的话", "customer_service", None, at(s)) for place, s in enumerate((1, 4, 14, 24))
    ]
    seen.shown[:] = [replace(by_courier[0], acknowledged=False), *by_courier[1:]]
    assert kinds(seen) == [Kind.UNDECIDABLE]
