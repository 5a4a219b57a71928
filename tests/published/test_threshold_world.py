"""Learning curves that are known exactly: finding a threshold on a line, through real campaigns with a Bayesian learner.

Without noise, n labels of random items leave a gap of 2 / (n + 2) on average, and k labels by bisection one of 2^-k; guessing its
middle errs by a quarter of it. Answers that are right with probability p tell 1 - h(p) bits each, if they are asked of the item
that is as likely to lie on either side (Horstein, 1963; Jedynak, Frazier and Sznitman, 2012), and the majority of k of them fewer
bits an answer: who knows the noise never gains by asking again. Of b items asked at once, those that lie beside each other tell
one bit, those that part the line evenly log2(b + 1), and one after the other b. Found are: labels that are seen too early, or not
at all, or out of order; items asked twice; a learner with a wrong idea of the noise.

Campaigns are few, and each of their requests is checked; means over 20,000 runs are those of a vectorised oracle beside them.
"""

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binom

from agents.annotator.latencies.exponential import ExponentialTime
from bus.chance import Chance
from scenarios.scenario import Scenario
from tests.agents.samples import band
from tests.published.campaigns import Event, campaign, recorded
from tests.published.thresholds import ABOVE, BELOW, Floats, Spaced, ThresholdLearner, Thresholds, posterior

RUNS = 20_000


def h2(p: float) -> float:
    """Return the entropy of a coin, in bits."""
    return 0.0 if p in (0, 1) else -p * math.log2(p) - (1 - p) * math.log2(1 - p)


def bits(masses: Floats) -> float:
    """Return the entropy of a distribution, in bits."""
    positive = masses[masses > 0]
    return float(-(positive * np.log2(positive)).sum())


