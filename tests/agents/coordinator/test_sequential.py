"""Sequential stopping, with a fake crowd and no bus."""

import asyncio
import math
from collections import Counter
from itertools import accumulate, product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.coordinator.accuracy import Common, Known, Learnt
from agents.coordinator.crowd import NobodyLeft
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.sequential import Sequential
from agents.coordinator.policies.stopping import AnyStopping, Confidence, Lead, Quorum, Stopping
from tests.agents.coordinator.fake_crowd import FakeCrowd, resolve
from tests.agents.samples import complaint, dump, make, share_band

LABELS = st.lists(st.sampled_from("abc"), min_size=9, max_size=9)
RULES = (Confidence(tau=0.9, accuracy=Common(accuracy=0.7)), Quorum(votes=3), Lead(by=2))


def heard(rule: Stopping, *labels: str, most: int = 9, classes: str = "abc") -> str:
    """Return the answers that a rule waits for, as one word."""
    return "".join(str(answer.label) for answer in resolve(Sequential(until=rule, most=most), *labels, classes=classes).answers)


# The rules


@pytest.mark.parametrize(
    ("votes", "said", "waits_for"), [(1, "abc", "a"), (2, "abcb", "abcb"), (2, "aab", "aa"), (3, "abacabb", "abaca")]
)
def test_a_quorum_is_the_first_label_with_so_many_votes(votes, said, waits_for):
    assert heard(Quorum(votes=votes), *said) == waits_for


@pytest.mark.parametrize(
    ("by", "said", "waits_for"), [(1, "ab", "a"), (2, "abbb", "abbb"), (2, "abcaa", "abcaa"), (3, "aaa", "aaa")]
)
def test_a_lead_is_counted_from_the_runner_up(by, said, waits_for):
    assert heard(Lead(by=by), *said) == waits_for


@pytest.mark.parametrize(
    ("p", "tau", "by"),
    [(0.7, 0.8, 2), (0.7, 0.9, 3), (0.7, 0.95, 4), (0.7, 0.99, 6), (0.8, 0.8, 1), (0.8, 0.9, 2), (0.8, 0.95, 3), (0.8, 0.99, 4),
     (0.9, 0.9, 1), (0.9, 0.95, 2), (0.9, 0.99, 3)],
)  # fmt: skip
def test_of_two_classes_a_confidence_is_a_lead_as_published(p, tau, by):
    rule = Confidence(tau=tau, accuracy=Common(accuracy=p))
    for labels in product("ab", repeat=8):
        assert heard(rule, *labels, most=8, classes="ab") == heard(Lead(by=by), *labels, most=8)


@given(LABELS, st.floats(0.4, 0.95), st.floats(0.5, 0.99))
@settings(deadline=None, max_examples=60)
def test_a_confidence_is_the_posterior_of_the_one_coin_model(labels, p, tau):
    waits_for = heard(Confidence(tau=tau, accuracy=Common(accuracy=p)), *labels)

    def most_probable(said: list[str]) -> float:
        likely = {true: math.prod(p if label == true else (1 - p) / 2 for label in said) for true in "abc"}
        return max(likely.values()) / sum(likely.values())

    doubtful = [most_probable(labels[:count]) < tau - 1e-6 for count in range(1, 10)]
    sure = [most_probable(labels[:count]) > tau + 1e-6 for count in range(1, 10)]
    assert all(not each for each in sure[: len(waits_for) - 1])
    assert len(waits_for) == 9 or not doubtful[len(waits_for) - 1]


def test_the_answers_of_better_people_suffice_sooner():
    rule = Confidence(tau=0.9, accuracy=Known(of={"expert": 0.95}, others=0.6))
    assert len(resolve(Sequential(until=rule), ("expert-1", "a"), ("crowd-1", "a")).answers) == 1
    assert len(resolve(Sequential(until=rule), ("crowd-1", "a"), ("expert-1", "a")).answers) == 2


@pytest.mark.parametrize("rule", RULES)
@given(labels=LABELS)
@settings(deadline=None, max_examples=40)
def test_a_rule_stops_the_first_time_that_it_is_met_and_no_later(rule, labels):
    policy = Sequential(until=rule, most=9)
    crowd = FakeCrowd(*labels, belief=policy.belief("abc"))
    _, answers, *_ = asyncio.run(policy.resolve(0, crowd))
    met = [rule.is_met(0, so_far, crowd) for so_far in accumulate([answer] for answer in answers)]
    assert not any(met[:-1])
    assert met[-1] or len(answers) == 9


@pytest.mark.parametrize("rule", RULES)
@given(labels=LABELS)
@settings(deadline=None, max_examples=40)
def test_renaming_the_classes_renames_the_label(rule, labels):
    renamed = [{"a": "b", "b": "c", "c": "a"}[label] for label in labels]
    before, after = resolve(Sequential(until=rule), *labels), resolve(Sequential(until=rule), *renamed)
    assert len(before.answers) == len(after.answers)
    counts = Counter(answer.label for answer in before.answers).most_common(2)
    if len(counts) == 1 or counts[0][1] > counts[1][1]:
        assert (before.label, after.label) in {("a", "b"), ("b", "c"), ("c", "a")}


# The policy


