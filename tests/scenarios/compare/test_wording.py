"""A comparison in sentences."""

import math

import pytest

from scenarios.compare.verdict import compare
from scenarios.compare.wording import reading, sentences, terms
from scenarios.grid import Row
from scenarios.measures.unit import MONEY, NUMBER, SHARE, TIME
from tests.scenarios.compare.runs import a_run, failed, runs

VOTE = runs("majority", accuracy=[0.90, 0.91, 0.89, 0.90], cost=[45.0] * 4, simulated_seconds=[3600.0, 3700.0, 3500.0, 3650.0])
TALK = runs(
    "negotiation", accuracy=[0.921, 0.933, 0.910, 0.920], cost=[58.0, 60.0, 59.0, 58.8],
    simulated_seconds=[6500.0, 6600.0, 6400.0, 6560.0],
)  # fmt: skip


def said(rows: list[Row], *names: str) -> dict[str, str]:
    return dict(sentences(compare(names, rows), names[1]))


def test_what_is_real_is_said_in_one_plain_sentence() -> None:
    assert said(VOTE + TALK, "majority", "negotiation") == {
        "real": "negotiation is 2.10 points more accurate than majority (1.87 to 2.33), costs 31 % more and takes 1.8 times as long"
    }


def test_the_other_way_round_it_is_the_other_way_round() -> None:
    assert said(VOTE + TALK, "negotiation", "majority") == {
        "real": "majority is 2.10 points less accurate than negotiation (1.87 to 2.33), costs 24 % less and takes 45 % less time"
    }


def test_what_is_a_multiple_of_the_other_is_compared_with_as() -> None:
    rows = runs("one", answers=[100, 101, 99]) + runs("two", answers=[1500, 1510, 1490])
    assert said(rows, "one", "two") == {"real": "two asks for 15 times as many answers as one"}


def test_what_costs_something_where_the_other_costs_nothing_is_said_in_money() -> None:
    rows = runs("one", cost=[0.0, 0.0, 0.0]) + runs("two", cost=[9.0, 9.1, 8.9])
    assert said(rows, "one", "two") == {"real": "two costs 9.00 more than one (8.75 to 9.25)"}


def test_a_difference_that_is_the_same_in_every_pair_needs_no_interval() -> None:
    rows = runs("one", labels=[100, 120, 90], label_accuracy=[None] * 3)
    rows += runs("two", labels=[150, 170, 140], label_accuracy=[None] * 3)
    assert said(rows, "one", "two") == {"real": "two ends with 50 more labels than one"}


def test_what_is_not_yet_says_between_what_it_lies_and_how_many_seeds_would_tell() -> None:
    rows = runs("one", label_accuracy=[0.80, 0.82, 0.81, 0.79]) + runs("two", label_accuracy=[0.83, 0.81, 0.83, 0.80])
    text = said(rows, "one", "two")["not yet"]
    assert text == "labels right (-1.5 to +4.0 points; if it is +1.2, about 17 seeds would tell)"


