"""The work time of real logs, and what goes with any latency: slower on harder items, and a reaction."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from agents.annotator.latencies.after_reaction import AfterReaction
from agents.annotator.latencies.average import average
from agents.annotator.latencies.choice import LATENCIES, AnyLatency
from agents.annotator.latencies.exponential import ExponentialTime
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.latencies.harder_slower import HarderSlower
from agents.annotator.latencies.lognormal import LognormalTime
from agents.annotator.latencies.recorded import RecordedTime
from agents.annotator.latencies.work_time import WorkTime
from agents.annotator.latency import Latency
from agents.annotator.nature import Nature
from agents.annotator.people import Varied, person_of
from agents.annotator.record import Record, Recording
from bus.chance import Chance
from bus.duration import LONGEST
from tests.agents.annotator.cases import NATURE, case
from tests.agents.annotator.latencies.draws import PERSON, Drawn, N, times
from tests.agents.samples import band, complaint, dump, make, share_band

HARDNESS = np.array([NormalDist().inv_cdf(NATURE.hardness(item)) for item in range(N)])
"""How hard the items are, in standard deviations."""


def lognormal_moments(variance: float, mean: float = 0.0) -> tuple[float, float]:
    """Return mean and mean square of exp of a normal number."""
    return math.exp(mean + variance / 2), math.exp(2 * mean + 2 * variance)


def test_a_work_time_has_the_mean_and_variance_of_a_mixture_of_two_lognormals():
    drawn = times(WorkTime(median=20, sigma=0.3, hardness=0.2, items=0.1, idle=0.25, factor=3, wander=0.4))
    items = 0.2**2 + 0.1**2
    work, away = lognormal_moments(0.3**2 + items), lognormal_moments(0.4**2 + items, math.log(3))
    mean, square = (20 ** (k + 1) * (0.75 * work[k] + 0.25 * away[k]) for k in (0, 1))
    assert drawn.mean() == pytest.approx(mean, abs=band(math.sqrt(square - mean**2), N))
    fourth = float(((drawn - drawn.mean()) ** 4).mean())
    assert drawn.var() == pytest.approx(square - mean**2, abs=band(math.sqrt(fourth - (square - mean**2) ** 2), N))


@pytest.mark.parametrize(
    "latency",
    [
        WorkTime(),
        WorkTime(median=10, sigma=0.5, hardness=0, items=0, idle=0.3, factor=8, wander=1.5),
        WorkTime(median=10, sigma=0.2, hardness=0.5, items=0.3, idle=0),
        HarderSlower(hardness=0.4, work=LognormalTime(median=20, sigma=0.3)),
        HarderSlower(hardness=0.4, work=FixedTime(time=20)),
        HarderSlower(hardness=0.4, work=ExponentialTime(mean=20)),
        AfterReaction(reaction=ExponentialTime(mean=10), work=LognormalTime(median=15, sigma=0.5)),
        AfterReaction(reaction=FixedTime(time=4), work=HarderSlower(hardness=0.3, work=ExponentialTime(mean=20))),
        AfterReaction(reaction=LognormalTime(median=4, sigma=1), work=FixedTime(time=6)),
    ],
)
def test_within_is_the_distribution_function(latency):
    drawn = times(latency)
    for seconds in (2, 6, 9, 15, 20, 30, 60, 300):
        share = latency.within(seconds)
        assert (drawn <= seconds).mean() == pytest.approx(share, abs=share_band(share, N) + 2e-4)


def test_who_wanders_off_more_takes_longer_only_where_they_wandered_off():
    seldom, often = times(WorkTime(idle=0.1, factor=50, wander=0), 500), times(WorkTime(idle=0.3, factor=50, wander=0), 500)
    moved = seldom != often
    assert moved.mean() == pytest.approx(0.2, abs=share_band(0.2, 500))
    assert (often[moved] > seldom[moved]).all()


def test_without_items_and_idleness_a_work_time_is_lognormal():
    plain, fitted = LognormalTime(median=12, sigma=0.4), WorkTime(median=12, sigma=0.4, hardness=0, items=0, idle=0)
    assert [fitted.within(seconds) for seconds in (3, 12, 40)] == [plain.within(seconds) for seconds in (3, 12, 40)]
    assert fitted.seconds(case(), Drawn(0.5, 0.7)) == pytest.approx(plain.seconds(case(), Drawn(0.7)))


def test_the_time_grows_with_the_hardness_of_the_item_and_by_what_is_said():
    log_times = np.log(times(WorkTime(median=20, sigma=0.3, hardness=0.25, items=0.1, idle=0)))
    slope = (HARDNESS * log_times).mean() / (HARDNESS**2).mean()
    assert slope == pytest.approx(0.25, abs=band(math.hypot(0.3, 0.1), N))
    rest = log_times - 0.25 * HARDNESS
    assert rest.var() == pytest.approx(0.3**2 + 0.1**2, abs=band((0.3**2 + 0.1**2) * math.sqrt(2), N))


def test_what_there_is_to_an_item_is_the_same_for_all_people():
    latency = WorkTime(sigma=0.2, hardness=0.3, items=0.4, idle=0)
    one, other = (
        np.log([latency.seconds(case(item), Chance(7).keyed("annotator", name, "time").luck(item)) for item in range(5000)])
        for name in ("crowd-1", "crowd-2")
    )
    shared = (0.3**2 + 0.4**2) / (0.3**2 + 0.4**2 + 0.2**2)
    # The standard error of a correlation r is (1 - r ** 2) / sqrt(n).
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(shared, abs=band(1 - shared**2, 5000))


def test_items_take_other_times_in_another_world():
    latency = WorkTime(sigma=0, idle=0)
    there = [latency.seconds(case(item, nature=Nature(Chance(8))), PERSON.luck(item)) for item in range(20)]
    assert not set(there) & set(times(latency, 20).tolist())


# Harder, slower


def test_any_latency_is_slower_on_harder_items_by_a_factor_of_the_item_alone():
    work = ExponentialTime(mean=20)
    plain, slowed = times(work, 2000), times(HarderSlower(hardness=0.5, work=work), 2000)
    assert np.log(slowed / plain) == pytest.approx(0.5 * HARDNESS[:2000])


def test_the_mean_and_variance_of_slowed_times_are_those_of_a_product():
    drawn = times(HarderSlower(hardness=0.3, work=ExponentialTime(mean=20)))
    mean, square = 20 * math.exp(0.3**2 / 2), 2 * 20**2 * math.exp(2 * 0.3**2)
    assert drawn.mean() == pytest.approx(mean, abs=band(math.sqrt(square - mean**2), N))
    fourth = float(((drawn - drawn.mean()) ** 4).mean())
    assert drawn.var() == pytest.approx(square - mean**2, abs=band(math.sqrt(fourth - (square - mean**2) ** 2), N))


@pytest.mark.parametrize("seconds", [0, 1, 7, 19, 20, 21, 45, 400, LONGEST])
def test_a_lognormal_that_is_slowed_is_a_lognormal(seconds):
    slowed = HarderSlower(hardness=0.4, work=LognormalTime(median=20, sigma=0.3))
    assert slowed.within(seconds) == pytest.approx(LognormalTime(median=20, sigma=0.5).within(seconds), abs=1e-4)
    sure = HarderSlower(hardness=0.4, work=FixedTime(time=20))
    assert sure.within(seconds) == pytest.approx(LognormalTime(median=20, sigma=0.4).within(seconds), abs=1e-7)


# A reaction


def test_a_reaction_adds_its_mean_and_its_variance():
    drawn = times(AfterReaction(reaction=ExponentialTime(mean=40), work=LognormalTime(median=15, sigma=0.5)))
    w = math.exp(0.25)
    mean, variance = 40 + 15 * math.sqrt(w), 40**2 + 15**2 * w * (w - 1)
    assert drawn.mean() == pytest.approx(mean, abs=band(math.sqrt(variance), N))
    # Fourth cumulants add up.
    fourth = 6 * 40**4 + (15**2 * w * (w - 1)) ** 2 * (w**4 + 2 * w**3 + 3 * w**2 - 6)
    assert drawn.var() == pytest.approx(variance, abs=band(math.sqrt(fourth + 2 * variance**2), N))


@pytest.mark.parametrize("seconds", [0, 3, 14.9, 15, 20, 50, 500])
def test_the_distribution_of_a_sum_is_the_convolution(seconds):
    two = AfterReaction(reaction=ExponentialTime(mean=10), work=ExponentialTime(mean=10))
    assert two.within(seconds) == pytest.approx(stats.gamma.cdf(seconds, 2, scale=10), abs=1e-4)
    fixed = AfterReaction(reaction=FixedTime(time=5), work=FixedTime(time=10))
    assert fixed.within(seconds) == float(seconds >= 15)
    first = AfterReaction(reaction=FixedTime(time=5), work=ExponentialTime(mean=10))
    second = AfterReaction(reaction=ExponentialTime(mean=10), work=FixedTime(time=5))
    expected = ExponentialTime(mean=10).within(max(seconds - 5, 0))
    assert [first.within(seconds), second.within(seconds)] == pytest.approx([expected, expected], abs=1e-6)


def inner() -> st.SearchStrategy[Latency]:
    return st.one_of(
        st.builds(FixedTime, time=st.floats(0, 1e4)),
        st.builds(ExponentialTime, mean=st.floats(1e-2, 1e4)),
        st.builds(LognormalTime, median=st.floats(1e-2, 1e4), sigma=st.floats(0, 3)),
        st.builds(WorkTime, median=st.floats(1e-2, 1e4), sigma=st.floats(0, 3), idle=st.floats(0, 1)),
    )


@settings(max_examples=60)
@given(
    st.one_of(
        inner(),
        st.builds(HarderSlower, hardness=st.floats(0, 2), work=inner()),
        st.builds(AfterReaction, reaction=inner(), work=inner()),
    ),
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.integers(0, 10**9),
)
def test_within_is_a_probability_and_never_falls_and_times_are_possible(latency, one, other, item):
    earlier, later = sorted([one, other])
    assert -1e-12 <= latency.within(earlier) <= latency.within(later) + 2e-4
    assert latency.within(later) <= 1 + 1e-12
    assert latency.within(LONGEST) == pytest.approx(1, abs=1e-3)
    assert 0 <= latency.seconds(case(item), PERSON.luck(item)) <= LONGEST


def test_the_average_of_a_step_under_a_step_is_exact():
    value = lambda x: float(x <= 3)  # noqa: E731
    below = lambda x: 0.5 * (x >= 2) + 0.5 * (x >= 3.5)  # noqa: E731
    assert average(value, below, 0, 10) == pytest.approx(0.5, abs=1e-12)
    assert average(value, lambda x: float(x >= 3), 0, 10) == pytest.approx(1, abs=1e-9)


# Recorded work


WHERE = Recording("answers.csv", None, None, ("item", None, None, None))
RECORD = Record({1: 0, 2: 1}, {1: 10.0, 2: 30.0}, 20.0)


def test_recorded_times_may_be_slowed_and_begun_late():
    table = {"kind": "after-reaction", "reaction": {"kind": "fixed", "time": 5}, "work": {"kind": "recorded", "file": "t.csv"}}
    latency = make(AnyLatency, table)
    assert latency.recording(None) == Recording("t.csv", None, None, (None, None, None, None))
    bound = latency.bound(RECORD, None)
    assert [bound.seconds(case(item), PERSON.luck(item)) for item in (1, 2, 3)] == [15, 35, 25]
    slowed = HarderSlower(work=RecordedTime()).bound(RECORD, None)
    assert slowed.seconds(case(1), PERSON.luck(1)) == pytest.approx(10 * math.exp(0.2 * HARDNESS[1]))
    assert HarderSlower(work=RecordedTime()).recording(WHERE) == WHERE


# As people write them


def test_people_differ_in_dials_at_any_depth():
    table = {
        "kind": "after-reaction",
        "reaction": {"kind": "exponential", "mean": "20s"},
        "work": {
            "kind": "harder-slower",
            "work": {"kind": "gamma", "shape": 3, "mean": {"kind": "lognormal", "median": 30, "sigma": 0.5}},
        },
    }
    varied = make(AnyLatency, table)
    assert isinstance(varied, Varied)
    people = [person_of(varied, LATENCIES, Latency, Chance(7).keyed("person", str(number))) for number in range(50)]
    assert all(isinstance(person, AfterReaction) for person in people)
    assert len({person.work.work.mean for person in people}) == 50
    assert dump(AnyLatency, varied)["work"]["work"]["mean"] == {"kind": "lognormal", "median": 30.0, "sigma": 0.5}


@pytest.mark.parametrize(
    ("table", "complaints"),
    [
        ({"kind": "after-reaction", "work": "fixed"}, "Field required"),
        (
            {"kind": "after-reaction", "reaction": "fixed", "work": {"kind": "after-reaction"}},
            "there is no latency 'after-reaction'",
        ),
        ({"kind": "harder-slower", "work": "fixt"}, "did you mean 'fixed'?"),
        ({"kind": "work-time", "idle": 1.5}, "less than or equal to 1"),
        ({"kind": "work-time", "hardnes": 1}, "did you mean 'hardness'?"),
    ],
)
def test_what_cannot_be_is_refused(table, complaints):
    assert complaints in complaint(AnyLatency, table)
