"""When answers were begun and given."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bus.clock import SECOND
from scenarios.answers.table import Answers
from scenarios.answers.timeline import timeline
from scenarios.errors import BadInput

Row = tuple[str, float | None, float | None]


def answers(*rows: Row) -> Answers:
    """Answers of these workers, begun then, taking so long."""
    count = len(rows)
    workers, starts, durations = ([*each] for each in zip(*rows, strict=True))
    return Answers(Path("a.csv"), "line", [*range(count)], workers, ["x"] * count, starts, durations, range(2, count + 2), {})


def times(*rows: Row) -> list[tuple[float, float]]:
    found = timeline(answers(*rows))
    return [(start / SECOND, end / SECOND) for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]


def order(*rows: Row) -> list[str]:
    """What happens, in order: 0+ for the beginning of answer 0, 0- for its end."""
    return [f"{moment >> 1}{'-' if moment & 1 else '+'}" for moment in timeline(answers(*rows)).moments.tolist()]


def test_starts_are_kept_and_people_may_do_several_things_at_once() -> None:
    assert times(("w", 10.0, 90.0), ("w", 50.0, 30.0), ("v", 0.0, None)) == [(10, 100), (50, 80), (0, 0)]
    assert timeline(answers(("w", 1.0, None))).times == "starts"
    assert order(("w", 10.0, 90.0), ("w", 50.0, 30.0)) == ["0+", "1+", "1-", "0-"]


def test_an_answer_whose_start_is_not_known_follows_the_one_before_it_of_the_same_worker() -> None:
    assert times(("w", 10.0, 5.0), ("v", None, 1.0), ("w", None, 2.0), ("w", None, None)) == [(10, 15), (0, 1), (15, 17), (17, 17)]


def test_without_starts_each_worker_answers_one_after_the_other_from_the_beginning() -> None:
    assert times(("w", None, 5.0), ("v", None, 1.0), ("w", None, None), ("w", None, 2.5)) == [(0, 5), (0, 1), (5, 5), (5, 7.5)]
    assert timeline(answers(("w", None, 5.0))).times == "durations"


def test_without_any_times_time_counts_answers() -> None:
    found = timeline(answers(("w", None, None), ("v", None, None)))
    assert (found.times, found.starts.tolist(), found.ends.tolist()) == ("order", [1, 2], [1, 2])
    assert order(("w", None, None), ("v", None, None)) == ["0+", "0-", "1+", "1-"]


def test_at_one_instant_what_was_begun_before_ends_first() -> None:
    assert order(("w", 5.0, 5.0), ("w", 0.0, 5.0), ("v", 5.0, 0.0)) == ["1+", "1-", "0+", "2+", "2-", "0-"]


def test_times_are_rounded_to_microseconds() -> None:
    assert times(("w", 0.1 + 0.2, 0.0000004), ("w", 1.0000006, 0.0000006)) == [(0.3, 0.3), (1.000001, 1.000002)]


def test_answers_that_take_more_than_a_century_together_are_refused() -> None:
    with pytest.raises(BadInput, match=r"^a\.csv, line 4: by then, the answers of 'w' have taken more than a century$"):
        timeline(answers(*[("w", None, 3e9)] * 5))


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.none() | st.floats(0, 9), st.none() | st.just(0.0) | st.floats(0, 9)), min_size=1)
)
def test_time_never_goes_back_and_every_answer_begins_before_it_ends(rows: list[Row]) -> None:
    found = timeline(answers(*rows))
    moments = found.moments.tolist()
    instants = [int((found.ends if moment & 1 else found.starts)[moment >> 1]) for moment in moments]
    assert instants == sorted(instants)
    assert sorted(moments) == [*range(2 * len(rows))]
    assert all(moments.index(2 * row) < moments.index(2 * row + 1) for row in range(len(rows)))
