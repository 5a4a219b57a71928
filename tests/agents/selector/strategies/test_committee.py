"""Query by committee: the formulas."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import rel_entr
from scipy.stats import entropy
from sklearn.ensemble import RandomForestClassifier

from agents.component import Unusable
from agents.estimator import Model
from agents.selector import forecast as forecasts
from agents.selector.strategies.committee import ConsensusEntropy, KLDivergence, MeanDeviation, VariationRatios, VoteEntropy
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.view import PoolView, view_of
from tests.agents.samples import numbered
from tests.agents.selector.pools import LUCK, Matrix, Oracle, committee, committees, view

EACH = (VoteEntropy(), VariationRatios(), ConsensusEntropy(), KLDivergence(), KLDivergence(over="max"), MeanDeviation())


def ballots(tables: Matrix) -> list[list[int]]:
    """Return for each item how many members vote for each class that somebody votes for."""
    return [list(Counter(int(np.argmax(table[row])) for table in tables).values()) for row in range(tables.shape[1])]


@given(committees())
def test_vote_entropy_is_the_entropy_of_the_counted_votes(tables):
    expected = [entropy(votes) for votes in ballots(tables)]
    assert_allclose(VoteEntropy().scores(committee(tables)), expected, atol=1e-12)


@given(committees())
def test_variation_ratio_is_the_share_of_those_who_are_outvoted(tables):
    expected = [1 - max(votes) / sum(votes) for votes in ballots(tables)]
    assert_allclose(VariationRatios().scores(committee(tables)), expected, atol=1e-12)


@given(committees())
def test_consensus_entropy_is_the_entropy_of_the_mean(tables):
    assert_allclose(ConsensusEntropy().scores(committee(tables)), entropy(tables.mean(axis=0), axis=1), atol=1e-12)


@given(committees())
def test_divergence_is_that_of_each_member_from_the_mean(tables):
    each = rel_entr(tables, tables.mean(axis=0)).sum(axis=2)
    assert_allclose(KLDivergence().scores(committee(tables)), each.mean(axis=0), atol=1e-12)
    assert_allclose(KLDivergence(over="max").scores(committee(tables)), each.max(axis=0), atol=1e-12)


@given(committees())
def test_mean_deviation_is_the_standard_deviation_averaged_over_classes(tables):
    expected = [np.mean([np.std(tables[:, row, each]) for each in range(tables.shape[2])]) for row in range(tables.shape[1])]
    assert_allclose(MeanDeviation().scores(committee(tables)), expected, atol=1e-12)


@given(committees(), st.integers(0, 15))
def test_every_score_is_a_number_of_zero_or_more_and_batches_are_as_large_as_is_wanted(tables, count):
    for strategy in EACH:
        drawn = strategy.scores(committee(tables))
        assert drawn.shape == (tables.shape[1],)
        assert np.isfinite(drawn).all() and (drawn >= 0).all()
        assert len({*strategy.select(committee(tables), count).ids}) == min(count, tables.shape[1])


@given(committees())
def test_one_member_differs_from_nobody(tables):
    alone = committee(tables[:1])
    for strategy in (VoteEntropy(), VariationRatios(), KLDivergence(), KLDivergence(over="max"), MeanDeviation()):
        assert strategy.select(alone, 99).ids == tuple(range(tables.shape[1])), "so items come as they stand"
    assert_allclose(ConsensusEntropy().scores(alone), Entropy().scores(view(tables[0])), atol=1e-12)


def test_members_who_are_sure_of_different_classes_differ_most():
    agreed, split = VoteEntropy().scores(committee(np.array([[[1, 0, 0], [1, 0, 0]], [[1, 0, 0], [0, 1, 0.0]]])))
    assert agreed == 0
    assert split == pytest.approx(math.log(2))


class Sees:
    """A member who knows some of the classes."""

    def __init__(self, *probabilities: float) -> None:
        self._says = probabilities

    def predict_proba(self, features: Matrix) -> Matrix:
        return np.tile(self._says, (len(features), 1))


class Mixed(Model):
    """A committee whose members have seen different classes."""

    @property
    def members(self) -> list[Model]:
        return [Model(Sees(0.3, 0.7), [0, 2], 4), Model(Sees(0.1, 0.1, 0.8), [0, 1, 3], 4), Model(None, [1], 4)]


def test_members_may_know_different_classes():
    pool = PoolView(numbered(2, np.zeros((2, 1))), Mixed(Oracle(), range(4), 4), 1, LUCK)
    tables = np.array([[0.3, 0, 0.7, 0], [0.1, 0.1, 0, 0.8], [0, 1, 0, 0]])
    assert_allclose(VoteEntropy().scores(pool), math.log(3))
    assert_allclose(KLDivergence().scores(pool), rel_entr(tables, tables.mean(axis=0)).sum(axis=1).mean())


@pytest.mark.parametrize("kept", [80_000, 100_000])
def test_a_committee_says_the_same_of_a_large_pool_in_parts(kept, monkeypatch):
    draws = LUCK.generator(3)
    features, labels = draws.normal(size=(3000, 3)), draws.integers(0, 4, 3000)
    forest = RandomForestClassifier(7, max_depth=3, random_state=0).fit(features[:200], labels[:200])
    whole = [strategy.scores(view_of(features, forest)) for strategy in EACH]
    monkeypatch.setattr(forecasts, "KEPT", kept)
    for strategy, expected in zip(EACH, whole, strict=True):
        pool = view_of(features, forest)
        assert len([*pool.forecast.by_parts()]) == 3
        assert (strategy.scores(pool) == expected).all()
        assert ("member_probabilities" in pool.forecast.__dict__) == (kept >= 7 * 3000 * 4), "what is too much is not kept"


class Dropout:
    """A classifier that draws samples of its probabilities."""

    def __init__(self, tables: Matrix) -> None:
        self._tables = tables

    def predict_proba(self, features: Matrix) -> Matrix:
        return self._tables.mean(axis=0)

    def sample_probabilities(self, features: Matrix) -> Matrix:
        return self._tables


@given(committees())
def test_samples_of_a_classifier_are_as_good_as_members(tables):
    _, rows, classes = tables.shape
    sampled = PoolView(numbered(rows, np.zeros((rows, 1))), Model(Dropout(tables), range(classes), classes), 1, LUCK)
    for strategy in EACH:
        assert (strategy.scores(sampled) == strategy.scores(committee(tables))).all()


def test_samples_have_a_place_for_classes_that_were_not_seen():
    model = Model(Dropout(np.full((5, 2, 2), 0.5)), [0, 2], 3)
    samples = model.samples(np.zeros((2, 1)))
    assert samples is not None
    assert (samples == [0.5, 0, 0.5]).all() and samples.shape == (5, 2, 3)


def test_samples_that_do_not_fit_are_refused_with_what_was_found():
    model = Model(Dropout(np.full((5, 2, 2), 0.5)), range(3), 3)
    with pytest.raises(Unusable, match=r"needs samples of shape \(samples, 2, 3\), and Dropout gave \(5, 2, 2\)"):
        model.samples(np.zeros((2, 1)))


@pytest.mark.parametrize("strategy", EACH, ids=lambda each: each.kind)
def test_who_is_no_committee_is_told_so(strategy):
    with pytest.raises(Unusable, match="needs a committee, and the model is none"):
        strategy.select(view(np.eye(2)), 1)


def test_who_has_seen_one_class_only_agrees_with_themselves():
    pool = PoolView(numbered(3, np.zeros((3, 1))), Model(None, [1], 3), 1, LUCK)
    for strategy in EACH:
        assert strategy.select(pool, 2).ids == (0, 1)
