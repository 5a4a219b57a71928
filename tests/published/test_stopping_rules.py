"""When to stop: predictions that no longer change tell when a model has learned what it will, and nobody need know the truth.

Bloodgood and Vijay-Shanker (2009) stop when the kappa of successive models on a stop set is 0.99 three times in a row, and lose
hardly any accuracy by it; Altschuler and Bloodgood (2019) do the same by the change of F1. The harder a rule is to meet, the later
it fires.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from scenarios.loading import LIBRARY, load
from scenarios.run import run
from scenarios.stopping import Advised
from scenarios.summary import Summary


def outcomes(seeds: Sequence[int], rules: list[Any], **settings: Any) -> list[Summary]:
    """Run campaigns on handwritten digits of which everything is labelled, whatever rules say."""
    dials = {"stop.rules": rules, "learner.retrain_every": 20, **{key.replace("__", "."): each for key, each in settings.items()}}
    scenario = load(Path(LIBRARY / "when-to-stop.toml"), dials).scenario
    return [run(scenario.model_copy(update={"seed": seed}), logs=None) for seed in seeds]


def of(rule: str, summaries: Sequence[Summary]) -> list[Advised]:
    """Return when a rule fired in each campaign; it did in all."""
    found = [next((each for each in summary.advised if each.rule == rule), None) for summary in summaries]
    assert None not in found
    return [each for each in found if each is not None]


@pytest.mark.parametrize(
    "seeds", [pytest.param(range(3, 5), id="two"), pytest.param(range(1, 21), id="twenty", marks=pytest.mark.slow)]
)
def test_stable_predictions_tell_within_two_points_of_the_best_when_a_quarter_of_the_pool_is_labelled(seeds: range) -> None:
    summaries = outcomes(seeds, ["kappa", "f1-delta"], annotators__crowd__noise__accuracy=1.0)
    for rule, lost in (("kappa", 0.015), ("f1-delta", 0.012)):
        fired = of(rule, summaries)
        losses = [each.loss for each in fired if each.loss is not None]
        assert max(losses) < 0.03
        assert fmean(losses) < lost
        assert max(each.labels for each in fired) < 400 < 1258 / 3
    # Whoever labels everything gets what the best moment had, and pays four times as much.
    stopped = of("kappa", summaries)
    assert fmean(summary.accuracy or 0.0 for summary in summaries) > fmean(each.accuracy or 0.0 for each in stopped)
    assert fmean(each.cost for each in stopped) < fmean(summary.cost for summary in summaries) / 4


@pytest.mark.slow
def test_where_people_err_labelling_everything_is_worse_than_stopping_when_predictions_are_stable() -> None:
    summaries = outcomes(range(1, 11), ["kappa"])
    pairs = zip(of("kappa", summaries), summaries, strict=True)
    gains = [(each.accuracy or 0.0) - (summary.accuracy or 0.0) for each, summary in pairs]
    assert fmean(gains) > 0.005
    assert sum(gain > 0 for gain in gains) >= 8


def test_the_harder_a_rule_is_to_meet_the_later_it_fires() -> None:
    thresholds, patiences = (0.9, 0.95, 0.97, 0.99), (1, 2, 3)
    rules = [{"kind": "kappa", "threshold": each, "patience": times} for each in thresholds for times in patiences]
    (summary,) = outcomes([2], rules, stop__labels=500)
    fired = {each.rule: each.labels for each in summary.advised}
    labels = [fired[name] for name in ("kappa", *(f"kappa-{number}" for number in range(2, 13)))]
    assert labels[0] < labels[-1]
    for place, each in enumerate(labels):
        assert place % 3 == 0 or labels[place - 1] <= each
        assert place < 3 or labels[place - 3] <= each
