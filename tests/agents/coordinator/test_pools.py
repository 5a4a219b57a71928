"""What positions amount to."""

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.component import Unusable
from agents.coordinator.crowd import Answer
from agents.coordinator.pools.choice import AnyPool
from agents.coordinator.pools.judge import Judge
from agents.coordinator.pools.linear import Linear
from agents.coordinator.pools.log_opinion import LogOpinion
from agents.coordinator.pools.median import Median
from agents.coordinator.pools.plurality import Plurality
from agents.coordinator.rehearsal import Rehearsal
from tests.agents.samples import complaint, make, share_band

CLASSES = ("no", "yes")
CROWD = Rehearsal({}, classes=CLASSES)


def holds(*opinions: float | str) -> list[Answer]:
    """Return positions: how probable somebody holds "yes", or a label."""
    return [
        Answer(f"p{n}", each, n) if isinstance(each, str) else Answer(f"p{n}", CLASSES[each > 0.5], n, chances=(1 - each, each))
        for n, each in enumerate(opinions)
    ]


def logit(p: float) -> float:
    return math.log(p / (1 - p))


@given(
    st.permutations(holds(0.9, 0.2, 0.4, "yes", "no")), st.sampled_from(["plurality", "linear", "log-opinion", "median", "judge"])
)
def test_what_positions_amount_to_does_not_depend_on_their_order(positions, kind):
    pool = make(AnyPool, kind)
    assert pool.label(3, positions, CROWD) == pool.label(3, sorted(positions), CROWD)


def test_a_linear_pool_is_the_mean_and_no_surer_than_the_surest():
    assert Linear().posterior(holds(0.9, 0.6), CLASSES) == pytest.approx((0.25, 0.75))
    assert Linear(accuracy=0.8).posterior(holds(0.6, "yes", "no"), CLASSES)[1] == pytest.approx((0.6 + 0.8 + 0.2) / 3)
    # Two are hardly for it, one is much against it: the vote says yes, the mean says no.
    assert (Plurality().label(0, holds(0.55, 0.55, 0.1), CROWD), Linear().label(0, holds(0.55, 0.55, 0.1), CROWD)) == ("yes", "no")


@given(st.lists(st.floats(0.05, 0.95), min_size=1, max_size=6), st.floats(0.05, 0.95))
def test_a_log_opinion_pool_of_independent_people_is_bayes_rule(evidence, prior):
    """Each has the prior, and a likelihood ratio of their own: their posteriors pool to the one of all evidence together."""
    ratios = [logit(each) for each in evidence]
    opinions = [1 / (1 + math.exp(-(logit(prior) + ratio))) for ratio in ratios]
    pool = LogOpinion(prior={"yes": prior, "no": 1 - prior})
    exact = logit(prior) + math.fsum(ratios)
    assert logit(min(max(pool.posterior(holds(*opinions), CLASSES)[1], 1e-15), 1 - 1e-15)) == pytest.approx(exact, abs=1e-3)


def test_a_prior_that_counts_once_for_each_is_overconfident():
    prior, opinions = {"yes": 0.8, "no": 0.2}, holds(0.8, 0.8, 0.8)
    assert LogOpinion(prior=prior).posterior(opinions, CLASSES)[1] == pytest.approx(0.8)
    assert LogOpinion(prior=prior, prior_once=False).posterior(opinions, CLASSES)[1] == pytest.approx(
        1 / (1 + math.exp(-4 * logit(0.8)))
    )


@pytest.mark.parametrize("rho", [0.0, 0.25, 0.4375, 1.0])
def test_people_who_err_together_count_as_many_as_are_in_effect_independent(rho):
    effective = 9 / (1 + 8 * rho)
    found = LogOpinion(correlation=rho).posterior(holds(*[0.6] * 9), CLASSES)[1]
    assert logit(found) == pytest.approx(effective * logit(0.6))
    if rho == 0.4375:
        assert effective == 2.0


def test_who_gives_a_label_alone_counts_with_the_accuracy_and_evidence_is_tempered():
    assert logit(LogOpinion(accuracy=0.8).posterior(holds("yes", "yes", "no"), CLASSES)[1]) == pytest.approx(logit(0.8))
    assert logit(LogOpinion(temperature=2).posterior(holds(0.9), CLASSES)[1]) == pytest.approx(logit(0.9) / 2)
    # A label is evidence, and has no prior in it.
    told = LogOpinion(accuracy=0.8, prior={"yes": 1, "no": 4}).posterior(holds("yes"), CLASSES)
    assert told[1] == pytest.approx(0.5)
    assert LogOpinion().posterior(holds(1.0, 0.3), CLASSES)[1] < 1


def test_a_prior_of_other_classes_is_refused_and_so_are_numbers_out_of_range():
    with pytest.raises(Unusable, match="is of the classes maybe, but the data have no, yes"):
        LogOpinion(prior={"maybe": 1}).label(0, holds(0.5), CROWD)
    assert "less than or equal to 1" in complaint(AnyPool, {"kind": "log-opinion", "correlation": 2})


def test_of_classes_with_an_order_the_median_is_in_the_middle_and_of_two_each_is_as_likely():
    crowd = Rehearsal({}, classes=("bad", "poor", "fair", "good"))
    votes = [Answer(str(n), label, n) for n, label in enumerate(["bad", "fair", "good", "good", "bad"])]
    assert Median().label(0, votes, crowd) == "fair"
    # The plurality goes by no order: it has them bad or good.
    assert Plurality().label(0, votes, crowd) in ("bad", "good")
    even = [Median().label(item, votes[:4], crowd) for item in range(2000)]
    assert even.count("fair") / 2000 == pytest.approx(0.5, abs=share_band(0.5, 2000))


def test_a_judge_decides_by_name_by_group_or_by_luck():
    votes = [Answer("crowd-1", "yes", 1), Answer("crowd-2", "yes", 2), Answer("expert-1", "no", 3)]
    for who in ("expert-1", "expert"):
        assert Judge(who=who).judge(0, votes, CROWD) == "expert-1"
        assert Judge(who=who).label(0, votes, CROWD) == "no"
    judges = [Judge().judge(item, votes, CROWD) for item in range(3000)]
    for name in ("crowd-1", "crowd-2", "expert-1"):
        assert judges.count(name) / 3000 == pytest.approx(1 / 3, abs=share_band(1 / 3, 3000))
    assert all(Judge().judge(5, [*order], CROWD) == judges[5] for order in permutations(votes))
