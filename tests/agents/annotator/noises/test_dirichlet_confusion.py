"""Dirichlet confusion: how matrices differ from person to person."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.gamma import dirichlet
from agents.annotator.noises.choice import AnyNoise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.dirichlet_confusion import DirichletConfusion
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.annotator.crowds import as_people
from tests.agents.samples import complaint

MATRIX = ((0.8, 0.15, 0.05), (0.1, 0.6, 0.3), (0.0, 0.2, 0.8))
PEOPLE = 3000


@pytest.mark.parametrize("concentration", [0.5, 8.0, 200.0])
def test_entries_have_the_mean_of_the_community_and_the_variance_of_a_dirichlet_distribution(concentration):
    noise = DirichletConfusion(matrix=MATRIX, concentration=concentration)
    drawn = np.array([person.matrix for person in as_people(noise, PEOPLE)])
    mean = np.array(MATRIX)
    variance = mean * (1 - mean) / (concentration + 1)
    assert drawn.sum(axis=2) == pytest.approx(np.ones((PEOPLE, 3)))
    assert (np.abs(drawn.mean(axis=0) - mean) <= 4 * np.sqrt(variance / PEOPLE) + 1e-12).all()
    # Four standard errors of a variance, from the fourth moment that was found.
    fourth = np.mean((drawn - mean) ** 4, axis=0)
    assert (np.abs(drawn.var(axis=0) - variance) <= 4 * np.sqrt((fourth - variance**2) / PEOPLE) + 1e-12).all()


def test_rows_of_one_person_are_drawn_apart():
    noise = DirichletConfusion(matrix=MATRIX, concentration=5)
    right = np.array([np.diag(person.matrix) for person in as_people(noise, PEOPLE)])
    assert (np.abs(np.corrcoef(right.T)[np.triu_indices(3, 1)]) < 4 / PEOPLE**0.5).all()


def test_a_person_has_a_plain_confusion_and_the_community_its_mean():
    noise = DirichletConfusion(matrix=MATRIX)
    (person,) = as_people(noise, 1)
    assert type(person) is Confusion
    assert noise.chances(case(0, 1, 3)) == MATRIX[1]
    noise.check(3)
    with pytest.raises(ValueError, match="for 3 classes, but the data have 2"):
        noise.check(2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(1e-9, 1e6) | st.just(0.0), min_size=1, max_size=6).filter(any), st.integers(0, 10**6))
def test_shares_sum_to_one_however_small_the_shapes(shapes, item):
    shares = dirichlet(shapes, Chance(7).keyed("shares").luck(item))
    assert sum(shares) == pytest.approx(1)
    assert min(shares) >= 0
    assert all(share == 0 for share, shape in zip(shares, shapes, strict=True) if shape == 0)


@pytest.mark.parametrize(
    ("dials", "what"),
    [
        ({"matrix": [[0.9, 0.2], [0.1, 0.9]]}, "row 1 sums to 1.1"),
        ({"matrix": [[1.0]], "concentration": 0}, "greater than or equal to 0.1"),
        ({}, "Field required"),
    ],
)
def test_what_is_no_community_is_refused(dials, what):
    assert what in complaint(AnyNoise, {"kind": "dirichlet-confusion", **dials})
