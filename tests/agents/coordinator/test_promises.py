"""What people bid is taken for what came of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.coordinator.allocations.contract_net import ContractNet, Reputed, Weights
from agents.coordinator.allocations.promises import Promises
from agents.negotiation import Proposed
from bus.clock import SECOND


def bid(eta: float, confidence: float | None = None, price: float = 0.0) -> Proposed:
    return Proposed(tender=1, item="x", eta=round(eta * SECOND), price=price, confidence=confidence)


def test_of_whom_nothing_is_known_everything_is_believed():
    promises = Promises(5)
    assert (promises.punctuality("a"), promises.trust("a")) == (1.0, 1.0)


def test_who_takes_four_times_as_long_as_they_say_comes_to_be_taken_for_that():
    promises = Promises(5)
    for task in range(1000):
        promises.make("a", task, 0, 10, 100)
        promises.end("a", task, 0, 140)
    assert promises.punctuality("a") == pytest.approx(1 / 4, rel=0.05)
    # 5 tasks of the prior, of 10 each, that were kept; and 1 that took 40.
    one = Promises(5)
    one.make("a", 1, 0, 10, 0)
    one.end("a", 1, 0, 40)
    assert one.punctuality("a") == 60 / 90


@given(st.lists(st.tuples(st.integers(1, 100), st.integers(0, 1000)), min_size=1, max_size=30), st.floats(0.1, 50))
def test_punctuality_is_the_ratio_of_sums_drawn_towards_one(pairs, prior):
    promises = Promises(prior)
    for task, (eta, taken) in enumerate(pairs):
        promises.make("a", task, 0, eta, 7)
        promises.end("a", task, 0, 7 + taken)
    promised, took = (sum(column) for column in zip(*pairs, strict=True))
    assert promises.punctuality("a") > 0
    if took:
        assert min(1, promised / took) - 1e-9 <= promises.punctuality("a") <= max(1, promised / took) + 1e-9


def test_a_task_is_done_once_and_one_that_is_called_off_is_no_promise():
    promises = Promises(1)
    promises.make("a", "x", 0, 10, 0)
    promises.end("a", "x", 0, 20)
    before = promises.punctuality("a")
    promises.end("a", "x", 0, 500)
    promises.make("a", "y", 0, 10, 0)
    promises.settle("y", "yes")
    promises.end("a", "y", 0, 900)
    assert promises.punctuality("a") == before == 20 / 30


def test_trust_is_the_mean_of_a_beta_distribution_and_what_is_void_is_not_judged():
    promises = Promises(2)
    for item, label in enumerate(["yes", "yes", "no"]):
        promises.hear(item, "a", label)
        promises.hear(item, "b", label)
        if item == 2:
            promises.forget("b")
        promises.settle(item, "yes")
    assert promises.trust("a") == (2 + 2) / (2 + 3)
    assert promises.trust("b") == 1.0
    promises.settle(0, "no")
    assert promises.trust("a") == (2 + 2) / (2 + 3), "the first label that an item gets is what counts"


def test_a_reputation_turns_the_order_of_bids():
    router = ContractNet(reputation=True, prior=1).router(None)
    assert isinstance(router, Reputed)
    bids = {"boaster": bid(5), "honest": bid(10)}
    assert [each.name for each in router.awards(bids, 1)] == ["boaster", "honest"]
    for task in range(9):
        router.promise("boaster", task, 0, 5, 0)
        router.end("boaster", task, 0, 20)
    assert [each.name for each in router.awards(bids, 1)] == ["honest", "boaster"]


def test_whoever_is_wrong_is_not_taken_for_as_sure_as_they_say():
    router = ContractNet(reputation=True, prior=1, weights=Weights(confidence=1, eta=0)).router(None)
    bids = {"loud": bid(1, 0.99), "modest": bid(1, 0.8)}
    assert [each.name for each in router.awards(bids, 1)] == ["loud", "modest"]
    for item in range(9):
        router.hear(item, "loud", "no")
        router.settle(item, "yes")
    assert [each.name for each in router.awards(bids, 1)] == ["modest", "loud"]


def test_a_score_weighs_confidence_price_and_time():
    router = ContractNet(weights=Weights(confidence=10, price=2, eta=0.5)).router(None)
    assert router.score("a", bid(4, 0.9, 1.5)) == pytest.approx(9 - 3 - 2)
    assert router.score("a", bid(4, None, 1.5)) == pytest.approx(-3 - 2)
