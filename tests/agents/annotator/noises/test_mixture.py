"""Mixtures: of people, of items and of answers."""

import numpy as np
import pytest

from agents.annotator.nature import Nature
from agents.annotator.noise import Noise
from agents.annotator.noises.choice import NOISES, AnyNoise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.constant import Constant
from agents.annotator.noises.guess import Guess
from agents.annotator.noises.mixture import Mixture
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.people import Varied, person_of
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.annotator.crowds import as_people, confusion, said
from tests.agents.samples import STRANGERS, complaint, dump, make, share_band

N = 6000
TRUTH = np.arange(N) % 3
GOOD, BAD = 0.95, 0.4
WEIGHTS = (3.0, 1.0)
MEAN = 0.75 * GOOD + 0.25 * BAD
OF = (OneCoin(accuracy=GOOD), OneCoin(accuracy=BAD))


def agreement(p: float) -> float:
    """Return how often two of that accuracy agree, of three classes."""
    return p**2 + (1 - p) ** 2 / 2


@pytest.mark.parametrize("by", ["item", "answer"])
def test_a_mixture_by_item_or_by_answer_is_right_as_often_as_its_noises_are_in_the_mean(by):
    noise = Mixture(of=OF, weights=WEIGHTS, by=by)
    found = confusion(said([noise], TRUTH, 3)[:, 0], TRUTH, 3)
    assert np.diag(found) == pytest.approx(MEAN, abs=share_band(MEAN, N // 3))
    wrong = (1 - MEAN) / 2
    assert found[~np.eye(3, dtype=bool)] == pytest.approx(wrong, abs=share_band(wrong, N // 3))


def test_who_mixes_by_item_changes_on_the_same_items_as_the_others_and_so_agrees_more():
    answers = {by: said([Mixture(of=OF, weights=WEIGHTS, by=by)] * 2, TRUTH, 3) for by in ("item", "answer")}
    together = {by: (each[:, 0] == each[:, 1]).mean() for by, each in answers.items()}
    by_item = 0.75 * agreement(GOOD) + 0.25 * agreement(BAD)
    assert together["item"] == pytest.approx(by_item, abs=share_band(by_item, N))
    assert together["answer"] == pytest.approx(agreement(MEAN), abs=share_band(agreement(MEAN), N))


def test_a_mixture_by_person_is_one_of_its_noises_for_each_person():
    people = as_people(Mixture(of=OF, weights=WEIGHTS), 4000)
    good = [person is OF[0] for person in people]
    assert all(person in OF for person in people)
    assert np.mean(good) == pytest.approx(0.75, abs=share_band(0.75, 4000))
    assert Mixture(of=OF, weights=WEIGHTS).chances(case(0, 1, 3))[1] == pytest.approx(MEAN)


def test_a_noise_of_no_weight_is_never_chosen():
    for by in ("person", "item", "answer"):
        noise = Mixture(of=(Constant(label=0), Constant(label=1), Constant(label=2)), weights=(0, 1, 0), by=by)
        assert (said(as_people(noise, 3), TRUTH[:300], 3) == 1).all()


def test_mixtures_mix_mixtures():
    inner = {"kind": "mixture", "of": ["guess", {"kind": "constant", "label": 2}], "by": "answer"}
    noise = make(AnyNoise, {"kind": "mixture", "of": [{"kind": "one-coin", "accuracy": 1}, inner], "by": "answer"})
    expected = 0.5 * np.eye(3) + 0.25 * np.full((3, 3), 1 / 3) + 0.25 * np.tile([0, 0, 1], (3, 1))
    assert np.array([noise.chances(case(0, truth, 3)) for truth in range(3)]) == pytest.approx(expected)
    assert make(AnyNoise, dump(AnyNoise, noise)) == noise


def test_what_chance_decides_for_a_person_within_is_drawn_apart_at_each_place():
    inner = {"kind": "mixture", "of": [{"kind": "one-coin", "accuracy": 1}, "guess"]}
    people = as_people(make(AnyNoise, {"kind": "mixture", "by": "answer", "of": [inner, inner]}), 4000)
    kinds = np.array([[each == OneCoin(accuracy=1) for each in person.of] for person in people])
    assert kinds.mean(axis=0) == pytest.approx(0.5, abs=share_band(0.5, 4000))
    assert abs(np.corrcoef(kinds.T)[0, 1]) < 4 / 4000**0.5


def test_dials_within_a_mixture_may_differ_from_person_to_person():
    beta = {"kind": "beta", "a": 8, "b": 2}
    table = {"kind": "mixture", "of": [{"kind": "one-coin", "accuracy": beta}, "guess"], "by": "item"}
    varied = make(AnyNoise, table)
    assert isinstance(varied, Varied)
    people = [person_of(varied, NOISES, Noise, Chance(7).keyed("person", f"crowd-{number}")) for number in range(1500)]  # type: ignore[type-abstract]
    accuracies = np.array([person.of[0].accuracy for person in people])
    assert accuracies.mean() == pytest.approx(0.8, abs=4 * (0.8 * 0.2 / 11 / 1500) ** 0.5)
    assert dump(AnyNoise, varied)["of"][0] == {"kind": "one-coin", "accuracy": {"kind": "beta", "a": 8.0, "b": 2.0}}


def test_a_distribution_that_would_be_drawn_for_nobody_is_refused():
    # Made in Python, and not by a table: here nobody would draw the accuracy.
    with pytest.raises(ValueError, match="a distribution over people"):
        Mixture(of=({"kind": "one-coin", "accuracy": {"kind": "beta", "a": 8, "b": 2}},))


@pytest.mark.parametrize(
    ("dials", "what"),
    [
        ({"of": []}, "there are no noises in `of`"),
        ({"of": ["guess"], "weights": [1, 2]}, "weights has 2 numbers, but there are 1 noises"),
        ({"of": ["guess"], "weights": [0]}, "weights are all 0"),
        ({"of": ["guess"], "by": "day"}, "'person', 'item' or 'answer'"),
        ({"of": [{"kind": "recorded", "file": "a.csv"}]}, "no other noise is made of them"),
        ({"of": [{"kind": "mixture", "of": [{"kind": "one-coin", "accuracy": 2}]}]}, "less than or equal to 1"),
        ({}, "Field required"),
    ],
)
def test_what_is_no_mixture_is_refused(dials, what):
    assert what in complaint(AnyNoise, {"kind": "mixture", **dials})


def test_a_mixture_is_for_as_many_classes_as_all_its_noises():
    noise = Mixture(of=(Guess(), Confusion(matrix=((0.9, 0.1), (0.2, 0.8)))))
    noise.check(2)
    with pytest.raises(ValueError, match="for 2 classes, but the data have 3"):
        noise.check(3)


def test_another_run_mixes_other_items():
    noise = Mixture(of=(Constant(label=0), Constant(label=1)), by="item")
    answers = [said([noise], TRUTH[:200], 3, Nature(Chance(seed)))[:, 0] for seed in (1, 2)]
    assert (answers[0] != answers[1]).any()


def test_somebody_else_s_noise_within_a_mixture_needs_trust():
    table = {"kind": "mixture", "of": ["guess", {"kind": "somebody.Noise"}]}
    assert "running it needs --trust" in complaint(AnyNoise, table, STRANGERS)
    varied = {
        "kind": "mixture",
        "of": [{"kind": "one-coin", "accuracy": {"kind": "beta", "a": 8, "b": 2}}, {"kind": "somebody.Noise"}],
    }
    assert "running it needs --trust" in complaint(AnyNoise, varied, STRANGERS)


def test_a_mixture_by_item_within_a_mixture_by_item_chooses_by_luck_of_its_own():
    within = Mixture(of=(Constant(label=0), Constant(label=1)), by="item")
    answers = said([Mixture(of=(within, Constant(label=2)), by="item")] * 2, TRUTH, 3)
    assert (answers[:, 0] == answers[:, 1]).all()
    for label, share in enumerate((0.25, 0.25, 0.5)):
        assert (answers[:, 0] == label).mean() == pytest.approx(share, abs=share_band(share, N))
