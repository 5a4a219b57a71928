"""Sessions: how long people stay, and how long they stay away."""

import math
from itertools import pairwise
from statistics import NormalDist, fmean

import pytest

from agents.annotator.availabilities.choice import AnyAvailability
from agents.annotator.availabilities.sessions import Sessions
from agents.annotator.availabilities.shifts import Shifts
from agents.annotator.presence import Presence
from agents.messages import AbstentionSubmitted, AnnotatorCame, AnswerSubmitted
from bus.chance import Chance
from bus.message import Envelope, Message
from tests.agents.annotator.availabilities.lives import Stay, stays
from tests.agents.samples import band, complaint

YEAR = 365 * 86400


def lasted(found: list[Stay]) -> list[float]:
    return [each.left - each.came for each in found if each.left is not None]


def paused(found: list[Stay]) -> list[float]:
    return [after.came - before.left for before, after in pairwise(found) if before.left is not None]


def lognormal(median: float, sigma: float) -> tuple[float, float]:
    """Return mean and standard deviation."""
    mean = median * math.exp(sigma**2 / 2)
    return mean, mean * math.sqrt(math.exp(sigma**2) - 1)


def test_the_mean_length_of_sessions_and_of_pauses_is_that_of_lognormals() -> None:
    found = stays([Sessions(time=600, time_sigma=0.6, pause=3600, pause_sigma=0.8)], YEAR)
    lengths, pauses = lasted(found), paused(found)
    assert len(lengths) > 5000
    for drawn, (mean, deviation) in ((lengths, lognormal(600, 0.6)), (pauses, lognormal(3600, 0.8))):
        assert fmean(drawn) == pytest.approx(mean, abs=band(deviation, len(drawn)))


def test_the_share_of_time_that_they_are_there_is_that_of_an_alternating_renewal_process() -> None:
    found = stays([Sessions(time=600, time_sigma=0.6, pause=1800, pause_sigma=0.5)], YEAR)
    (on, on_deviation), (off, off_deviation) = lognormal(600, 0.6), lognormal(1800, 0.5)
    share = sum(lasted(found)) / YEAR
    # By the delta method over the cycles that there are.
    deviation = math.hypot(off * on_deviation, on * off_deviation) / (on + off) ** 2
    assert share == pytest.approx(on / (on + off), abs=band(deviation, len(found)))


def test_the_number_of_answers_in_a_session_is_the_next_whole_number_above_a_lognormal_one() -> None:
    median, sigma = 10.0, 0.7
    found = stays([Sessions(answers=median, answers_sigma=sigma, pause=60)], YEAR / 6, work=30)[:-1]
    counts = [each.answers for each in found]

    def beyond(count: int) -> float:
        return 1.0 if count < 1 else 1 - NormalDist().cdf(math.log(count / median) / sigma)

    mean = sum(beyond(count) for count in range(1000))
    square = sum((2 * count + 1) * beyond(count) for count in range(1000))
    assert len(counts) > 5000
    assert fmean(counts) == pytest.approx(mean, abs=band(math.sqrt(square - mean**2), len(counts)))


def test_without_spread_every_session_is_alike() -> None:
    found = stays([Sessions(answers=4, pause=100)], 1000, work=25)
    assert [(each.came, each.left, each.answers) for each in found[:3]] == [(0, 100, 4), (200, 300, 4), (400, 500, 4)]


def test_whichever_limit_is_reached_first_ends_a_session_and_what_is_under_way_is_finished() -> None:
    found = stays([Sessions(answers=4, time=60, pause=100)], 1000, work=25)
    assert found[0] == (0, 75, 3)
    found = stays([Sessions(answers=2, time=60, pause=100)], 1000, work=25)
    assert found[0] == (0, 50, 2)


def test_only_a_session_that_has_come_to_its_own_end_is_followed_by_a_pause() -> None:
    shifts = Shifts(days=("mon", "tue"), begins=0, ends=600)
    cut = stays([shifts, Sessions(time=3600, pause=10 * 86400)], 7 * 86400)
    assert [each.came for each in cut] == [0, 86400], "the shift ended first"
    own = stays([shifts, Sessions(time=300, pause=10 * 86400)], 7 * 86400)
    assert [(each.came, each.left) for each in own] == [(0, 300)]


def test_people_have_sessions_of_their_own_and_adding_a_component_moves_none() -> None:
    sessions = Sessions(time=600, time_sigma=0.6, pause=3600, pause_sigma=0.8)
    one, other = (stays([sessions], 86400, name=name) for name in ("w-1", "w-2"))
    assert one != other
    assert one == stays([Shifts(days=("mon",), begins=0, ends=86400), sessions], 86400)


def test_a_session_without_an_end_is_refused() -> None:
    assert "say one of them" in complaint(AnyAvailability, {"kind": "sessions"})


@pytest.mark.parametrize(
    "body", [AnswerSubmitted(item=1, attempt=0, label="a", began=5), AbstentionSubmitted(item=1, attempt=0, began=5)]
)
def test_after_a_restart_a_session_ends_with_the_answer_with_which_it_would_have_ended(body: Message) -> None:
    def presence() -> Presence:
        return Presence("w", [Sessions(answers=1, pause=60)], Chance(7))

    before, after = presence(), presence()
    word = before.word(0)
    assert isinstance(word, AnnotatorCame)
    before.answered()
    history = [Envelope(seq, seq, "w", "coordinator", None, said) for seq, said in enumerate((word, body))]
    after.rebuild("w", history)
    assert after.word(10) == before.word(10)
    assert not after.there
