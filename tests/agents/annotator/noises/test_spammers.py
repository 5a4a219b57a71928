"""Spammers: guessing, one answer to all, what stands first, deceit; and crowds in which some are hammers."""

import numpy as np
import pytest

from agents.annotator.noise import Noise
from agents.annotator.noises.adversarial import Adversarial
from agents.annotator.noises.choice import AnyNoise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.constant import Constant
from agents.annotator.noises.first_option import FirstOption
from agents.annotator.noises.guess import Guess
from agents.annotator.noises.hammer_spammer import HammerSpammer
from agents.annotator.noises.one_coin import OneCoin
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.annotator.crowds import as_people, confusion, said
from tests.agents.samples import complaint, make, share_band

N = 8000
CLASSES = 4
TRUTH = np.arange(N) % CLASSES

EXPECTED = {
    "guess": (Guess(), np.full((4, 4), 0.25)),
    "guess-weights": (Guess(weights=(3, 1, 0, 4)), np.tile([3 / 8, 1 / 8, 0, 1 / 2], (4, 1))),
    "constant": (Constant(label=2), np.tile([0, 0, 1, 0], (4, 1))),
    "first-option": (FirstOption(), np.tile([1, 0, 0, 0], (4, 1))),
    "hurried": (
        FirstOption(share=0.4, of=OneCoin(accuracy=0.7)),
        0.6 * (0.6 * np.eye(4) + 0.1) + 0.4 * np.tile([1, 0, 0, 0], (4, 1)),
    ),
    "adversarial": (Adversarial(), np.roll(np.eye(4), 1, axis=1)),
    "adversarial-unsure": (Adversarial(of=OneCoin(accuracy=0.7)), np.roll(0.6 * np.eye(4) + 0.1, 1, axis=1)),
    "adversarial-swaps": (Adversarial(instead=(1, 0, 2, 3)), np.eye(4)[[1, 0, 2, 3]]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_spammer_has_the_confusion_matrix_of_the_formula(name):
    noise, expected = EXPECTED[name]
    found = confusion(said([noise], TRUTH, CLASSES)[:, 0], TRUTH, CLASSES)
    certain = (expected == 0) | (expected == 1)
    assert (found[certain] == expected[certain]).all()
    band = 4 * np.sqrt(expected * (1 - expected) / (N / CLASSES))
    assert (np.abs(found - expected) <= band).all()


@pytest.mark.parametrize("name", EXPECTED)
def test_the_chances_of_a_spammer_are_those_of_the_answers(name):
    noise, expected = EXPECTED[name]
    assert np.array([noise.chances(case(0, truth, CLASSES)) for truth in range(CLASSES)]) == pytest.approx(expected)


@pytest.mark.parametrize("noise", [Guess(), Guess(weights=(3, 1, 0, 4)), Constant(label=1), FirstOption()])
def test_a_spammer_tells_nothing_for_all_rows_are_alike(noise):
    # The score of Raykar and Yu (2012): the distance of the confusion matrix from one whose rows are all alike.
    rows = np.array([noise.chances(case(0, truth, CLASSES)) for truth in range(CLASSES)])
    assert np.square(rows - rows.mean(axis=0)).sum() == pytest.approx(0)


def test_with_two_classes_the_diagonal_of_a_deceiver_is_the_anti_diagonal():
    honest = Confusion(matrix=((0.9, 0.1), (0.3, 0.7)))
    deceiver = Adversarial(of=honest)
    rows = np.array([deceiver.chances(case(0, truth)) for truth in range(2)])
    assert rows == pytest.approx(np.fliplr(np.array(honest.matrix)))


def test_two_who_guess_agree_by_chance_and_two_who_hurry_agree_more():
    guessers = said([Guess(), Guess()], TRUTH, CLASSES)
    assert (guessers[:, 0] == guessers[:, 1]).mean() == pytest.approx(0.25, abs=share_band(0.25, N))
    share, p = 0.4, 0.7
    hurried = said([FirstOption(share=share, of=OneCoin(accuracy=p))] * 2, TRUTH, CLASSES)
    proper = 0.6 * np.eye(4) + 0.1
    rows = (1 - share) * proper
    rows[:, 0] += share
    expected = float(np.square(rows).sum(axis=1).mean())
    assert (hurried[:, 0] == hurried[:, 1]).mean() == pytest.approx(expected, abs=share_band(expected, N))


# Hammers and spammers


def test_each_person_is_a_hammer_or_a_spammer_for_good():
    people = as_people(HammerSpammer(hammers=0.3), 3000)
    hammers = [person == OneCoin(accuracy=1.0) for person in people]
    assert all(hammer or person == Guess() for hammer, person in zip(hammers, people, strict=True))
    assert np.mean(hammers) == pytest.approx(0.3, abs=share_band(0.3, 3000))
    assert as_people(HammerSpammer(hammers=0.3), 50) == people[:50]


@pytest.mark.parametrize(("hammers", "accuracy", "classes"), [(0.3, 1.0, 2), (0.5, 0.9, 4)])
def test_a_crowd_of_hammers_and_spammers_is_right_and_agrees_as_the_formula_says(hammers, accuracy, classes):
    # One answer of each of many people to an item of their own, and one of another.
    count = 4000
    noise = HammerSpammer(hammers=hammers, accuracy=accuracy)
    people = as_people(noise, count)
    expected = hammers * accuracy + (1 - hammers) / classes
    luck = Chance(8).keyed("annotator", "somebody", "answer")
    right = np.array([person.answer(case(item, 0, classes), luck.luck(item)) == 0 for item, person in enumerate(people)])
    assert right.mean() == pytest.approx(expected, abs=share_band(expected, count))
    assert noise.chances(case(0, 0, classes))[0] == pytest.approx(expected)


# What cannot be


@pytest.mark.parametrize(
    ("noise", "what"),
    [
        (Guess(weights=(1, 2)), "weights has 2 numbers, but the data have 4 classes"),
        (Guess(weights=(0, 0, 0, 0)), "weights are all 0"),
        (Constant(label=4), "label is 4, but the classes are 0 to 3"),
        (Adversarial(instead=(1, 0)), "instead is for 2 classes, but the data have 4"),
        (FirstOption(of=Constant(label=9)), "label is 9, but the classes are 0 to 3"),
        (Adversarial(of=Constant(label=9)), "label is 9"),
    ],
)
def test_a_spammer_for_other_classes_is_refused_at_any_depth(noise: Noise, what):
    with pytest.raises(ValueError, match=what):
        noise.check(4)


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"kind": "guess", "weights": [-1, 2]}, "greater than or equal to 0"),
        ({"kind": "guess", "weights": []}, "at least 1 item"),
        ({"kind": "constant", "label": -1}, "greater than or equal to 0"),
        ({"kind": "constant", "label": 0.5}, "valid integer"),
        ({"kind": "first-option", "share": 1.5}, "less than or equal to 1"),
        ({"kind": "adversarial", "instead": [1, 1]}, "each of the classes 0 to 1"),
        ({"kind": "hammer-spammer", "hammers": 2}, "less than or equal to 1"),
        ({"kind": "hammer-spammer", "hammer": 0.2}, "did you mean 'hammers'"),
        ({"kind": "first-option", "of": {"kind": "recorded", "file": "a.csv"}}, "no other noise is made of them"),
        ({"kind": "adversarial", "of": {"kind": "one-con"}}, "did you mean 'one-coin'"),
    ],
)
def test_dials_of_spammers_are_checked(table, what):
    assert what in complaint(AnyNoise, table)


def test_a_spammer_is_named_alone_for_its_defaults():
    assert make(AnyNoise, "guess") == Guess()
    assert make(AnyNoise, {"kind": "first-option", "of": "guess"}) == FirstOption(of=Guess())