@pytest.mark.parametrize("rule", RULES)
def test_where_as_many_as_may_be_asked_do_not_suffice_the_most_frequent_label_is_settled(rule):
    label, answers, *_ = resolve(Sequential(until=rule, most=5), *"abcabc")
    assert len(answers) == 5
    assert label in "ab"


def test_where_nobody_is_left_what_there_is_decides():
    label, answers, *_ = resolve(Sequential(until=Lead(by=3)), *"aba")
    assert (label, len(answers)) == ("a", 3)


def test_where_nobody_answers_there_is_no_label():
    with pytest.raises(NobodyLeft):
        resolve(Sequential())


@pytest.mark.parametrize(("most", "at_once", "asked"), [(7, 1, 1), (7, 3, 3), (2, 3, 2)])
def test_so_many_people_are_at_it_at_once_and_never_more_than_may_be_asked(most, at_once, asked):
    crowd = FakeCrowd(*"aaaaaaa")
    asyncio.run(Sequential(until=Quorum(votes=2), most=most, at_once=at_once).resolve(0, crowd))
    assert (crowd.asked, crowd.at_once) == ([most], [asked])


def test_a_policy_needs_as_many_people_as_it_may_ask():
    assert Sequential(most=11).most_people() == 11


@pytest.mark.parametrize("rule", RULES)
def test_ties_at_the_end_favour_no_label(rule):
    count = 3000
    policy = Sequential(until=rule, most=2)
    first = sum(resolve(policy, "a", "b", item=item).label == "a" for item in range(count))
    assert first / count == pytest.approx(0.5, abs=share_band(0.5, count))


def ruin(p: float, by: int) -> tuple[float, float]:
    """Return the accuracy of a lead by so many votes, and the expected votes, of two classes (Feller, 1950)."""
    odds = (1 - p) / p
    return 1 / (1 + odds**by), by / (2 * p - 1) * (1 - odds**by) / (1 + odds**by)


def test_a_lead_is_right_as_often_as_gamblers_ruin_says():
    # Each sequence of answers with its probability; hardly any goes on after fourteen votes.
    p, by, most = 0.9, 2, 14
    right = votes = 0.0
    for pattern in range(2**most):
        labels = [*map("nx".__getitem__, (pattern >> bit & 1 for bit in range(most)))]
        said = accumulate(1 if label == "x" else -1 for label in labels)
        end = next((count for count, lead in enumerate(said, 1) if abs(lead) == by), most)
        if pattern < 2**end:  # One for all the sequences that begin like this.
            label, answers, *_ = resolve(Sequential(until=Lead(by=by), most=most), *labels)
            assert len(answers) == end
            chance = p ** labels[:end].count("x") * (1 - p) ** labels[:end].count("n")
            right, votes = right + chance * (label == "x"), votes + chance * end
    accuracy, expected = ruin(p, by)
    assert right == pytest.approx(accuracy, abs=1e-4)
    assert votes == pytest.approx(expected, abs=1e-4)


def test_a_quorum_of_a_majority_is_the_majority_decided_early():
    # First to two of three, at p = 0.8: 0.896 right with 2.32 votes, as the majority of three that stops early.
    right = votes = 0.0
    for labels in product("xn", repeat=3):
        label, answers, *_ = resolve(Sequential(until=Quorum(votes=2), most=3), *labels)
        chance = 0.8 ** labels.count("x") * 0.2 ** labels.count("n")
        right, votes = right + chance * (label == "x"), votes + chance * len(answers)
    assert right == pytest.approx(sum(comb(3, k) * 0.8**k * 0.2 ** (3 - k) for k in (2, 3)))
    assert votes == pytest.approx(2.32)


# In a scenario


def test_a_rule_may_be_named_alone_or_with_its_dials():
    assert make(AnyPolicy, {"kind": "sequential", "until": "lead"}).until == Lead()
    policy = make(AnyPolicy, {"kind": "sequential", "until": {"kind": "confidence", "accuracy": 0.7}})
    assert policy.until.accuracy == Common(accuracy=0.7)
    assert make(AnyStopping, {"kind": "confidence", "accuracy": "learnt"}).accuracy == Learnt()


def test_a_policy_is_made_again_from_what_a_header_shows_of_it():
    policy = Sequential(until=Confidence(accuracy=Known(of={"expert": 0.9}, others=0.6)), at_once=2)
    assert make(AnyPolicy, dump(AnyPolicy, policy)) == policy


@pytest.mark.parametrize(
    ("table", "complains"),
    [
        ({"until": "led"}, "did you mean 'lead'?"),
        ({"until": {"kind": "quorum", "votes": 0}}, "greater than or equal to 1"),
        ({"until": {"kind": "confidence", "tau": 1}}, "less than 1"),
        ({"until": {"kind": "confidence", "accuracy": "lernt"}}, "did you mean 'learnt'?"),
        ({"until": {"kind": "confidence", "accuracy": True}}, "common, known, learnt"),
        ({"most": 0}, "greater than or equal to 1"),
        ({"at_once": 0}, "greater than or equal to 1"),
    ],
)
def test_dials_out_of_bounds_are_refused(table, complains):
    assert complains in complaint(AnyPolicy, {"kind": "sequential", **table})
