"""Strategies that are combined: rank aggregation (Tran, Ong and Wolf, 2018) and active learning by learning (Hsu and Lin, 2015)."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.messages import NominationsSettled
from agents.selector.council.rules.albl import Albl, drawn
from agents.selector.shortlist import Scores
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from scenarios.run import run
from scenarios.scenario import Scenario
from tests.agents.selector.council.sittings import POOL, rows, sitting
from tests.agents.selector.council.test_auction import view
from tests.published.campaigns import recorded

MEMBERS = ("margin", "entropy", "least-confident", "random")


class Surest(Strategy):
    """The items of which the model is surest: next to nothing is to be learned from them."""

    kind: ClassVar[str] = "surest"

    def scores(self, view: PoolView) -> Scores:
        """Return max p."""
        return np.asarray(view.probabilities.max(axis=1))


SUREST = {"kind": "tests.published.test_councils.Surest"}


def council(rule: str, members: Sequence[Any], nominations: int) -> dict[str, Any]:
    return {"kind": "council", "members": [*members], "rule": rule, "nominations": nominations}


def digits(strategy: Any, seed: int, labels: int = 100) -> Scenario:
    """Return a campaign on handwritten digits with one person, who is always right: ten labels known, and five asked at a time."""
    return Scenario.model_validate(
        {
            "name": "council",
            "seed": seed,
            "data": {"source": "digits", "test_fraction": 0.5, "seed_labels": 10},
            "learner": {"retrain_every": 5},
            "selector": {"strategy": strategy, "in_flight": 5, "barrier": True},
            "annotators": [{"noise": {"kind": "one-coin", "accuracy": 1.0}, "latency": {"kind": "fixed", "time": 1}}],
            "stop": {"labels": labels},
        }
    )


@cache
def curves(name: str, seeds: int) -> NDArray[np.float64]:
    """Return the accuracies of each version with each seed; shape (seeds, versions)."""
    strategies: dict[str, Any] = {
        "borda": council("borda", MEMBERS, 1000),
        "surest": SUREST,
        "albl": council("albl", ["margin", SUREST, "random"], 10),
    }
    summaries = [run(digits(strategies.get(name, name), seed), logs=None) for seed in range(seeds)]
    return np.array([[point.accuracy for point in summary.curve] for summary in summaries])


def paired(one: NDArray[np.float64], other: NDArray[np.float64]) -> tuple[float, float]:
    """Return the mean of the differences, and its standard error."""
    differences = one - other
    return float(differences.mean()), float(differences.std(ddof=1) / math.sqrt(len(differences)))


# Rank aggregation


@pytest.mark.slow
def test_ranks_put_together_beat_passive_learning_and_need_no_choice_of_a_strategy() -> None:
    """Borda's points of whole rankings, on digits: far above asking at random, and above its members on average, for whole curves.

    At the end it is as good as the best of the four, which nobody needed to know.
    """
    seeds = 20
    areas = {name: curves(name, seeds).mean(axis=1) for name in (*MEMBERS, "borda")}
    above_random, error = paired(areas["borda"], areas["random"])
    assert above_random > 4 * error
    above_mean, error = paired(areas["borda"], np.mean([areas[name] for name in MEMBERS], axis=0))
    assert above_mean > 4 * error
    best = max(MEMBERS, key=lambda name: float(areas[name].mean()))
    assert areas["borda"].mean() > sorted(float(areas[name].mean()) for name in MEMBERS)[-2]
    at_the_end, error = paired(curves("borda", seeds)[:, -1], curves(best, seeds)[:, -1])
    assert at_the_end > -4 * error
    assert at_the_end > -0.01


def test_in_a_few_campaigns_ranks_put_together_beat_passive_learning() -> None:
    assert paired(curves("borda", 4).mean(axis=1), curves("random", 4).mean(axis=1))[0] > 0


# Active learning by learning


def test_where_an_items_reward_tells_who_named_it_the_better_of_two_is_listened_to() -> None:
    """EXP4.P with two members, of whose items the model makes all or nothing: in the end it listens to the one nearly always."""
    horizon, good = 400, []
    right, wrong = view(*[1.0] * POOL), view(*[0.0] * POOL)
    for repetition in range(20):
        memory = Albl().memory(2, horizon)
        for number in range(horizon):
            held = sitting([0, 1, 2], [3, 4, 5], memory=memory, number=repetition * horizon + number)
            (first, *_) = rows(Albl(), held)
            memory.settle(held, [first])
            told = right if first < 3 else wrong
            memory.hear(first, 1, told)
            memory.advance(told)
            memory.drop(first)
        good.append(memory.weights[0])
    assert min(good) > 0.9


def test_a_members_estimated_reward_is_its_reward_in_the_mean() -> None:
    """Over one draw, the estimate of a member's reward is the reward in the mean, whoever is drawn (Beygelzimer et al., 2011)."""
    memory = Albl().memory(2, 400)
    draws = [next(drawn(sitting([0, 1, 2], [3, 4, 5], number=number), memory.weights)) for number in range(4000)]
    estimates = np.array([[advice / draw.probability for advice in draw.advice] for draw in draws])
    errors = estimates.std(axis=0) / math.sqrt(len(draws))
    assert np.abs(estimates.mean(axis=0) - 1).max() < 4 * errors.max()


def weight_of_the_first(seed: int) -> float:
    """Return how much the first member is listened to at the end of a campaign."""
    record, _ = recorded(digits(council("albl", ["margin", SUREST], 10), seed))
    return float([event.body["weights"][0] for event in record if event.kind == NominationsSettled.kind][-1])


@pytest.mark.slow
def test_in_a_campaign_it_wins_back_most_of_what_a_bad_member_would_cost_though_it_hardly_tells_who_is_bad() -> None:
    """With margin, chance and a member that asks for nothing new, on digits: nearer to margin alone than to the bad member alone.

    But not by knowing better: members share one model, whose accuracy says little of who named the last item, so that after a
    hundred labels they are still listened to alike. That good rewards are hard to find is what Tran, Ong and Wolf (2018) found too.
    """
    seeds = 16
    ends = {name: curves(name, seeds)[:, -1] for name in ("margin", "surest", "albl")}
    gained, error = paired(ends["albl"], (ends["margin"] + ends["surest"]) / 2)
    assert gained > 4 * error
    weights = np.array([weight_of_the_first(seed) for seed in range(seeds)])
    assert weights.mean() == pytest.approx(0.5, abs=4 * weights.std(ddof=1) / math.sqrt(seeds))
