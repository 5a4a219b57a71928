"""Runs, read at numbers of labels at which they might have ended."""

from typing import Any

import numpy as np
import pytest

from scenarios.planning.reading import ended, read

LEARNT: dict[str, Any] = {
    "labels": 20, "accuracy": 0.9, "label_accuracy": 0.8, "cost": 10.0, "simulated_seconds": 100.0,
    "curve": [(6, 0.5, 0.5, 1.0, 0.0, 1.0), (16, 0.7, 0.7, 1.0, 5.0, 50.0), (26, 0.9, 0.9, 1.0, 10.0, 100.0)],
}  # fmt: skip
LABELLED: dict[str, Any] = {**LEARNT, "accuracy": None, "curve": ()}


def test_labels_that_were_known_from_the_start_are_not_counted() -> None:
    reading = read(LEARNT, (10, 15, 20), True, 0.0)
    assert reading.accuracy == pytest.approx([0.7, 0.8, 0.9])
    assert reading.cost == pytest.approx([5.0, 7.5, 10.0])
    assert reading.seconds == pytest.approx([50.0, 75.0, 100.0])


def test_of_what_a_run_did_not_come_to_nothing_is_known() -> None:
    assert np.isnan(read(LEARNT, (10, 30), True, 0.0).accuracy).tolist() == [False, True]
    assert np.isnan(read({**LEARNT, "curve": ()}, (10, 30), True, 0.0).accuracy).all()


def test_an_item_without_a_label_has_no_right_one() -> None:
    assert ended(LABELLED, 40, False, 0.0).accuracy == pytest.approx([0.4])
    assert ended(LABELLED, 20, False, 0.0).accuracy == pytest.approx([0.8])


def test_people_may_cost_something_beside_their_answers() -> None:
    assert ended(LEARNT, 20, True, 7.0).cost == pytest.approx([17.0])
    assert read(LEARNT, (10,), True, 7.0).cost == pytest.approx([12.0])