def test_nobody_is_promised_that_a_difference_of_nearly_nothing_will_be_told() -> None:
    wide = [0.8 + 0.1 * (-1) ** seed for seed in range(40)]
    other = [value - 0.1 * (-1) ** (seed // 2) + (0.001 if seed == 7 else 0.0) for seed, value in enumerate(wide)]
    text = said(runs("one", label_accuracy=wide) + runs("two", label_accuracy=other), "one", "two")["not yet"]
    assert "more than 10,000 seeds would tell" in text


def test_a_difference_of_exactly_nothing_says_between_what_it_lies_and_no_more() -> None:
    rows = runs("one", answers=[100, 110, 120, 130]) + runs("two", answers=[110, 100, 130, 120])
    assert said(rows, "one", "two") == {"not yet": "answers (-18 to +18)"}


def test_what_is_the_same_is_said_unless_it_could_not_have_been_otherwise() -> None:
    rows = runs("one", answers=[300, 310], cost=[1.0, 2.0]) + runs("two", answers=[300, 310], cost=[5.0, 6.0])
    assert said(rows, "one", "two")["the same"] == "answers: in every pair of runs"


def test_one_seed_is_said_to_tell_nothing() -> None:
    rows = [a_run("one", 0, answers=100), a_run("two", 0, answers=117)]
    assert said(rows, "one", "two") == {"not yet": "answers (+17 in the one pair there is)"}
    assert "One seed is one draw of luck" in reading(compare(["one", "two"], rows))


def test_terms_are_told() -> None:
    equal = runs("one", cost=[10.0, 10.05]) + runs("two", cost=[10.05, 10.0])
    assert terms(compare(["one", "two"], equal)) == ["Compared at equal numbers of labels, money and time."]
    (dearer,) = terms(compare(["one", "two"], runs("one", cost=[10.0, 10.0]) + runs("two", cost=[20.0, 20.0])))
    assert dearer.startswith("Compared at equal numbers of labels and time, but not at equal money. A `stop.budget`")


def test_accuracy_that_comes_of_different_numbers_of_labels_is_not_passed_over() -> None:
    rows = runs("one", labels=[300, 300], stopped_by=["labels", "labels"])
    rows += runs("two", labels=[180, 190], stopped_by=["budget", "time"])
    told = " ".join(terms(compare(["one", "two"], rows)))
    assert "not at equal numbers of labels" in told
    assert "(one 300 by labels, two 185 by budget 1, time 1)" in told
    assert "right of different items" in told


def test_different_reasons_to_stop_are_told_even_where_labels_are_as_many() -> None:
    rows = runs("one", labels=[100, 100], stopped_by=["labels"] * 2) + runs("two", labels=[100, 100], stopped_by=["time"] * 2)
    assert "They stopped for different reasons: one 100 by labels, two 100 by time." in terms(compare(["one", "two"], rows))


def test_failures_are_told() -> None:
    rows = [*runs("one", answers=[1, 2, 3]), *runs("two", answers=[3, 5]), failed("two", 2)]
    assert "1 run of 6 failed, and its pairs do not count." in terms(compare(["one", "two"], rows))
    nobody = [*runs("one", answers=[1, 2]), failed("two", 0), failed("two", 1)]
    found = compare(["one", "two"], nobody)
    assert dict(sentences(found, "two")).keys() <= {"no pairs"}
    assert "2 runs of 4 failed, and their pairs do not count." in terms(found)


def test_the_reading_tells_how_many_differences_were_tested_and_what_intervals_are_of() -> None:
    text = reading(compare(["majority", "negotiation"], VOTE + TALK))
    assert "3 differences were tested" in text
    assert "95 %" in text
    assert "seeds would tell" not in text
    unsure = runs("one", answers=[100, 110]) + runs("two", answers=[110, 100])
    assert "So many seeds would tell: 4 times in 5" in reading(compare(["one", "two"], unsure))
    assert reading(compare(["a", "b"], runs("a", answers=[1, 2]) + runs("b", answers=[1, 2]))).startswith("All pairs are equal")


@pytest.mark.parametrize(
    ("unit", "value", "widths", "written"),
    [
        (SHARE, 0.91234, [0.003], "+91.23"),
        (SHARE, 0.91234, [0.004], "+91.2"),
        (SHARE, 0.67363, [0.00089], "+67.36"),
        (SHARE, 0.91234, [0.04], "+91.2"),
        (SHARE, -0.00004, [0.04], "0.0"),
        (NUMBER, 1234.4, [120.0], "+1,234"),
        (NUMBER, -1234.44, [0.3], "-1,234.44"),
        (NUMBER, 600.0, [math.nan, 0.0], "+600"),
        (MONEY, 45.0, [math.nan], "+45.00"),
        (MONEY, 45.0, [12.0], "+45.00"),
        (NUMBER, 100.4, [40.0, 0.4], "+100.4"),
        (TIME, -4000.0, [10.0], "-1h 6m"),
    ],
)
def test_figures_have_as_many_digits_as_mean_something(unit, value, widths, written):
    assert unit.written(value, unit.fineness([value], widths), "+") == written
