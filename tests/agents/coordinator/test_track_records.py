"""Track records: whatever comes in whatever order, they say what the last labels say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.allocations.track_records import Prior, TrackRecords
from agents.coordinator.roll import Roll

PRIOR = Prior(0.6, 5.0, 4.0)


def records(forgetting: float = 1.0, gold_only: bool = False, topics: dict[object, str] | None = None) -> TrackRecords:
    return TrackRecords(PRIOR, forgetting, gold_only, topics or {})  # type: ignore[arg-type]


def test_of_whom_nothing_is_known_is_expected_what_is_expected_of_all():
    assert records().mean("a", "") == pytest.approx(0.6)
    assert records(topics={1: "law"}).mean("a", "law") == pytest.approx(0.6)


def test_an_answer_counts_when_its_item_has_a_label():
    known = records()
    known.hear(1, "a", "yes")
    assert (known.tally("a", "").pending, known.tally("a", "").judged) == (1, 0)
    known.settle(1, "no")
    assert (known.tally("a", "").pending, known.tally("a", "").wrong) == (0, 1)
    assert known.beta("a", "") == (3.0, 3.0)


def test_an_answer_that_comes_after_the_label_waits_for_the_next_one():
    known = records()
    known.hear(1, "a", "yes")
    known.settle(1, "yes")
    known.hear(1, "b", "no")
    assert known.tally("b", "").pending == 1
    known.settle(1, "yes")
    assert (known.tally("a", "").right, known.tally("b", "").wrong) == (1, 1)


def test_another_label_judges_anew_at_what_an_answer_is_worth_by_now():
    known = records(forgetting=0.5)
    for item, label in ((1, "yes"), (2, "yes"), (3, "yes")):
        known.hear(item, "a", "yes")
        known.settle(item, label)
    assert known.tally("a", "").right == pytest.approx(1.75)
    known.settle(2, "no")
    assert (known.tally("a", "").right, known.tally("a", "").wrong) == (pytest.approx(1.25), pytest.approx(0.5))


def test_a_gold_question_counts_at_once_and_alone_where_only_gold_does():
    known = records(gold_only=True)
    known.know("gold", "yes")
    known.hear("gold", "a", "yes")
    known.hear(1, "a", "no")
    known.settle(1, "yes")
    assert (known.tally("a", "").right, known.tally("a", "").wrong, known.tally("a", "").pending) == (1, 0, 0)


def test_what_somebody_is_good_at_is_expected_of_them_at_other_topics_too():
    known = records(topics={1: "law", 2: "art"})
    known.hear(1, "a", "yes")
    known.settle(1, "yes")
    # At all topics 4 of 6; which is worth four answers at each.
    assert known.beta("a", "art") == pytest.approx((4 * 4 / 6, 4 * 2 / 6))
    assert known.beta("a", "law") == pytest.approx((4 * 4 / 6 + 1, 4 * 2 / 6))


def test_the_average_is_over_those_who_are_expected():
    known, roll = records(), Roll("abc")
    known.hear(1, "a", "yes")
    known.settle(1, "yes")
    assert known.average("", roll) == pytest.approx((4 / 6 + 0.6 + 0.6) / 3)
    roll.fall_behind("b")
    roll.block("c")
    assert known.average("", roll) == pytest.approx(4 / 6)


def test_who_is_forgotten_is_as_at_first():
    known = records(topics={1: "law", 2: "law"})
    for item in (1, 2):
        known.hear(item, "a", "yes")
        known.hear(item, "b", "no")
    known.settle(1, "yes")
    known.forget("a")
    known.settle(2, "no")
    known.settle(1, "no")
    assert known.mean("a", "law") == pytest.approx(0.6)
    assert known.tally("b", "law").right == 2


steps = st.lists(
    st.one_of(
        st.tuples(st.just("hear"), st.integers(0, 4), st.sampled_from("ab"), st.sampled_from(["yes", "no"])),
        st.tuples(st.just("settle"), st.integers(0, 4), st.just(""), st.sampled_from(["yes", "no"])),
    ),
    max_size=40,
)


@given(steps)
def test_without_fading_they_are_what_a_count_from_scratch_says(steps):
    topics = {item: "law" if item % 2 else "art" for item in range(5)}
    known, said, labels, pending = records(topics=topics), {}, {}, set()
    for what, item, name, label in steps:
        if what == "hear" and (item, name) not in said:
            known.hear(item, name, label)
            said[item, name] = label
            pending.add((item, name))
        elif what == "settle":
            known.settle(item, label)
            labels[item] = label
            pending = {each for each in pending if each[0] != item}
    for name in "ab":
        for topic in ("law", "art"):
            mine = [(item, label) for (item, who), label in said.items() if who == name and topics[item] == topic]
            judged = [label == labels[item] for item, label in mine if (item, name) not in pending]
            tally = known.tally(name, topic)
            assert (tally.right, tally.wrong) == (sum(judged), len(judged) - sum(judged))
            assert tally.pending == len(mine) - len(judged)
