"""Noises that go by where items lie: boundary, regions, topics."""

import numpy as np
import pytest

from agents.annotator.noise import Noise
from agents.annotator.noises.boundary import Boundary
from agents.annotator.noises.choice import NOISES, AnyNoise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.mixture import Mixture
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.noises.regions import Regions
from agents.annotator.noises.topics import Topics
from agents.annotator.people import person_of
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.annotator.crowds import as_people, said
from tests.agents.annotator.terrain import Land
from tests.agents.samples import band, complaint, make, share_band

N = 3000
LAND = Land(N, classes=3, separation=1.5, topics=["sport", "art", "law"] * (N // 3 - 1) + ["sport"] * 3)
DOUBTS = [LAND.terrain.doubt(item) for item in range(N)]
TOPIC = np.array([LAND.terrain.topic(item) for item in range(N)])
REGION = np.array([LAND.terrain.region(item, 4) for item in range(N)])


def answers(*noises: Noise) -> np.ndarray:
    return said(noises, LAND.truth, 3, LAND.nature)


def logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


# Boundary


def mistakes(error: float, power: float) -> np.ndarray:
    """Return the probability of the mistake by item, as the formula says."""
    return error * np.minimum(1, 1 - np.array([doubt.margin for doubt in DOUBTS])) ** power


@pytest.mark.parametrize(("error", "power", "p"), [(0.5, 2.0, 1.0), (0.9, 0.5, 0.8)])
def test_accuracy_near_and_far_from_the_boundary_is_that_of_the_formula(error, power, p):
    noise = Boundary(error=error, power=power, of=OneCoin(accuracy=p))
    right = answers(noise)[:, 0] == LAND.truth
    expected = (1 - mistakes(error, power)) * p
    order = np.argsort([doubt.margin for doubt in DOUBTS])
    for part in np.array_split(order, 4):
        mean = expected[part].mean()
        assert right[part].mean() == pytest.approx(mean, abs=share_band(mean, len(part)) + 1e-9)


def test_the_mistake_is_the_class_beyond_the_boundary():
    noise = Boundary(error=1.0, power=1.0)
    said_wrong = answers(noise)[:, 0]
    wrong = said_wrong != LAND.truth
    assert wrong.any()
    assert (said_wrong[wrong] == np.array([doubt.rival for doubt in DOUBTS])[wrong]).all()


def test_noise_diminishes_polynomially_with_the_margin():
    # Zhang et al. (2021): away from the boundary, the noise is at most a constant times (1 - eta) to a power above 1.
    land = Land(2000, classes=2, separation=1.0)
    noise = Boundary(error=0.5, power=1.5)
    for item in range(0, 2000, 7):
        margin = land.terrain.doubt(item).margin
        eta = (1 + margin) / 2
        wrong = noise.chances(case(item, int(land.truth[item]), 2, nature=land.nature))[1 - land.truth[item]]
        assert wrong <= 0.5 * (2 * (1 - eta)) ** 1.5 + 1e-12 or eta < 0.5
        assert wrong <= 0.5 + 1e-12


def test_two_people_err_on_the_same_items_near_the_boundary():
    wrong = answers(*[Boundary(error=0.6, power=2.0)] * 2) != LAND.truth[:, np.newaxis]
    both = np.square(mistakes(0.6, 2.0)).mean()
    assert wrong.all(axis=1).mean() == pytest.approx(both, abs=share_band(both, N))
    assert both > 1.3 * wrong.mean() ** 2


# Regions


def test_accuracy_in_each_region_is_as_given():
    accuracies = (0.95, 0.8, 0.6, 0.3)
    right = answers(Regions(regions=4, accuracies=accuracies))[:, 0] == LAND.truth
    for region, accuracy in enumerate(accuracies):
        here = region == REGION
        assert right[here].mean() == pytest.approx(accuracy, abs=share_band(accuracy, here.sum()))


def test_wrong_answers_keep_the_proportions_of_the_noise_within():
    within = Confusion(matrix=((0.7, 0.3, 0.0), (0.1, 0.8, 0.1), (0.05, 0.15, 0.8)))
    noise = Regions(of=within, regions=1, accuracies=(0.6,))
    rows = [noise.chances(case(0, truth, 3, nature=LAND.nature)) for truth in range(3)]
    assert np.array(rows) == pytest.approx(np.array([[0.6, 0.4, 0], [0.2, 0.6, 0.2], [0.1, 0.3, 0.6]]))
    certain = Regions(of=OneCoin(accuracy=1), regions=1, accuracies=(0.6,))
    assert certain.chances(case(0, 0, 3, nature=LAND.nature)) == pytest.approx([0.6, 0.2, 0.2])


def test_each_person_knows_each_region_by_a_normal_draw_of_their_own():
    people = as_people(Regions(regions=4, spread=0.8, of=OneCoin(accuracy=0.75)), 500)
    firsts = [int(np.flatnonzero(region == REGION)[0]) for region in range(4)]
    odds = np.array(
        [
            [logit(person.chances(case(item, int(LAND.truth[item]), 3, nature=LAND.nature))[LAND.truth[item]]) for item in firsts]
            for person in people
        ]
    )
    shifts = odds - logit(0.75)
    assert shifts.mean(axis=0) == pytest.approx(0, abs=band(0.8, 500))
    assert shifts.std(axis=0) == pytest.approx(0.8, abs=band(0.8 / 2**0.5, 500))
    assert (np.abs(np.corrcoef(shifts.T)[np.triu_indices(4, 1)]) < 4 / 500**0.5).all()


def test_somebody_of_whom_it_is_not_known_who_they_are_knows_all_regions_alike():
    noise = Regions(regions=4, spread=2.0, of=OneCoin(accuracy=0.75))
    assert noise.chances(case(5, 2, 3, nature=LAND.nature)) == pytest.approx([0.125, 0.125, 0.75])


def test_regions_within_regions_are_known_apart():
    inner = {"kind": "regions", "regions": 4, "spread": 1.0}
    (person,) = as_people(make(AnyNoise, {"kind": "mixture", "by": "answer", "of": [inner, inner]}), 1)
    first, second = (each.chances(case(3, 0, 3, nature=LAND.nature))[0] for each in person.of)
    assert first != second


# Topics


def test_accuracy_on_each_topic_is_as_given_and_elsewhere_that_of_the_noise_within():
    noise = Topics(accuracies={"sport": 0.95, "art": 0.5}, of=OneCoin(accuracy=0.7))
    right = answers(noise)[:, 0] == LAND.truth
    for topic, accuracy in (("sport", 0.95), ("art", 0.5), ("law", 0.7)):
        here = topic == TOPIC
        assert right[here].mean() == pytest.approx(accuracy, abs=share_band(accuracy, here.sum()))


def test_each_person_knows_the_other_topics_by_a_draw_of_their_own():
    people = as_people(Topics(accuracies={"sport": 0.9}, spread=0.5, of=OneCoin(accuracy=0.7)), 500)
    sport, art, law = (case(item, int(LAND.truth[item]), 3, nature=LAND.nature) for item in range(3))
    assert {person.chances(sport)[sport.truth] for person in people} == {0.9}
    odds = np.array([[logit(person.chances(each)[each.truth]) for each in (art, law)] for person in people])
    assert odds.mean(axis=0) == pytest.approx(logit(0.7), abs=band(0.5, 500))
    assert odds.std(axis=0) == pytest.approx(0.5, abs=band(0.5 / 2**0.5, 500))
    assert abs(np.corrcoef(odds.T)[0, 1]) < 4 / 500**0.5


def test_a_person_keeps_their_regions_and_topics_when_they_are_asked_again():
    table = {"kind": "topics", "spread": 1.0, "of": {"kind": "one-coin", "accuracy": {"kind": "beta", "a": 8, "b": 2}}}
    luck = Chance(7).keyed("person", "crowd-1")
    first, again = (person_of(make(AnyNoise, table), NOISES, Noise, luck).person(luck) for _ in range(2))  # type: ignore[type-abstract]
    each = case(1, 1, 3, nature=LAND.nature)
    assert first.chances(each) == again.chances(each)


# What they need


@pytest.mark.parametrize(
    ("noise", "needs"),
    [
        (Boundary(), {"features"}),
        (Regions(), {"features"}),
        (Topics(), {"topics"}),
        (Mixture(of=(Topics(of=Boundary()), OneCoin())), {"features", "topics"}),
        (OneCoin(), set()),
    ],
)
def test_noises_say_what_they_go_by_at_any_depth(noise, needs):
    assert noise.needs() == needs
    assert all(person.needs() <= needs for person in as_people(noise, 5))


def test_a_noise_says_which_topics_it_tells_apart_at_any_depth():
    noise = Mixture(of=(Topics(accuracies={"art": 0.5}, of=Topics(accuracies={"law": 0.5})), OneCoin()))
    assert noise.topics() == {"art", "law"}


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ({"kind": "boundary", "error": 1.1}, "less than or equal to 1"),
        ({"kind": "boundary", "power": 0}, "greater than 0"),
        ({"kind": "regions", "regions": 0}, "greater than or equal to 1"),
        ({"kind": "regions", "regions": 3, "accuracies": [0.5]}, "accuracies has 1 numbers, but there are 3 regions"),
        ({"kind": "regions", "spread": -1}, "greater than or equal to 0"),
        ({"kind": "topics", "accuracies": {"art": 1.5}}, "less than or equal to 1"),
        ({"kind": "topics", "accuracy": {"art": 0.5}}, "did you mean 'accuracies'"),
    ],
)
def test_dials_out_of_range_are_refused(table, what):
    assert what in complaint(AnyNoise, table)
