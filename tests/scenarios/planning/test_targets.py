"""Targets, as people write them."""

import pytest

from scenarios.errors import BadInput
from scenarios.planning.targets import Targets, read_targets
from scenarios.scenario import StopTable


def test_what_is_not_said_is_what_the_scenario_says() -> None:
    stop = StopTable(budget=60.0, time=3600.0)
    assert read_targets(0.9, None, None, 0.2, 0.0, stop) == Targets(0.9, 3600.0, 60.0, 0.2, 0.0)
    assert read_targets(0.9, "3d", 500.0, 0.2, 0.0, stop) == Targets(0.9, 259_200.0, 500.0, 0.2, 0.0)
    assert read_targets(0.9, "90", None, 0.2, 0.0, StopTable()) == Targets(0.9, 90.0, None, 0.2, 0.0)


@pytest.mark.parametrize(
    ("accuracy", "deadline", "budget", "risk", "fee", "says"),
    [
        (1.0, None, None, 0.2, 0.0, "--accuracy 1: a share between 0 and 1"),
        (90.0, None, None, 0.2, 0.0, "90 % would be 0.9"),
        (-0.1, None, None, 0.2, 0.0, "--accuracy -0.1"),
        (float("nan"), None, None, 0.2, 0.0, "--accuracy nan"),
        (0.9, "soon", None, 0.2, 0.0, "--deadline 'soon' is not a duration"),
        (0.9, "0", None, 0.2, 0.0, "--deadline '0': a time above 0"),
        (0.9, "-3d", None, 0.2, 0.0, "--deadline '-3d'"),
        (0.9, None, 0.0, 0.2, 0.0, "--budget 0: an amount of money above 0"),
        (0.9, None, float("inf"), 0.2, 0.0, "--budget inf"),
        (0.9, None, None, 1.0, 0.0, "--risk 1: a share of campaigns"),
        (0.9, None, None, 0.2, -1.0, "--fee -1"),
        (0.9, None, None, 0.2, 1e300, "--fee 1e+300"),
    ],
)
def test_targets_out_of_range_are_refused(
    accuracy: float, deadline: str | None, budget: float | None, risk: float, fee: float, says: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_targets(accuracy, deadline, budget, risk, fee, StopTable())
    assert says in str(caught.value)
