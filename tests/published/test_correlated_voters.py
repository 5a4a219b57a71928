"""Voters who err together, such as language models of one make: what a panel of them is worth, and where more of them stop to help.

Exchangeable voters are beta-binomial (Skellam, 1948; for juries, Ladha, 1995), a common cause makes the mixture of Boland, Proschan
and Tong (1989). Both through the bus: families of annotators, and a majority. Found are: correlation by annotator and not by item,
and a family that changes what each of its members is worth.
"""

from collections import defaultdict

import numpy as np
import pytest
from scipy.stats import beta, betabinom

from scenarios.run import Origin, prepare
from tests.agents.annotator.crowds import phi, phi_band
from tests.agents.samples import share_band
from tests.published.campaigns import campaign, recorded, spans
from tests.published.test_condorcet import jury

P, SIZE = 0.8, 9

EXCHANGEABLE = {0.0: 0.98042, 0.1: 0.93014, 0.25: 0.87438, 0.4375: 0.83394, 0.6: 0.81473}
"""The majority of nine voters of accuracy .8, by correlation."""

CEILINGS = {0.1: 0.9755, 0.25: 0.89765, 0.4375: 0.84229, 0.6: 0.8178}
"""The majority of infinitely many of them."""

COMMON = {0.2: 0.94433, 0.4: 0.90825, 0.5: 0.89021}
"""The majority of nine, by the share of the items on which all answer by the same draw."""


def exchangeable(p: float, size: int, rho: float) -> float:
    """Return the probability that a majority of an odd number of exchangeable voters is right."""
    if rho == 0:
        return jury(p, size)
    strength = (1 - rho) / rho
    return float(betabinom.sf(size // 2, size, p * strength, (1 - p) * strength))


def ceiling(p: float, rho: float) -> float:
    """Return the same for infinitely many: the item's own probability is above one half."""
    strength = (1 - rho) / rho
    return float(beta.sf(0.5, p * strength, (1 - p) * strength))


def common(p: float, size: int, share: float) -> float:
    return share * p + (1 - share) * jury(p, size)


@pytest.mark.parametrize("rho", EXCHANGEABLE)
def test_the_closed_form_of_exchangeable_voters_gives_the_published_values(rho):
    assert exchangeable(P, SIZE, rho) == pytest.approx(EXCHANGEABLE[rho], abs=5e-6)


@pytest.mark.parametrize("rho", CEILINGS)
def test_the_ceiling_has_the_published_values_and_is_what_more_voters_come_to(rho):
    assert ceiling(P, rho) == pytest.approx(CEILINGS[rho], abs=6e-5)
    assert exchangeable(P, 100_001, rho) == pytest.approx(ceiling(P, rho), abs=1e-4)


@pytest.mark.parametrize("share", COMMON)
def test_the_closed_form_of_a_common_cause_gives_the_published_values(share):
    assert common(P, SIZE, share) == pytest.approx(COMMON[share], abs=5e-6)


def test_nine_votes_that_correlate_by_four_tenths_count_for_two():
    rho = 0.4375
    assert SIZE / (1 + (SIZE - 1) * rho) == pytest.approx(2.0)


class Panel:
    """A campaign in which a family answers all items, and what it came to.

    Args:
        family: the table of the family.
        items: how many items.
    """

    def __init__(self, family: dict[str, object], items: int, size: int = SIZE) -> None:
        crowd = {"count": size, "noise": {"kind": "one-coin", "accuracy": P}, "family": {"name": "panel", **family}}
        scenario = campaign(items, size=size, annotators=[crowd])
        record, self.summary = recorded(scenario)
        self.truth = prepare(scenario, Origin())[1].truth
        self.right: dict[str, dict[int, bool]] = defaultdict(dict)
        for span in spans(record):
            self.right[span.annotator][span.item] = span.label == self.truth.classes[self.truth.of(span.item)]

    def matrix(self) -> np.ndarray:
        """Return who is right about what; shape (items, people)."""
        return np.array([[right[item] for item in sorted(right)] for right in self.right.values()]).T


def check(panel: Panel, items: int, expected: float, correlation: float) -> None:
    assert panel.summary.label_accuracy == pytest.approx(expected, abs=share_band(expected, items))
    right = panel.matrix()
    assert right.shape == (items, SIZE)
    # Each annotator's own accuracy is what it is alone.
    assert right.mean(axis=0) == pytest.approx(P, abs=share_band(P, items))
    assert phi(right) == pytest.approx(correlation, abs=phi_band(P, correlation, items))


FEW, MANY = 800, 20_000


@pytest.mark.parametrize("rho", [0.0, 0.4375])
def test_exchangeable_voters_are_worth_what_is_published(rho):
    check(Panel({"kind": "beta-binomial", "correlation": rho}, FEW), FEW, EXCHANGEABLE[rho], rho)


@pytest.mark.parametrize("share", [0.4])
def test_voters_with_a_common_cause_are_worth_what_is_published(share):
    check(Panel({"kind": "common-draw", "share": share}, FEW), FEW, COMMON[share], share)


@pytest.mark.slow
@pytest.mark.parametrize("rho", EXCHANGEABLE)
def test_exchangeable_voters_are_worth_what_is_published_over_many_items(rho):
    check(Panel({"kind": "beta-binomial", "correlation": rho}, MANY), MANY, EXCHANGEABLE[rho], rho)


@pytest.mark.slow
@pytest.mark.parametrize("share", COMMON)
def test_voters_with_a_common_cause_are_worth_what_is_published_over_many_items(share):
    check(Panel({"kind": "common-draw", "share": share}, MANY), MANY, COMMON[share], share)


@pytest.mark.slow
def test_a_panel_of_many_stays_below_the_ceiling():
    items, size, rho = 3000, 45, 0.4375
    accuracy = Panel({"kind": "beta-binomial", "correlation": rho}, items, size).summary.label_accuracy
    expected = exchangeable(P, size, rho)
    assert expected < ceiling(P, rho) < jury(P, 3)
    assert accuracy == pytest.approx(expected, abs=share_band(expected, items))
