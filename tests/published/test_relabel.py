"""To relabel, or not to relabel (Sheng, Provost and Ipeirotis, 2008; Lin, Mausam and Weld, 2014).

With a budget of answers, an item may get one and more items be labelled, or several and fewer be labelled better. Which teaches a
model more depends on the model: one that can follow every wrong label gains by better ones, one that averages over them by more.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

from agents.selector.relabel import label_uncertainty, model_uncertainty
from scenarios.run import run
from scenarios.scenario import Scenario
from scenarios.summary import Summary
from tests.published.campaigns import campaign, recorded

LEARNERS: dict[str, Callable[[], Any]] = {
    "full tree": lambda: DecisionTreeClassifier(random_state=0),
    "depth-3 tree": lambda: DecisionTreeClassifier(max_depth=3, random_state=0),
    "logistic": lambda: LogisticRegression(max_iter=300),
}
BUDGET = 1500


@cache
def items() -> tuple[NDArray[Any], NDArray[Any]]:
    """Return features and true classes."""
    features, truth = make_classification(
        6000, n_features=20, n_informative=5, n_redundant=5, class_sep=1.0, flip_y=0.0, random_state=7
    )
    return features, truth


def halves(seed: int) -> list[NDArray[Any]]:
    """Return the pool, the held-out items, and the true classes of both."""
    return list(train_test_split(*items(), test_size=0.5, random_state=seed))


def accuracy(learner: str, votes: int, right: float, seed: int) -> float:
    """Return the accuracy of a model trained on as many items as the budget buys, each labelled by the majority of so many."""
    pool, held_out, truth, held_out_truth = halves(seed)
    generator = np.random.Generator(np.random.PCG64([seed, votes]))
    chosen = generator.permutation(len(pool))[: BUDGET // votes]
    correct = generator.binomial(votes, right, len(chosen)) > votes / 2
    labels = np.where(correct, truth[chosen], 1 - truth[chosen])
    return float((LEARNERS[learner]().fit(pool[chosen], labels).predict(held_out) == held_out_truth).mean())


def t_of(differences: Sequence[float] | NDArray[np.float64]) -> float:
    return float(np.mean(differences) / (np.std(differences, ddof=1) / np.sqrt(len(differences))))


@pytest.mark.slow
@pytest.mark.parametrize("right", [0.6, 0.7, 0.8])
@pytest.mark.parametrize(("learner", "sign"), [("full tree", 1), ("depth-3 tree", -1), ("logistic", -1)])
def test_relabelling_pays_for_a_full_tree_and_not_for_models_that_average(learner: str, sign: int, right: float) -> None:
    # A tree that follows every label gains most of all; where labels are poor, models that average lose less than others gain.
    seeds = range(40 if learner == "full tree" else 160)
    pairs = [(accuracy(learner, 9, right, seed), accuracy(learner, 1, right, seed)) for seed in seeds]
    assert sign * t_of([nine - one for nine, one in pairs]) > 4


# Through the bus


def relabelling(share: float | None, seed: int, estimator: dict[str, Any], kind: str = "fixed", items: int = 500) -> Scenario:
    """Return a campaign with a budget of 260 answers, of which so many ask again: eight of nine if each item is to have nine."""
    relabel = None if share is None else {"kind": kind, "share": share, "most": 9}
    return campaign(
        items,
        people=9,
        noise={"kind": "one-coin", "accuracy": 0.7},
        seed=seed,
        learner={"estimator": estimator, "retrain_every": 20},
        selector={"in_flight": 1, **({} if relabel is None else {"relabel": relabel})},
        data={"source": "synthetic", "items": items, "features": 8, "separation": 1.5, "test_fraction": 0.4, "seed_labels": 2},
        annotators=[
            {"count": 9, "noise": {"kind": "one-coin", "accuracy": 0.7}, "latency": {"kind": "exponential", "mean": 1}, "price": 1}
        ],
        stop={"budget": 260.0},
    )


TREE = {"kind": "sklearn.tree.DecisionTreeClassifier"}
STUMP = {"kind": "sklearn.tree.DecisionTreeClassifier", "params": {"max_depth": 1}}


def outcome(*options: Any, **more: Any) -> Summary:
    return run(relabelling(*options, **more), logs=None)


def test_the_budget_is_one_of_answers_and_an_item_is_one_row_however_many_it_has() -> None:
    record, summary = recorded(relabelling(8 / 9, 1, TREE))
    assert (summary.answers, summary.cost) == (260, 260.0)
    assert summary.labels == 260 - round(260 * 8 / 9)
    trained = [event.body["labels"] for event in record if event.kind == "training-started"]
    assert trained[-1] == summary.labels + 2, "each item teaches once, and the two that are known"
    last = {event.body["item"]: event.body["votes"] for event in record if event.kind == "item-resolved"}
    assert sum(last.values()) == 260
    assert max(last.values()) == 9


@pytest.mark.slow
def test_relabelling_pays_for_a_full_tree_and_not_for_a_stump_through_the_bus() -> None:
    def differences(estimator: dict[str, Any]) -> list[float]:
        pairs = [(outcome(8 / 9, seed, estimator), outcome(None, seed, estimator)) for seed in range(24)]
        return [float(again.accuracy or 0) - float(new.accuracy or 0) for again, new in pairs]

    tree, stump = differences(TREE), differences(STUMP)
    assert t_of(tree) > 4
    assert t_of([one - other for one, other in zip(stump, tree, strict=True)]) < -4


# Which item to ask again


def labelled(kind: str, right: float, seed: int, rounds: int = 24, batch: int = 25) -> float:
    """Return the accuracy of the model when so many answers were spent on items chosen so, each item having one before."""
    pool, held_out, truth, held_out_truth = halves(seed)
    generator = np.random.Generator(np.random.PCG64(seed))
    chosen = generator.permutation(len(pool))[:300]
    features, classes = pool[chosen], truth[chosen]
    votes = np.zeros((300, 2), np.int64)

    def answer(rows: NDArray[np.intp]) -> None:
        is_right = generator.random(len(rows)) < right
        votes[rows, np.where(is_right, classes[rows], 1 - classes[rows])] += 1

    answer(np.arange(300))
    for _ in range(rounds):
        lead, second = votes.max(axis=1), votes.min(axis=1)
        score = -votes.sum(axis=1).astype(np.float64)
        if kind != "fixed":
            score = label_uncertainty(lead, second)
        if kind == "label-and-model":
            score = np.sqrt(score * model_uncertainty(model(features, votes, generator).predict_proba(features)))
        answer(np.lexsort((generator.random(300), -score))[:batch])
    return float((model(features, votes, generator).predict(held_out) == held_out_truth).mean())


def model(features: NDArray[Any], votes: NDArray[np.int64], generator: np.random.Generator) -> Any:
    tie = generator.random(len(votes)) < 0.5
    labels = np.where(votes[:, 0] == votes[:, 1], tie, votes[:, 1] > votes[:, 0])
    return RandomForestClassifier(30, random_state=0).fit(features, labels)


@pytest.mark.slow
def test_asking_where_label_and_model_are_in_doubt_beats_round_robin_at_the_same_cost() -> None:
    runs = [(right, seed) for right in (0.6, 0.7) for seed in range(20)]
    fixed, votes, both = (
        np.array([labelled(kind, *each) for each in runs]) for kind in ("fixed", "label-uncertainty", "label-and-model")
    )
    assert t_of(both - fixed) > 4
    assert votes.mean() > fixed.mean()
