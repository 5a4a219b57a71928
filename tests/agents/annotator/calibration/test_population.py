"""People who are drawn afresh."""

import numpy as np
import pytest

from agents.annotator.calibration.crowd import fit_crowd
from agents.annotator.calibration.population import afresh, donors
from agents.inference.answers import AnswerTable
from tests.agents.annotator.calibration.made import matrices


def lopsided(stream: np.random.Generator) -> tuple[AnswerTable, np.ndarray]:
    """Return a log in which those who do the most work are the worst at it."""
    load = np.concatenate([np.full(6, 900), np.full(60, 40)])
    skill = np.concatenate([np.full(6, 0.55), np.full(60, 0.9)])
    truth = stream.integers(0, 2, 1500)
    person = np.repeat(np.arange(66), load)
    item = np.concatenate([stream.permutation(1500)[:each] for each in load])
    label = np.where(stream.random(len(item)) < skill[person], truth[item], 1 - truth[item])
    return AnswerTable(range(1500), [f"w{number}" for number in range(66)], [0, 1], item, person, label), truth


def test_load_and_skill_stay_together():
    stream = np.random.default_rng(1)
    table, truth = lopsided(stream)
    crowd = fit_crowd(table, truth)
    load = np.array([900] * 20 + [40] * 200)
    skill = np.einsum("pkk->pk", afresh(crowd, load, stream).confusion).mean(axis=1)
    assert skill[:20].mean() == pytest.approx(0.55, abs=0.03)
    assert skill[20:].mean() == pytest.approx(0.9, abs=0.03)


def test_a_new_person_takes_after_somebody_of_about_that_load():
    stream = np.random.default_rng(2)
    table, truth = lopsided(stream)
    crowd = fit_crowd(table, truth)
    like = donors(crowd, np.array([900] * 50 + [40] * 50 + [1, 10**6]), stream)
    assert (like[:50] < 6).all()
    assert (like[50:101] >= 6).all()
    assert like[101] < 6
    assert len({*like[:50].tolist()}) > 3


def test_new_people_differ_from_those_they_take_after():
    stream = np.random.default_rng(3)
    table, truth = lopsided(stream)
    crowd = fit_crowd(table, truth)
    one, other = (afresh(crowd, crowd.load, stream).confusion for _ in range(2))
    assert not np.allclose(one, other, atol=0.01)
    assert matrices(stream, 1, 2).shape[1:] == one.shape[1:]
