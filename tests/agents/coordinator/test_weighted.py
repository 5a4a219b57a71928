"""The weighted vote, with a fake crowd and no bus."""

import asyncio
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.coordinator.accuracy import Common, Known, Learnt
from agents.coordinator.crowd import NobodyLeft
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.weighted import Weighted
from tests.agents.coordinator.fake_crowd import FakeCrowd, resolve
from tests.agents.samples import dump, make, share_band

PEOPLE = {"ann": 0.95, "bob": 0.6, "cid": 0.6, "dot": 0.6, "eve": 0.55}


def test_who_is_nearly_always_right_outvotes_two_who_hardly_know():
    policy = Weighted(size=3, accuracy=Known(of=PEOPLE))
    assert resolve(policy, ("bob", "b"), ("cid", "b"), ("ann", "a")).label == "a"
    assert len(resolve(policy, ("bob", "b"), ("cid", "b"), ("ann", "a"), ("dot", "b")).answers) == 3


@given(st.lists(st.sampled_from("abc"), min_size=5, max_size=5))
@settings(deadline=None, max_examples=60)
def test_the_label_is_the_most_probable_one(labels):
    label = resolve(Weighted(size=5, accuracy=Known(of=PEOPLE)), *zip(PEOPLE, labels, strict=True)).label

    def likely(true: str) -> float:
        return math.prod(p if said == true else (1 - p) / 2 for p, said in zip(PEOPLE.values(), labels, strict=True))

    assert likely(label) == pytest.approx(max(map(likely, "abc")))


@given(st.lists(st.sampled_from("abc"), min_size=4, max_size=4), st.integers(0, 99))
@settings(deadline=None, max_examples=60)
def test_where_all_are_held_alike_it_is_the_majority_ties_and_all(labels, item):
    weighted, majority = Weighted(size=4, accuracy=Common(accuracy=0.7)), Majority(size=4)
    assert resolve(weighted, *labels, item=item).label == resolve(majority, *labels, item=item).label


def test_a_tie_favours_no_label():
    count = 3000
    first = sum(resolve(Weighted(size=2), "a", "b", item=item).label == "a" for item in range(count))
    assert first / count == pytest.approx(0.5, abs=share_band(0.5, count))


def test_it_learns_whom_to_follow():
    policy = Weighted(size=3)
    belief = policy.belief("ab")
    for item in range(40):
        # Ann and Bob agree; Cid says the other label every other time.
        said = [("ann", "a"), ("bob", "a"), ("cid", "b" if item % 2 else "a")]
        label = asyncio.run(policy.resolve(item, FakeCrowd(*said, belief=belief))).label
        belief.settle(item, label)
    alone = [
        asyncio.run(policy.resolve(item, FakeCrowd(("ann", "a"), ("cid", "b"), ("dot", "b"), belief=belief))) for item in (98, 99)
    ]
    assert {each.label for each in alone} == {"a"}


def test_too_few_people_give_no_label():
    with pytest.raises(NobodyLeft):
        resolve(Weighted(size=3), "a", "b")


def test_a_policy_is_made_again_from_what_a_header_shows_of_it():
    policy = Weighted(size=5, accuracy=Learnt(updates="gold"))
    assert policy.most_people() == 5
    assert make(AnyPolicy, dump(AnyPolicy, policy)) == policy
    assert make(AnyPolicy, {"kind": "weighted", "accuracy": 0.6}).accuracy == Common(accuracy=0.6)
    assert make(AnyPolicy, "weighted") == Weighted()
