"""How well a fitted crowd stands for the real one."""

import numpy as np
import pytest

from agents.annotator.calibration.crowd import fit_crowd
from agents.annotator.calibration.fidelity import accuracies, compare, figures_of, known_part
from agents.annotator.calibration.protocol import halves, in_sample, new_people, other_people, with_gold
from agents.annotator.calibration.simulation import simulate
from agents.inference.agreement import fleiss_kappa
from agents.inference.answers import AnswerTable
from agents.items import UNKNOWN
from tests.agents.annotator.calibration.made import Made, made, matrices


@pytest.fixture(scope="module")
def log() -> Made:
    stream = np.random.default_rng(1)
    return made(stream, matrices(stream, 30, 2, 0.75, 6.0), 800, 7, 1.3, 1.0, skew=1.0)


def test_a_crowd_stands_for_the_log_it_was_fitted_to(log):
    found = in_sample(log.table, log.truth, 0, 20)
    assert found.curve_mae < 1.0
    assert found.curve_worst < 2.0
    assert abs(found.kappa_error) < 0.02
    assert abs(found.gain_error) < 2.0
    assert found.within
    assert found.votes.tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_independent_people_would_not(log):
    crowd = fit_crowd(log.table, log.truth)
    alone = crowd.mean._replace(base=crowd.mean.confusion, spread=np.zeros_like(crowd.spread))
    found = compare(log.table, log.truth, lambda stream: (simulate(crowd, log.table, log.truth, stream, alone), log.truth), 0, 20)
    assert found.kappa_error < -0.05
    assert found.curve_worst > 3.0


@pytest.mark.slow
def test_half_of_the_items_is_predicted_no_worse_than_by_the_other_half(log):
    found = halves(log.table, log.truth, 0, 2, 10)
    assert len(found.fitted) == len(found.real) == len(found.tests) == 4
    assert found.no_worse
    assert found.fitted_kappa.mean() < 0.04


def test_new_people_are_like_the_old_ones(log):
    found = new_people(log.table, log.truth, 0, 10)
    assert found.curve_mae < 3.0
    assert found.simulated.spread == pytest.approx(found.real.spread, abs=0.04)


@pytest.mark.slow
def test_one_half_of_the_people_predicts_the_other(log):
    found = other_people(log.table, log.truth, 0, 1, 5)
    assert len(found) == 2
    # One half is better than the other: what is too much on one side is too little on the other.
    assert found[0].errors.mean() * found[1].errors.mean() < 0
    assert abs(np.mean([each.errors.mean() for each in found])) < 3.0


@pytest.mark.slow
@pytest.mark.parametrize("gold", [0, 50])
def test_with_little_or_nothing_known_the_level_is_about_right(log, gold):
    assert with_gold(log.table, log.truth, gold, 0, 5).curve_mae < 6.0


def test_the_figures_are_those_of_the_table(log):
    found, error = figures_of(log.table, log.truth, 7, np.random.default_rng(0), 50)
    assert found.kappa == fleiss_kappa(log.table)
    right = log.table.label == log.truth[log.table.item]
    assert found.curve[0] == pytest.approx(right.mean(), abs=0.01)
    # Seven votes of two classes have a majority.
    assert found.curve[-1] == pytest.approx((log.table.votes.argmax(axis=1) == log.truth).mean())
    assert found.majority == pytest.approx(found.curve[-1])
    assert error[-1] == pytest.approx(np.sqrt(found.majority * (1 - found.majority) / 800), rel=0.01)


def test_people_of_few_answers_have_no_accuracy():
    item, person = np.arange(9), np.array([0] * 5 + [1] * 4)
    table = AnswerTable(range(9), ["a", "b"], [0, 1], item, person, np.array([0, 0, 0, 0, 1, 0, 0, 0, 0]))
    assert accuracies(table, np.zeros(9, int)).tolist() == [0.8]


def test_items_of_unknown_class_and_items_without_answers_are_left_out():
    table = AnswerTable(["i", "j", "k"], ["a"], [0, 1], np.array([0, 1]), np.zeros(2, int), np.array([1, 0]))
    part, truth = known_part(table, np.array([1, UNKNOWN, 0]))
    assert part.items == ["i"]
    assert truth.tolist() == [1]
    assert part.label.tolist() == [1]
