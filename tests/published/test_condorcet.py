"""The jury theorem: what a majority is worth (Condorcet, 1785; Sheng, Provost and Ipeirotis, 2008).

Each value stands in a band of four standard errors. Found are: a biased tie rule (by class), votes lost or counted twice, slow
voters dropped, annotators who share their luck.
"""

from itertools import product
from math import comb, factorial, prod

import pytest

from tests.agents.samples import band, share_band
from tests.published.campaigns import outcome

N = 1500
"""Items of a quick campaign: its band is wide, 0.05 at most."""


def jury(p: float, size: int) -> float:
    """Return the probability that a majority is right, of two classes; a tie is right half the time."""
    return sum(
        comb(size, k) * p**k * (1 - p) ** (size - k) * (1.0 if 2 * k > size else 0.5) for k in range((size + 1) // 2, size + 1)
    )


def plurality(p: float, size: int, classes: int) -> float:
    """Return the probability that a plurality is right, where those who err give each wrong class as often; ties are fair."""
    total = 0.0
    for counts in product(range(size + 1), repeat=classes):
        if sum(counts) == size and counts[0] == max(counts):
            ways = factorial(size) // prod(map(factorial, counts))
            chance = p ** counts[0] * ((1 - p) / (classes - 1)) ** (size - counts[0])
            total += ways * chance / counts.count(counts[0])
    return total


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


PLURALITIES = {
    (3, 0.6, 3): 0.696, (3, 0.6, 5): 0.76896, (3, 0.6, 7): 0.831168, (4, 0.6, 3): 0.712, (4, 0.6, 5): 0.81056,
    (4, 0.6, 7): 0.877461, (4, 0.7, 3): 0.826, (4, 0.7, 5): 0.91042, (4, 0.7, 7): 0.956284, (5, 0.4, 3): 0.46,
    (5, 0.4, 5): 0.5491, (5, 0.4, 7): 0.60958,
}  # fmt: skip
"""By classes, p and number of votes."""


@pytest.mark.parametrize("case", PLURALITIES)
def test_the_closed_form_for_several_classes_gives_the_published_values(case):
    classes, p, size = case
    assert plurality(p, size, classes) == pytest.approx(PLURALITIES[case], abs=6e-5)
    assert plurality(p, size, 2) == pytest.approx(jury(p, size))


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
    ("p", "size", "expected"),
    [(0.7, 1, 0.7), (0.7, 3, 0.784), (0.7, 5, 0.83692), (0.7, 4, 0.784), (0.8, 3, 0.896), (0.4, 3, 0.352), (0.6, 4, 0.648)],
)
def test_a_majority_over_many_items_is_right_as_published_in_all_and_by_class(p, size, expected):
    overall, by_class = accuracy(p, size, BIG)
    assert overall == pytest.approx(expected, abs=share_band(expected, BIG))
    for share in by_class.values():
        assert share == pytest.approx(expected, abs=share_band(expected, 9700))


@pytest.mark.slow
@pytest.mark.parametrize("case", [(3, 0.6, 3), (3, 0.6, 5), (3, 0.6, 7), (4, 0.6, 5), (4, 0.7, 3), (5, 0.4, 3), (5, 0.4, 5)])
def test_a_plurality_over_many_items_is_right_as_published(case):
    classes, p, size = case
    expected = PLURALITIES[case]
    assert accuracy(p, size, BIG, classes)[0] == pytest.approx(expected, abs=share_band(expected, BIG))


# Other ways to end a vote


def ended(items: int, p: float, **policy: object) -> tuple[float, float]:
    """Return the accuracy, and the votes an item, of a majority with other dials."""
    table = {"kind": "majority", **policy}
    summary = outcome(items, noise={"kind": "one-coin", "accuracy": p}, coordination={"policy": table})
    assert (summary.labels, summary.label_accuracy is None) == (items, False)
    return summary.label_accuracy or 0.0, summary.answers / items


@pytest.mark.parametrize(("size", "votes"), [(3, 2.32), (5, 3.634), (7, 4.927), (9, 6.204)])
@pytest.mark.parametrize("items", [500, pytest.param(BIG, marks=pytest.mark.slow)])
def test_a_majority_that_is_decided_early_is_as_right_with_as_few_votes_as_published(size, votes, items):
    share, taken = ended(items, 0.8, size=size, early=True)
    assert share == pytest.approx(jury(0.8, size), abs=share_band(jury(0.8, size), items))
    # An item takes from half to all of the votes: no deviation is more than half of what lies between.
    assert taken == pytest.approx(votes, abs=band((size // 2) / 2, items))


@pytest.mark.parametrize("size", [2, 4])
def test_one_more_voter_for_a_tie_makes_an_even_number_the_next_odd_one(size):
    p = 0.7
    share, taken = ended(N, p, size=size, ties="one-more")
    tied = comb(size, size // 2) * (p * (1 - p)) ** (size // 2)
    assert share == pytest.approx(jury(p, size + 1), abs=share_band(jury(p, size + 1), N))
    assert taken == pytest.approx(size + tied, abs=share_band(tied, N))
