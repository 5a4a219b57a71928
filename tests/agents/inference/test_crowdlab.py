"""CROWDLAB, against loops, and what it owes whoever gives it odd answers."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.component import Unusable
from agents.inference.answers import UNKNOWN, AnswerTable
from agents.inference.crowdlab import Crowdlab, consensus
from tests.agents.inference.reference import relabelled, shuffled, tables

SMALL = settings(max_examples=60, deadline=None)


def modelled(table: AnswerTable, seed: int) -> AnswerTable:
    """Return the table with a model's probabilities."""
    shape = len(table.items), len(table.classes)
    table.probabilities = np.random.default_rng(seed).dirichlet(np.ones(shape[1]), shape[0])
    return table


def plain_crowdlab(table: AnswerTable) -> tuple[list[list[float]], list[float], float]:
    """Return posteriors, and what people and the model weigh: the paper's formulas, an answer at a time."""
    classes, model = range(len(table.classes)), table.probabilities
    said = [[] for _ in table.items]
    for i, who, label in zip(table.item.tolist(), table.person.tolist(), table.label.tolist(), strict=True):
        said[i].append((who, label))
    agreed = consensus(table, model)
    several = [i for i in range(len(said)) if len(said[i]) > 1 or (said[i] and table.gold[i] != UNKNOWN)]
    if several:
        likely = sum(sum(agreed[i][label] for _, label in said[i]) / len(said[i]) for i in several) / len(several)
        error = max(1 - max(sum(agreed[i][c] for i in several) for c in classes) / len(several), 1e-6)
        shares = []
        for who in range(len(table.people)):
            same = compared = 0
            for i in range(len(said)):
                for place, (person, label) in enumerate(said[i]):
                    others = [other for at, (_, other) in enumerate(said[i]) if at != place]
                    others += [table.gold[i]] if table.gold[i] != UNKNOWN else []
                    if person == who:
                        same, compared = same + sum(label == other for other in others), compared + len(others)
            shares.append(same / compared if compared else math.nan)
        shares = [np.nanmean(shares) if math.isnan(share) else share for share in shares]
        weight = [max(1 - (1 - share) / error, 1e-6) for share in shares]
        right = sum(agreed[i][model[i].argmax()] for i in several) / len(several)
        each = [len(answers) for answers in said if answers]
        machine = max(1 - (1 - right) / error, 1e-6) * math.sqrt(sum(each) / len(each))
    else:
        likely, weight, machine = 1.0, [1.0] * len(table.people), 1.0
    posterior = []
    for i in range(len(said)):
        opinion = machine * model[i]
        for who, label in said[i]:
            wrong = (1 - likely) / max(len(table.classes) - 1, 1)
            opinion = opinion + weight[who] * np.array([likely if c == label else wrong for c in classes])
        if table.gold[i] != UNKNOWN:
            opinion = np.eye(len(table.classes))[table.gold[i]]
        posterior.append((opinion / opinion.sum()).tolist())
    return posterior, weight, machine


@SMALL
@given(tables(), st.integers(0, 99))
def test_it_finds_what_loops_find(table, seed):
    found = Crowdlab().infer(modelled(table, seed))
    posterior, weight, machine = plain_crowdlab(table)
    assert found.posterior == pytest.approx(np.array(posterior), abs=1e-9)
    assert found.weight == pytest.approx(np.array(weight), abs=1e-9)
    assert found.model_weight == pytest.approx(machine)


@SMALL
@given(tables(), st.integers(0, 99))
def test_the_order_of_rows_makes_no_difference(table, seed):
    other = shuffled(table, seed)
    other.probabilities = modelled(table, seed).probabilities
    assert Crowdlab().infer(other).posterior == pytest.approx(Crowdlab().infer(table).posterior, abs=1e-12)


@SMALL
@given(tables(), st.integers(0, 99))
def test_other_names_for_the_classes_permute_the_posterior(table, seed):
    order = np.random.default_rng(seed).permutation(len(table.classes)).tolist()
    other = relabelled(table, order)
    other.probabilities = np.empty_like(modelled(table, seed).probabilities)
    other.probabilities[:, order] = table.probabilities
    assert Crowdlab().infer(other).posterior[:, order] == pytest.approx(Crowdlab().infer(table).posterior, abs=1e-9)


def test_without_a_models_probabilities_it_says_so():
    none = np.zeros(0, np.intp)
    with pytest.raises(Unusable, match="model's class probabilities"):
        Crowdlab().infer(AnswerTable(["a"], ["p"], "xy", none, none, none))


def test_a_tied_vote_goes_to_the_class_that_the_model_finds_more_probable():
    item, person, label = np.array([0, 0]), np.array([0, 1]), np.array([0, 2])
    table = AnswerTable(["a"], ["p", "q"], "xyz", item, person, label, probabilities=np.array([[0.1, 0.7, 0.2]]))
    assert consensus(table, table.probabilities).tolist() == [[0.0, 0.0, 1.0]]


def test_an_item_without_answers_has_the_models_probabilities():
    item, person, label = np.array([0, 0]), np.array([0, 1]), np.array([0, 0])
    table = AnswerTable(["a", "b"], ["p", "q"], "xy", item, person, label, probabilities=np.array([[0.6, 0.4], [0.3, 0.7]]))
    assert Crowdlab().infer(table).posterior[1] == pytest.approx([0.3, 0.7])
