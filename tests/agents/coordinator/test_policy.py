"""Coordination policies, with a fake crowd and no bus."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import permutations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.crowd import Answer, NobodyLeft
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.vote import plurality
from agents.messages import Item, Label
from tests.agents.coordinator.fake_crowd import FakeCrowd, resolve
from tests.agents.samples import complaint, make, share_band


def voted(labels: Sequence[Label], item: Item = 0, seed: int = 7) -> Label:
    answers = [Answer(str(number), label, number) for number, label in enumerate(labels)]
    return plurality(answers, item, FakeCrowd(seed=seed))


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=9), st.integers(0, 99))
def test_a_majority_is_among_the_most_frequent_labels(labels, item):
    label, answers, *_ = resolve(Majority(size=len(labels)), *labels, item=item)
    counts = Counter(labels)
    assert counts[label] == max(counts.values())
    assert [answer.label for answer in answers] == labels


def test_a_majority_asks_as_many_as_its_size_and_says_how_many_it_needs():
    crowd = FakeCrowd(*"aaaaa")
    asyncio.run(Majority(size=5).resolve(0, crowd))
    assert crowd.asked == [5]
    assert Majority(size=5).most_people() == 5
    assert make(AnyPolicy, "majority").size == 1


@given(st.lists(st.sampled_from(["a", "b", 3]), min_size=1, max_size=6), st.integers(0, 10**6), st.integers(0, 99))
def test_a_vote_does_not_depend_on_the_order_of_the_answers(labels, item, seed):
    assert len({voted(order, item, seed) for order in list(permutations(labels))[:50]}) == 1


@pytest.mark.parametrize("labels", ["ab", "aabb", "abc", [0, 1], [10, 9]])
def test_a_tie_is_broken_fairly(labels):
    count, leading = 6000, sorted(set(labels), key=str)
    winners = Counter(voted(labels, item) for item in range(count))
    for label in leading:
        assert winners[label] / count == pytest.approx(1 / len(leading), abs=share_band(1 / len(leading), count))


def test_a_tie_is_broken_the_same_in_every_run_with_the_same_seed():
    winners, same, others = ([voted("ab", item, seed) for item in range(64)] for seed in (7, 7, 8))
    assert winners == same
    assert winners != others


# Stopping early


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=9), st.integers(0, 99))
def test_stopping_early_changes_no_label_and_asks_no_more(labels, item):
    patient, early = (resolve(Majority(size=len(labels), early=flag), *labels, item=item) for flag in (False, True))
    assert early.label == patient.label
    assert early.answers == patient.answers[: len(early.answers)]


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=9))
def test_stopping_early_waits_as_long_as_the_leader_can_be_caught(labels):
    _, answers, *_ = resolve(Majority(size=len(labels), early=True), *labels)
    for heard in range(1, len(answers)):
        (_, most), *rest = Counter(labels[:heard]).most_common()
        assert most <= (rest[0][1] if rest else 0) + len(labels) - heard, "it was decided before"


@pytest.mark.parametrize(("size", "votes"), [(3, 2.32), (5, 3.634), (7, 4.927)])
def test_stopping_early_takes_as_many_votes_as_is_published(size, votes):
    # p = 0.8, two classes; each sequence of answers with its probability.
    exact = 0.0
    for pattern in range(2**size):
        labels = ["yes" if pattern >> bit & 1 else "no" for bit in range(size)]
        answers = resolve(Majority(size=size, early=True), *labels).answers
        exact += 0.8 ** labels.count("yes") * 0.2 ** labels.count("no") * len(answers)
    assert exact == pytest.approx(votes, abs=0.001)


@pytest.mark.parametrize(("size", "accuracy"), [(1, 0.7), (2, 0.7), (3, 0.784), (4, 0.784), (5, 0.83692)])
def test_a_majority_is_as_good_as_condorcet_says(size, accuracy):
    # Each count of right answers with its probability, ties being worth a half.
    right = sum(
        comb(size, yes)
        * 0.7**yes
        * 0.3 ** (size - yes)
        * (0.5 if 2 * yes == size else voted("y" * yes + "n" * (size - yes)) == "y")
        for yes in range(size + 1)
    )
    assert right == pytest.approx(accuracy)


def test_a_size_of_nobody_and_an_unknown_way_with_ties_are_refused():
    assert "greater than or equal to 1" in complaint(AnyPolicy, {"kind": "majority", "size": 0})
    assert "fair" in complaint(AnyPolicy, {"kind": "majority", "ties": "first"})


# One more voter for a tie

ONE_MORE = Majority(size=2, ties="one-more")


def test_one_more_person_is_asked_while_it_is_tied():
    crowd = FakeCrowd(*"abbca")
    label, answers, *_ = asyncio.run(ONE_MORE.resolve(0, crowd))
    assert (label, [answer.label for answer in answers]) == ("b", [*"abb"])
    assert crowd.asked == [2, 1]
    label, answers, *_ = resolve(ONE_MORE, *"abcab", "a")
    assert (label, [answer.label for answer in answers]) == ("a", [*"abca"])


def test_nobody_more_is_asked_where_there_is_no_tie():
    assert [answer.label for answer in resolve(ONE_MORE, *"aab").answers] == ["a", "a"]


def test_a_tie_that_nobody_is_left_to_break_is_broken_fairly():
    count = 4000
    first = sum(resolve(ONE_MORE, *"ab", item=item).label == "a" for item in range(count))
    assert first / count == pytest.approx(0.5, abs=share_band(0.5, count))
    assert ONE_MORE.most_people() == 2


def test_where_too_few_people_are_left_for_the_vote_itself_there_is_no_label():
    with pytest.raises(NobodyLeft):
        resolve(Majority(size=3, ties="one-more"), *"ab")


@given(st.lists(st.sampled_from(["a", "b"]), min_size=7, max_size=7), st.integers(2, 5))
def test_one_more_voter_than_an_even_number_is_the_majority_of_the_odd_one(labels, size):
    # Of two classes, a tie is broken by the next voter, whoever that is.
    even = size // 2 * 2
    assert resolve(Majority(size=even, ties="one-more"), *labels).label == resolve(Majority(size=even + 1), *labels).label


# A user's own policy: what is promised for twenty lines


class SecondOpinion(Policy):
    """Asks two, and a third where they differ."""

    async def resolve(self, item, crowd):
        answers = await crowd.ask(item, 2)
        if answers[0].label != answers[1].label:
            answers = [*answers, *await crowd.ask(item, 1)]
        return Resolution(plurality(answers, item, crowd), answers)

    def most_people(self) -> int:
        return 3


def test_a_policy_of_ones_own_needs_neither_bus_nor_registration():
    policy = make(AnyPolicy, f"{__name__}.SecondOpinion")
    assert resolve(policy, "a", "a").label == "a"
    assert len(resolve(policy, "a", "b", "b").answers) == 3
