"""The jury theorem: what a majority is worth (Condorcet, 1785; Sheng, Provost and Ipeirotis, 2008).

Each value stands in a band of four standard errors. Found are: a biased tie rule (by class), votes lost or counted twice, slow
voters dropped, annotators who share their luck.
"""

from math import comb

import pytest

from tests.agents.samples import share_band
from tests.published.campaigns import outcome

N = 1500
"""Items of a quick campaign: its band is wide, 0.05 at most."""


def jury(p: float, size: int) -> float:
    """Return the probability that a majority is right, of two classes; a tie is right half the time."""
    return sum(
        comb(size, k) * p**k * (1 - p) ** (size - k) * (1.0 if 2 * k > size else 0.5) for k in range((size + 1) // 2, size + 1)
    )


def accuracy(p: float, size: int, items: int = N, classes: int = 2) -> tuple[float, dict[object, float]]:
    summary = outcome(items, noise={"kind": "one-coin", "accuracy": p}, size=size, classes=classes)
    assert summary.labels == items
    assert summary.answers == size * items
    assert summary.label_accuracy is not None
    return summary.label_accuracy, {label: share or 0.0 for label, share in summary.label_accuracy_by_class.items()}


def test_the_closed_form_gives_the_published_values():
    published = {(0.7, 3): 0.784, (0.7, 5): 0.83692, (0.6, 7): 0.710208, (0.8, 9): 0.980419, (0.4, 3): 0.352}
    for (p, size), value in published.items():
        assert jury(p, size) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("p", [0.4, 0.55, 0.7, 0.9])
@pytest.mark.parametrize("half", [1, 2, 3])
def test_an_even_number_gains_nothing_by_the_closed_form(p, half):
    assert jury(p, 2 * half) == pytest.approx(jury(p, 2 * half - 1))


@pytest.mark.parametrize(("p", "size"), [(0.7, 1), (0.7, 3), (0.8, 5), (0.4, 5)])
def test_a_majority_is_right_as_often_as_the_jury_theorem_says(p, size):
    expected = jury(p, size)
    assert accuracy(p, size)[0] == pytest.approx(expected, abs=share_band(expected, N))


@pytest.mark.parametrize("size", [2, 4])
def test_ties_favour_no_class(size):
    # At p = 0.6 and four votes: fair ties give 0.648 for each class, ties to the lower label 0.82 and 0.48.
    expected = jury(0.6, size)
    for share in accuracy(0.6, size, 2000)[1].values():
        assert share == pytest.approx(expected, abs=share_band(expected, 950))


@pytest.mark.parametrize(("classes", "p", "expected"), [(3, 0.6, 0.696), (4, 0.7, 0.826)])
def test_a_plurality_of_three_among_several_classes_is_as_good_as_published(classes, p, expected):
    assert accuracy(p, 3, classes=classes)[0] == pytest.approx(expected, abs=share_band(expected, N))


def test_below_one_half_more_votes_do_harm():
    # The difference of two independent shares near 0.35 has a band of 0.07.
    assert accuracy(0.35, 1)[0] > accuracy(0.35, 7)[0] + 0.05


BIG = 20_000


@pytest.mark.slow
@pytest.mark.parametrize(
    ("p", "size", "expected"), [(0.7, 3, 0.784), (0.7, 5, 0.83692), (0.7, 4, 0.784), (0.8, 3, 0.896), (0.4, 3, 0.352)]
)
def test_a_majority_over_many_items_is_right_as_published_in_all_and_by_class(p, size, expected):
    overall, by_class = accuracy(p, size, BIG)
    assert overall == pytest.approx(expected, abs=share_band(expected, BIG))
    for share in by_class.values():
        assert share == pytest.approx(expected, abs=share_band(expected, 9700))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("classes", "p", "size", "expected"), [(3, 0.6, 3, 0.696), (3, 0.6, 5, 0.76896), (4, 0.7, 3, 0.826), (5, 0.4, 3, 0.46)]
)
def test_a_plurality_over_many_items_is_right_as_published(classes, p, size, expected):
    assert accuracy(p, size, BIG, classes)[0] == pytest.approx(expected, abs=share_band(expected, BIG))
