"""Work times of a crowd beside real ones that it was not fitted to."""

import numpy as np
import pytest

from agents.annotator.calibration.mixed_times import fit_mixed
from agents.annotator.calibration.time_trial import of_other_people, on_other_items, somebody
from bus.chance import Chance
from tests.agents.annotator.calibration.timing import known_times


def stream() -> np.random.Generator:
    return Chance(3).stream("trial")


def test_times_of_the_same_people_on_other_items_are_foreseen() -> None:
    known = known_times(60, 120)
    apart = on_other_items(known.person, known.item, known.seconds, 60, 400, stream())
    assert apart is not None
    # Some 3,600 times are tested, whose own distance from the truth is 1.36 / sqrt(3600) in one of twenty.
    assert apart.distance < 0.05
    assert apart.chance < 0.02


def test_times_of_other_people_are_as_far_as_people_differ() -> None:
    known = known_times(60, 120)
    apart = of_other_people(known.person, known.item, known.seconds, 60, 400, stream(), halved=True)
    assert apart is not None
    assert apart.distance < 0.3
    afresh = of_other_people(known.person, known.item, known.seconds, 60, 400, stream(), halved=False)
    assert afresh is not None
    assert afresh.distance < 0.15


@pytest.mark.parametrize("answers", [0, 5])
def test_few_times_are_no_trial(answers: int) -> None:
    person, seconds = np.zeros(answers, np.intp), np.full(answers, 3.0)
    assert on_other_items(person, person, seconds, 1, 1, stream()) is None
    assert of_other_people(person, person, seconds, 1, 1, stream(), halved=True) is None


def test_people_who_are_drawn_differ_as_the_fitted_ones_do() -> None:
    known = known_times(400, 60)
    mixed = fit_mixed(known.person, known.item, np.log(known.seconds), 400, 400)
    drawn = somebody(mixed, stream())
    error = mixed.spread / 400**0.5
    assert abs(drawn.person.mean() - mixed.centre) < 4 * error
    assert abs(drawn.person.std() - mixed.spread) < 4 * error / 2**0.5
    share = mixed.idle_a / (mixed.idle_a + mixed.idle_b)
    assert abs(drawn.idle.mean() - share) < 4 * drawn.idle.std() / 400**0.5
    assert abs(np.median(drawn.sigma) / mixed.sigma_median - 1) < 0.1
