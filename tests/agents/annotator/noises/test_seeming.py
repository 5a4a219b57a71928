"""Seeming: what items look like to everybody."""

import numpy as np
import pytest

from agents.annotator.noises.choice import AnyNoise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.noises.seeming import Seeming
from tests.agents.annotator.crowds import confusion, said
from tests.agents.samples import complaint, share_band

N = 6000
CLASSES = 3
TRUTH = np.arange(N) % CLASSES
SEEMS = ((0.8, 0.2, 0.0), (0.0, 1.0, 0.0), (0.1, 0.3, 0.6))
PEOPLE = ((0.9, 0.1, 0.0), (0.2, 0.7, 0.1), (0.0, 0.1, 0.9))
NOISE = Seeming(seems=Confusion(matrix=SEEMS), of=Confusion(matrix=PEOPLE))


def test_the_confusion_matrix_is_the_product_of_what_items_seem_and_what_people_make_of_it():
    expected = np.array(SEEMS) @ np.array(PEOPLE)
    for column in said([NOISE] * 2, TRUTH, CLASSES).T:
        found = confusion(column, TRUTH, CLASSES)
        assert (np.abs(found - expected) <= 4 * np.sqrt(expected * (1 - expected) / (N / CLASSES))).all()


def test_people_agree_as_if_items_were_what_they_seem():
    answers = said([NOISE] * 2, TRUTH, CLASSES)
    seen = np.array(SEEMS).mean(axis=0)
    expected = float(seen @ np.square(PEOPLE).sum(axis=1))
    assert (answers[:, 0] == answers[:, 1]).mean() == pytest.approx(expected, abs=share_band(expected, N))


def test_a_large_crowd_is_unanimous_and_wrong_where_items_seem_something_else():
    noise = Seeming(seems=OneCoin(accuracy=0.9), of=OneCoin(accuracy=0.97))
    answers = said([noise] * 15, TRUTH[:3000], CLASSES)
    votes = np.apply_along_axis(np.bincount, 1, answers, minlength=CLASSES)
    right = votes.argmax(axis=1) == TRUTH[:3000]
    assert right.mean() == pytest.approx(0.9, abs=share_band(0.9, 3000))


def test_items_that_are_what_they_seem_leave_the_noise_as_it_is():
    plain = Confusion(matrix=PEOPLE)
    assert (said([Seeming(seems=OneCoin(accuracy=1.0), of=plain)], TRUTH[:500], 3) == said([plain], TRUTH[:500], 3)).all()


def test_what_items_seem_is_checked_like_any_noise():
    assert "less than or equal to 1" in complaint(AnyNoise, {"kind": "seeming", "seems": {"kind": "one-coin", "accuracy": 3}})
    with pytest.raises(ValueError, match="for 3 classes, but the data have 2"):
        Seeming(seems=Confusion(matrix=SEEMS)).check(2)


def test_what_seems_something_else_twice_does_so_by_two_draws():
    noise = Seeming(seems=OneCoin(accuracy=0.8), of=Seeming(seems=OneCoin(accuracy=0.8), of=OneCoin(accuracy=1.0)))
    expected = 0.8**2 + 0.2 * 0.1
    assert (said([noise], TRUTH, 3)[:, 0] == TRUTH).mean() == pytest.approx(expected, abs=share_band(expected, N))
