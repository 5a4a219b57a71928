"""Certainty: the items of one class first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.component import Unusable
from agents.estimator import Model
from agents.selector.pool import Pool
from agents.selector.strategies.certainty import Certainty
from agents.selector.view import PoolView
from tests.agents.samples import numbered
from tests.agents.selector.pools import LUCK, Matrix, Oracle, matrices, view


def of_animals(probabilities: Matrix, *classes: str | int) -> PoolView:
    """Return a pool whose classes have names."""
    items = numbered(len(probabilities), probabilities)
    pool = Pool(items)
    pool.start(classes)
    return PoolView(items, Model(Oracle(), range(len(classes)), len(classes)), 1, LUCK, pool)


@given(matrices(), st.data())
def test_the_score_is_the_probability_of_the_class(probabilities, data):
    label = data.draw(st.integers(0, probabilities.shape[1] - 1))
    assert (Certainty(label=label).scores(view(probabilities)) == probabilities[:, label]).all()
    assert (Certainty().scores(view(probabilities)) == probabilities[:, -1]).all()


def test_a_class_goes_by_its_name_in_the_data():
    pool = of_animals(np.array([[0.7, 0.1, 0.2], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5]]), "cat", "dog", "owl")
    assert Certainty(label="dog").select(pool, 3).ids == (1, 2, 0)
    assert Certainty(label="cat").select(pool, 1).ids == (0,)
    assert Certainty().select(pool, 1).ids == (2,)


def test_a_number_is_no_text():
    Certainty(label=1).check([0, 1])
    with pytest.raises(ValueError, match="label is '1', but the classes are 0, 1"):
        Certainty(label="1").check([0, 1])


def test_a_class_that_there_is_not_is_refused_with_those_that_there_are():
    with pytest.raises(ValueError, match=r"^label is 'cow', but the classes are 'cat', 'dog'$"):
        Certainty(label="cow").check(["cat", "dog"])
    with pytest.raises(ValueError, match=r"18, 19, \.\.\.$"):
        Certainty(label="cow").check(range(1000))
    with pytest.raises(Unusable, match="needs a class that there is: label is 'cow'"):
        Certainty(label="cow").select(of_animals(np.eye(2), "cat", "dog"), 1)