def majority(p: float, votes: int) -> float:
    """Return how often the majority of an odd number of votes is right."""
    return float(binom.sf(votes // 2, votes, p))


def searching(
    strategy: Any,
    labels: int,
    cells: int = 1024,
    right: float = 1.0,
    votes: int = 1,
    at_once: int = 1,
    seed: int = 1,
    **selector: Any,
) -> Scenario:
    """Return a campaign in search of the threshold."""
    return campaign(
        0,
        people=votes * at_once,
        noise={"kind": "one-coin", "accuracy": right},
        latency={"kind": "fixed", "time": 10},
        size=votes,
        seed=seed,
        data=Thresholds(cells=cells, test_fraction=0, seed_labels=2),
        learner={"estimator": ThresholdLearner(cells=cells, right=majority(right, votes)), "retrain_every": at_once},
        selector={"strategy": strategy, "in_flight": at_once, "barrier": True, **selector},
        stop={"labels": labels},
    )


class Search:
    """What a campaign asked for, in batches, and what it heard.

    Attributes:
        batches: the points of each batch; point i parts cell i - 1 from cell i.
        labels: what came of each batch.
        before: what was known of the threshold before each batch, and after the last; shape (cells,) each.
    """

    def __init__(self, scenario: Scenario) -> None:
        record, self.summary = recorded(scenario)
        data, learner = scenario.data, scenario.learner
        assert isinstance(data, Thresholds) and learner is not None and isinstance(learner.estimator, ThresholdLearner)
        self.cells, right = data.cells, learner.estimator.right
        known = next(event.body["items"] for event in record if event.kind == "labels-known")
        others = np.delete(np.arange(self.cells + 1), known)
        self._point = {int(item): place for place, item in enumerate(others, 1)}
        self.batches: list[list[int]] = []
        said = {event.body["item"]: event.body["label"] for event in record if event.kind == "item-resolved"}
        version = None
        for event in record:
            if event.kind == "item-requested":
                if event.body["version"] != version:
                    version = event.body["version"]
                    self.batches.append([])
                self.batches[-1].append(self._point[event.body["item"]])
        at = {point: said[item] for item, point in self._point.items() if item in said}
        self.labels = [[at[point] for point in batch] for batch in self.batches]
        self.before = [self._known(batches, right) for batches in range(len(self.batches) + 1)]
        self.record: list[Event] = record

    def _known(self, batches: int, right: float) -> Floats:
        points = np.array([point for batch in self.batches[:batches] for point in batch], dtype=np.int64)
        labels = np.array([label for batch in self.labels[:batches] for label in batch], dtype=np.int64)
        return posterior(self.cells, points, labels, right)

    @property
    def gains(self) -> list[float]:
        """What each batch told of the threshold, in bits."""
        return [bits(one) - bits(other) for one, other in pairwise(self.before)]

    @property
    def expected(self) -> list[float]:
        """What each batch was to tell, were its labels right: the entropy of the pieces into which it parts what was possible."""
        pieces = [np.add.reduceat(known, [0, *sorted(batch)]) for known, batch in zip(self.before, self.batches, strict=False)]
        return [bits(each) for each in pieces]


def check_oracle(search: Search, right: float) -> None:
    """Check that each item was the one, or one of those, by which most was to be learned of all that were there."""
    asked: set[int] = set()
    for known, batch in zip(search.before, search.batches, strict=False):
        (point,) = batch
        left = np.array([each for each in range(1, search.cells) if each not in asked])
        beyond = np.cumsum(known)[left - 1]
        told = np.array([h2(each) for each in right * beyond + (1 - right) * (1 - beyond)])
        assert told[np.searchsorted(left, point)] >= told.max() - 1e-9
        asked.add(point)


# a) Without noise


def test_the_world_has_a_threshold_anywhere_and_the_anchors_are_what_is_known() -> None:
    thresholds = []
    for seed in range(200):
        data = Thresholds().load(Path(), Chance(seed), features=True)
        places = data.features[:, 0]
        assert (min(places), max(places)) == (BELOW, ABOVE)
        thresholds.append(places[data.truth == 1].min())
    assert abs(np.mean(thresholds) - 0.5) < band(math.sqrt(1 / 12), 200)


@pytest.mark.parametrize("seed", range(3))
def test_bisection_halves_what_is_left_with_each_label(seed: int) -> None:
    search = Search(searching("entropy", labels=10, seed=seed))
    assert search.gains == [1.0] * 10
    assert [(known > 0).sum() for known in search.before] == [1024 >> labels for labels in range(11)]
    check_oracle(search, 1.0)
    for strategy in ("margin", "least-confident"):
        assert Search(searching(strategy, labels=10, seed=seed)).batches == search.batches


def passive_gaps(labels: int) -> Floats:
    """Return the gap that so many labels of random places leave, in many runs."""
    generator = np.random.Generator(np.random.PCG64([7, labels]))
    threshold, places = generator.random((RUNS, 1)), generator.random((RUNS, labels))
    upper = np.where(places >= threshold, places, 1.0).min(axis=1)
    return np.asarray(upper - np.where(places < threshold, places, 0.0).max(axis=1))


@pytest.mark.parametrize(("labels", "error"), [(8, 0.05), (18, 0.025), (62, 0.0078125)])
def test_random_items_leave_a_gap_of_two_by_n_plus_two(labels: int, error: float) -> None:
    gaps = passive_gaps(labels)
    assert error == 1 / (2 * (labels + 2))
    assert abs(gaps.mean() / 4 - error) < band(gaps.std() / 4, RUNS)
    if labels == 62:
        # What five labels by bisection come to.
        assert error == 2**-5 / 4


@pytest.mark.slow
@pytest.mark.parametrize("labels", [8, 18])
def test_random_items_leave_that_gap_through_the_bus(labels: int) -> None:
    runs, cells = 60, 4096
    gaps = []
    for seed in range(runs):
        search = Search(searching("random", labels=labels, cells=cells, seed=seed))
        possible = np.flatnonzero(search.before[-1])
        points = [0, *sorted(point for (point,) in search.batches), cells]
        # What is possible is what lies between two neighbours of those that were asked.
        assert (possible[0], possible[-1] + 1) in pairwise(points)
        gaps.append(len(possible) / cells)
    assert abs(np.mean(gaps) - 2 / (labels + 2)) < band(float(passive_gaps(labels).std()), runs) + 1 / cells


# b) With noise


def bisected(right: float, labels: int) -> NDArray[np.float64]:
    """Return how many bits so many noisy labels told in each of many runs, each asked where both sides are as likely."""
    generator = np.random.Generator(np.random.PCG64([11, int(right * 1e6)]))
    threshold = generator.random(RUNS)
    edges, masses = np.zeros((RUNS, labels + 2)), np.zeros((RUNS, labels + 1))
    edges[:, 1:], masses[:, 0] = 1.0, 1.0
    runs = np.arange(RUNS)
    for pieces in range(1, labels + 1):
        before = np.cumsum(masses[:, :pieces], axis=1)
        piece = (before < 0.5).sum(axis=1)
        share = (0.5 - (before[runs, piece] - masses[runs, piece])) / masses[runs, piece]
        middle = edges[runs, piece] + share * (edges[runs, piece + 1] - edges[runs, piece])
        # The piece in which the middle lies becomes two.
        places = np.arange(pieces + 1)
        parent = places - (places > piece[:, np.newaxis])
        widths = np.where(places == piece[:, np.newaxis], share[:, np.newaxis], 1.0)
        widths = np.where(places == piece[:, np.newaxis] + 1, 1 - share[:, np.newaxis], widths)
        masses[:, : pieces + 1] = np.take_along_axis(masses, parent, axis=1) * widths
        edges[:, : pieces + 2] = np.sort(np.concatenate([edges[:, : pieces + 1], middle[:, np.newaxis]], axis=1), axis=1)
        is_right = generator.random(RUNS) < right
        said_above = (threshold > middle) == is_right
        above = places > piece[:, np.newaxis]
        masses[:, : pieces + 1] *= 2 * np.where(above == said_above[:, np.newaxis], right, 1 - right)
    widths = np.diff(edges, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(masses > 0, masses * np.log2(masses / widths), 0.0).sum(axis=1))


@pytest.mark.parametrize(("p", "told"), [(0.6, 0.02905), (0.7, 0.11871), (0.8, 0.27807), (0.9, 0.53100)])
def test_a_noisy_label_tells_what_a_noisy_channel_carries(p: float, told: float) -> None:
    assert 1 - h2(p) == pytest.approx(told, abs=5e-6)
    gained = bisected(p, 16)
    assert abs(gained.mean() / 16 - told) < band(gained.std() / 16, RUNS)


@pytest.mark.parametrize(("p", "votes", "told"), [(0.7, 3, 0.0824), (0.7, 5, 0.0717), (0.8, 3, 0.1728), (0.8, 5, 0.1362)])
def test_a_majority_tells_fewer_bits_an_answer(p: float, votes: int, told: float) -> None:
    q = majority(p, votes)
    assert (1 - h2(q)) / votes == pytest.approx(told, abs=5e-5)
    gained = bisected(q, 12) / votes
    assert abs(gained.mean() / 12 - (1 - h2(q)) / votes) < band(gained.std() / 12, RUNS)
    assert gained.mean() / 12 < 1 - h2(p) - 4 * gained.std() / 12 / math.sqrt(RUNS)


@given(st.floats(0.51, 0.99), st.integers(1, 10))
def test_who_knows_the_noise_never_gains_by_asking_again(p: float, half: int) -> None:
    votes = 2 * half + 1
    assert (1 - h2(majority(p, votes))) / votes < 1 - h2(p)


@pytest.mark.parametrize(("right", "votes"), [(0.7, 1), (0.8, 1), (0.7, 3)])
def test_campaigns_ask_where_both_sides_are_as_likely_and_gain_that_much(right: float, votes: int) -> None:
    runs, labels = 6, 20
    q = majority(right, votes)
    gained = []
    for seed in range(runs):
        search = Search(searching("entropy", labels=labels, right=right, votes=votes, seed=seed, cells=4096))
        check_oracle(search, q)
        gained += search.gains
        assert search.summary.answers == labels * votes
    # The spread of what one label tells, there being two sizes of it.
    spread = math.sqrt(q * (1 - q)) * math.log2(q / (1 - q))
    assert abs(np.mean(gained) - (1 - h2(q))) < band(spread, len(gained))


@pytest.mark.slow
def test_campaigns_gain_less_an_answer_where_three_are_asked_of_each_item() -> None:
    def bits_an_answer(votes: int) -> list[float]:
        campaigns = (
            searching("entropy", labels=15 // votes, right=0.9, votes=votes, seed=seed, cells=1 << 13) for seed in range(40)
        )
        return [sum(Search(each).gains) / 15 for each in campaigns]

    once, thrice = bits_an_answer(1), bits_an_answer(3)
    for found, expected in ((once, 1 - h2(0.9)), (thrice, (1 - h2(majority(0.9, 3))) / 3)):
        assert abs(np.mean(found) - expected) < band(float(np.std(found, ddof=1)), len(found))
    differences = np.array(once) - np.array(thrice)
    assert differences.mean() > 4 * differences.std(ddof=1) / math.sqrt(len(differences))


# c) In batches, and in flight

BATCHES = [1, 3, 5, 7, 10]
CELLS = 1 << 14


def told_by(strategy: Any, at_once: int, seed: int = 1, **selector: Any) -> list[float]:
    """Return what each of two batches is to tell, in bits."""
    return Search(searching(strategy, labels=2 * at_once, cells=CELLS, at_once=at_once, seed=seed, **selector)).expected


@pytest.mark.parametrize("at_once", BATCHES)
def test_a_batch_beside_each_other_tells_one_bit_spaced_log_and_one_after_the_other_a_bit_each(at_once: int) -> None:
    assert told_by("entropy", at_once) == pytest.approx([1, 1], abs=0.03)
    spaced = told_by(Spaced(), at_once)
    assert spaced == pytest.approx([math.log2(at_once + 1)] * 2, abs=0.001)
    one_by_one = Search(searching("entropy", labels=at_once, cells=CELLS))
    assert sum(one_by_one.gains) == at_once


def test_what_a_batch_is_to_tell_it_tells() -> None:
    # Pieces are all alike: so each batch tells the same, whatever comes of it.
    search = Search(searching(Spaced(), labels=6, at_once=3))
    assert search.gains == search.expected == [2.0, 2.0]


@pytest.mark.parametrize("pending", ["kriging-believer", "constant-liar"])
@pytest.mark.parametrize("at_once", BATCHES)
def test_who_believes_what_is_under_way_tells_up_to_two_bits(pending: str, at_once: int) -> None:
    # Each belief halves what is left, always on the same side: pieces of 1/2, 1/4, 1/8, ..., and the last one twice.
    assert told_by("entropy", at_once, pending=pending)[0] == pytest.approx(2 - 2 ** (1 - at_once), abs=0.001)


@pytest.mark.parametrize("at_once", BATCHES[1:])
def test_scores_that_fall_near_what_is_under_way_tell_nearly_as_much_as_even_spacing(at_once: int) -> None:
    first, second = told_by("entropy", at_once, pending="local-penalisation")
    most = math.log2(at_once + 1)
    assert 0.97 * most < first <= most
    assert 0.88 * most < second <= most


@pytest.mark.slow
def test_in_flight_too_it_is_worth_heeding_what_is_under_way_but_not_lying_about_it() -> None:
    def found(seed: int, pending: str) -> float:
        scenario = searching("entropy", labels=15, cells=1 << 13, at_once=5, seed=seed, pending=pending, barrier=False)
        crowd = scenario.annotators[0].model_copy(update={"latency": ExponentialTime(mean=10)})
        assert scenario.learner is not None
        learner = scenario.learner.model_copy(update={"retrain_every": 1})
        search = Search(scenario.model_copy(update={"annotators": (crowd,), "learner": learner}))
        return bits(search.before[0]) - bits(search.before[-1])

    def t(differences: Floats) -> float:
        return float(differences.mean() / differences.std(ddof=1) * math.sqrt(len(differences)))

    naive, penalised, believed, lied = (
        np.array([found(seed, pending) for seed in range(48)])
        for pending in ("ignore", "local-penalisation", "kriging-believer", "constant-liar")
    )
    assert t(penalised - naive) > 4
    assert t(believed - naive) > 4
    # A lie that is found out half of the time sends the search where nothing is.
    assert t(lied - naive) < -4
