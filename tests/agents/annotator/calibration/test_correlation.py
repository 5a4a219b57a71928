"""Correlation between people: how far they err on the same items."""

import numpy as np
import pytest

from agents.annotator.calibration.correlation import correlation, phi
from agents.annotator.calibration.crowd import fit_crowd
from agents.inference.answers import AnswerTable
from tests.agents.annotator.calibration.made import made, matrices


def test_it_is_the_phi_coefficient_of_two_people_who_are_right_as_often():
    stream = np.random.default_rng(1)
    items = 20_000
    truth = np.zeros(items, int)
    shared = stream.random(items) < 0.3
    right = np.where(shared[:, None], stream.random((items, 1)) < 0.7, stream.random((items, 2)) < 0.7)
    label = 1 - right.astype(int)
    table = AnswerTable(range(items), ["a", "b"], [0, 1], np.repeat(np.arange(items), 2), np.tile([0, 1], items), label.ravel())
    told = phi(table, table.label, truth, np.tile([[0.7, 0.3], [0.3, 0.7]], (2, 1, 1)))
    # A share of 0.3 of the items is decided by one draw for both.
    assert told == pytest.approx(0.3, abs=4 / np.sqrt(items))


def test_an_item_effect_explains_what_independent_people_do_not():
    stream = np.random.default_rng(2)
    log = made(stream, matrices(stream, 20, 2), 3000, 6, 1.5)
    told = correlation(fit_crowd(log.table, log.truth), log.table)
    assert told.real > 0.1
    assert told.simulated == pytest.approx(told.real, abs=0.02)
    assert abs(told.independent) < 0.02


def test_without_two_people_on_an_item_there_is_none():
    table = AnswerTable([0, 1], ["a"], [0, 1], np.array([0, 1]), np.zeros(2, int), np.array([0, 1]))
    assert np.isnan(phi(table, table.label, np.array([0, 1]), np.tile(np.eye(2), (1, 1, 1))))
