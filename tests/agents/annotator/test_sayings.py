"""What people say beside a label, or instead of one."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.answering import Answering
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.noise import draw
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.saying import Said, Saying
from agents.annotator.sayings.abstain import Abstain
from agents.annotator.sayings.choice import AnySaying
from agents.annotator.sayings.confidence import Confidence
from agents.annotator.sayings.decline import Decline
from agents.annotator.sayings.label import JustLabel
from agents.annotator.sayings.ranking import Ranking
from agents.annotator.sayings.soft import SoftLabel
from bus.chance import Chance
from tests.agents.annotator.cases import case
from tests.agents.samples import band, dump, make, share_band

N = 10_000
ANSWERS = Chance(7).keyed("annotator", "crowd-1", "answer")


def person(*says: Saying, accuracy: float = 0.8, name: str = "crowd-1") -> Answering:
    return Answering(name, OneCoin(accuracy=accuracy), FixedTime(), (), says, None, Chance(7))


def said(*says: Saying, accuracy: float = 0.8, classes: int = 2, count: int = N) -> list[Said]:
    """Return what somebody says of items whose truth is class 0."""
    somebody = person(*says, accuracy=accuracy)
    return [somebody.answer(case(item, classes=classes), None) for item in range(count)]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


# Confidence


def test_confidence_is_linear_in_log_odds():
    logit = math.log(0.8 / 0.2)
    (sure,) = {each.confidence for each in said(Confidence(slope=1.5, shift=0.25), count=100)}
    assert sure == pytest.approx(sigmoid(1.5 * logit + 0.25))


@pytest.mark.parametrize(("slope", "shift"), [(1, 0), (2, 0), (0.5, 0), (1, 1), (1, -0.5)])
def test_the_expected_calibration_error_is_that_of_the_line(slope, shift):
    truly = np.array([0.55, 0.7, 0.8, 0.95])
    claims, right = [], []
    for accuracy in truly:
        everything = said(Confidence(slope=slope, shift=shift), accuracy=float(accuracy))
        claims.append(np.mean([each.confidence for each in everything]))
        right.append(np.mean([each.label == 0 for each in everything]))
    expected = np.maximum(1 / (1 + np.exp(-(slope * np.log(truly / (1 - truly)) + shift))), 0.5)
    error = np.abs(expected - truly).mean()
    assert claims == pytest.approx(expected)
    # It is off by the mean of what the shares are off at most.
    assert np.abs(expected - right).mean() == pytest.approx(error, abs=np.mean([share_band(share, N) for share in truly]))


def test_noise_spreads_the_log_odds_of_what_is_said():
    odds = np.array([math.log(each.confidence / (1 - each.confidence)) for each in said(Confidence(noise=0.3), accuracy=0.9)])
    assert odds.mean() == pytest.approx(math.log(9), abs=band(0.3, N))
    assert odds.std() == pytest.approx(0.3, abs=band(0.3 / math.sqrt(2), N))


@pytest.mark.parametrize("insight", [0.5, 1.5])
def test_insight_parts_right_answers_from_wrong_ones_and_stays_calibrated(insight):
    everything = said(Confidence(insight=insight), accuracy=0.75, classes=4)
    sure = np.array([each.confidence for each in everything])
    right = np.array([each.label == 0 for each in everything])
    for low, high in ((0.3, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 1.0)):
        bin_ = (sure > low) & (sure <= high)
        claimed, count = sure[bin_].mean(), int(bin_.sum())
        if count > 50:
            assert right[bin_].mean() == pytest.approx(claimed, abs=share_band(claimed, count))
    surer = (sure[right][:, None] > sure[~right][None, :]).mean()
    expected = NormalDist().cdf(insight / math.sqrt(2))
    # The error of an area under a curve, as if each wrong answer were compared with one right answer: above the true one.
    assert surer == pytest.approx(expected, abs=share_band(expected, int((~right).sum())))


def test_nobody_claims_less_than_guessing():
    assert {each.confidence for each in said(Confidence(), accuracy=0.1, classes=4, count=50)} == {0.25}


@given(st.floats(0, 1), st.floats(0, 10), st.floats(-10, 10), st.floats(0, 10), st.floats(0, 10), st.integers(1, 5))
@settings(deadline=None, max_examples=60)
def test_confidence_is_a_probability_however_it_is_turned(accuracy, slope, shift, noise, insight, classes):
    confidence = Confidence(slope=slope, shift=shift, noise=noise, insight=insight)
    for each in said(confidence, SoftLabel(), Ranking(), accuracy=accuracy, classes=classes, count=5):
        assert 1 / classes <= each.confidence <= 1
        assert math.fsum(each.chances) == pytest.approx(1)
        assert all(0 <= chance <= each.chances[each.label] + 1e-9 for chance in each.chances)
        assert sorted(each.ranking) == [*range(classes)]


# A ranking


def test_a_ranking_begins_with_the_label_and_goes_on_by_the_chances_of_those_left():
    chances = (0.5, 0.3, 0.15, 0.05)
    noise = Confusion(matrix=(chances, *[(0.25,) * 4] * 3))
    somebody = Answering("crowd-1", noise, FixedTime(), (), (Ranking(),), None, Chance(3))
    rankings = [somebody.answer(case(item, classes=4), None) for item in range(N)]
    assert all(each.ranking[0] == each.label for each in rankings)
    counts: dict[tuple[int, ...], int] = {}
    for each in rankings:
        counts[each.ranking] = counts.get(each.ranking, 0) + 1
    assert len(counts) == 24
    for ranking, count in counts.items():
        expected, left = 1.0, 1.0
        for place in ranking:
            expected, left = expected * chances[place] / left, left - chances[place]
        assert count / N == pytest.approx(expected, abs=share_band(expected, N) + 1e-12), ranking


def test_a_ranking_may_stop_after_the_first_few():
    assert all(len(each.ranking) == 2 for each in said(Ranking(first=2), classes=5, count=20))
    assert all(len(each.ranking) == 2 for each in said(Ranking(first=9), count=20))


# A soft label


def test_a_soft_label_gives_the_label_the_confidence_and_is_in_the_order_of_the_ranking():
    for each in said(Confidence(slope=0.7, noise=0.5), SoftLabel(), Ranking(), classes=5, count=500):
        assert each.chances[each.label] == each.confidence
        shares = [each.chances[place] for place in each.ranking]
        assert shares == sorted(shares, reverse=True)
    assert {each.chances[each.label] for each in said(SoftLabel(), count=50)} == {0.8}


def test_a_soft_label_does_not_betray_the_truth_to_who_knows_the_noise():
    everything = [each for each in said(SoftLabel(), accuracy=0.6, classes=3) if each.label != 0]
    # The truth is the likelier second guess, but not always.
    second = np.mean([each.chances[0] == sorted(each.chances)[-2] for each in everything])
    assert second == pytest.approx(0.6 / 0.8, abs=share_band(0.75, len(everything)))


# Abstaining and declining


@pytest.mark.parametrize(("accuracy", "classes"), [(0.55, 2), (0.7, 2), (0.3, 4), (0.1, 4)])
def test_abstaining_is_a_sigmoid_of_confidence(accuracy, classes):
    everything = said(Abstain(threshold=0.6, steepness=10), accuracy=accuracy, classes=classes)
    expected = sigmoid(10 * (0.6 - max(accuracy, 1 / classes)))
    abstained = [each for each in everything if each.label is None]
    assert all(each.abstains for each in abstained)
    assert len(abstained) / N == pytest.approx(expected, abs=share_band(expected, N))


def test_who_is_overconfident_abstains_less():
    sure = said(Confidence(slope=3), Abstain(threshold=0.9, steepness=1000))
    unsure = said(Abstain(threshold=0.9, steepness=1000))
    assert not any(each.abstains for each in sure)
    assert all(each.abstains for each in unsure)


def test_who_abstains_by_insight_is_right_more_often_where_they_answer():
    everything = said(Confidence(insight=2), Abstain(threshold=0.8, steepness=50))
    answered = [each.label == 0 for each in everything if each.label is not None]
    assert np.mean(answered) > 0.93
    assert len(answered) < N


def test_declining_is_no_answer_and_comes_by_its_probability():
    declined = [each for each in said(Decline(probability=0.3)) if each.label is None]
    assert not any(each.abstains for each in declined)
    assert len(declined) / N == pytest.approx(0.3, abs=share_band(0.3, N))


def test_who_abstains_says_nothing_more():
    everything = said(Abstain(threshold=1, steepness=1000), Confidence(), SoftLabel(), Ranking(), Decline(probability=1), count=20)
    assert {*everything} == {Said(None, abstains=True)}


# Together


def test_what_they_say_moves_no_answer_and_what_is_said_more_moves_nothing_said_before():
    plain = said(count=300)
    sure = said(Confidence(noise=1), count=300)
    more = said(Confidence(noise=1), SoftLabel(), Ranking(), count=300)
    assert [each.label for each in plain] == [each.label for each in sure] == [each.label for each in more]
    assert [each.confidence for each in sure] == [each.confidence for each in more]
    assert said(JustLabel(), count=50) == plain[:50]


def test_what_others_say_of_other_items_moves_nothing():
    one, other = person(Confidence(noise=1), Ranking()), person(Confidence(noise=1), Ranking(), name="crowd-2")
    forward = [one.answer(case(item, classes=3), None) for item in range(20)]
    for item in reversed(range(20)):
        other.answer(case(item, classes=3), None)
        assert one.answer(case(item, classes=3), None) == forward[item]


def test_the_label_is_what_its_noise_draws():
    for item, each in enumerate(said(Confidence(), count=200)):
        where = case(item)
        assert each.label == draw(OneCoin(accuracy=0.8).chances(where), where.truth, ANSWERS.luck(item))


@pytest.mark.parametrize(
    "table",
    [
        {"kind": "label"},
        {"kind": "confidence", "slope": 1.0, "shift": 0.0, "noise": 0.5, "insight": 1.0},
        {"kind": "soft"},
        {"kind": "ranking", "first": 3},
        {"kind": "abstain", "threshold": 0.7, "steepness": 5.0},
        {"kind": "decline", "probability": 0.2},
    ],
)
def test_a_header_shows_a_saying_as_the_table_that_makes_it(table):
    assert dump(AnySaying, make(AnySaying, table)) == table
