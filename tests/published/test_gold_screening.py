"""Gold screening: what a pass mark lets through, and how long and how wrong the sequential test is (Wald, 1945; Page, 1954).

Each value stands in a band of four standard errors. Found are: an answer that is scored twice or not at all, a mark that is off by
one, bounds that are swapped, people who share their luck.
"""

import math
from functools import cache
from typing import Any

import pytest
from scipy.stats import binom

from agents.coordinator.screening.skill_test import Cusum, PassMark, Sprt, Tally
from bus.chance import Chance
from scenarios.run import run
from scenarios.scenario import Scenario
from scenarios.summary import Screened, Summary
from tests.agents.samples import band, share_band


def screened(
    gold: dict[str, Any], *groups: tuple[str, int, float], items: int = 20, labels: int = 40, size: int = 250, **tables: Any
) -> Summary:
    """Run a campaign in which everybody is asked gold questions from the start: groups by name, count and accuracy."""
    latency = {"kind": "fixed", "time": 10}
    scenario = {
        "name": "screening",
        "seed": 11,
        "data": {"source": "synthetic", "items": items + labels, "gold_labels": labels},
        "selector": {"in_flight": min(items, 500)},
        "annotators": [
            {"name": name, "count": count, "noise": {"kind": "one-coin", "accuracy": accuracy}, "latency": latency}
            for name, count, accuracy in groups
        ],
        "coordination": {"policy": {"kind": "majority", "size": size}, "gold": gold},
        **tables,
    }
    return run(Scenario.model_validate(scenario), logs=None)


def of_group(summary: Summary, name: str) -> list[Screened]:
    """Return those of a group whose test has ended."""
    return [each for each in summary.screened if each.name.startswith(f"{name}-") and each.verdict is not None]


def passed(people: list[Screened]) -> float:
    return sum(each.verdict == "passed" for each in people) / len(people)


# Qualification: the pass mark


def let_through(p: float, questions: int = 10, right: int = 8) -> float:
    return float(binom.sf(right - 1, questions, p))


def test_the_pass_mark_has_the_published_operating_characteristic() -> None:
    assert let_through(0.9) == pytest.approx(0.9298, abs=5e-5)
    assert let_through(0.5) == pytest.approx(0.0547, abs=5e-5)
    good, bad = 0.7 * let_through(0.9), 0.3 * let_through(0.5)
    assert bad / (good + bad) == pytest.approx(0.0246, abs=5e-5)
    assert (0.9 * good + 0.5 * bad) / (good + bad) == pytest.approx(0.8902, abs=5e-5)


def test_the_mark_itself_lets_through_whom_the_binomial_tail_does() -> None:
    test = PassMark(questions=10, right=8)
    for p in (0.5, 0.9):
        passes = sum(
            math.comb(10, right) * p**right * (1 - p) ** (10 - right)
            for right in range(11)
            if test.verdict(Tally(10, right)) == "passed"
        )
        assert passes == pytest.approx(let_through(p))


def test_a_crowd_that_is_qualified_on_the_bus_is_the_published_one() -> None:
    gold = {"test": {"kind": "pass-mark", "questions": 10, "right": 8}}
    summary = screened(gold, ("good", 700, 0.9), ("bad", 300, 0.5))
    good, bad = of_group(summary, "good"), of_group(summary, "bad")
    assert (len(good), len(bad)) == (700, 300)
    assert all(each.asked == 10 for each in (*good, *bad))
    assert passed(good) == pytest.approx(let_through(0.9), abs=share_band(let_through(0.9), len(good)))
    assert passed(bad) == pytest.approx(let_through(0.5), abs=share_band(let_through(0.5), len(bad)))
    accepted_good = sum(each.verdict == "passed" for each in good)
    accepted_bad = sum(each.verdict == "passed" for each in bad)
    accepted = accepted_good + accepted_bad
    assert accepted_bad / accepted == pytest.approx(0.0246, abs=share_band(0.0246, accepted))
    # The mean accuracy falls by 0.4 with each spammer's share.
    mean = (0.9 * accepted_good + 0.5 * accepted_bad) / accepted
    assert mean == pytest.approx(0.8902, abs=0.4 * share_band(0.0246, accepted))


# The sequential probability ratio test

GOOD, BAD, ALPHA, BETA = 0.85, 0.65, 0.05, 0.05
SPRT = Sprt(good=GOOD, bad=BAD, false_alarm=ALPHA, miss=BETA)


@cache
def walk(p: float, most: int = 2000) -> tuple[float, float]:
    """Return the exact probability that the test fails somebody of accuracy `p`, and the mean number of questions it takes."""
    alive, failing, questions = {0: 1.0}, 0.0, 0.0
    for asked in range(1, most):
        after: dict[int, float] = {}
        for right, mass in alive.items():
            after[right + 1] = after.get(right + 1, 0.0) + mass * p
            after[right] = after.get(right, 0.0) + mass * (1 - p)
        alive = {}
        for right, mass in after.items():
            verdict = SPRT.verdict(Tally(asked, right))
            if verdict is None:
                alive[right] = mass
            else:
                failing += mass * (verdict == "failed")
                questions += mass * asked
    assert sum(alive.values()) < 1e-9
    return failing, questions


def expected_questions(p: float, failing: float) -> float:
    """Return Wald's approximation of the mean number of questions, which neglects how far the bounds are overshot."""
    upper, lower = math.log((1 - BETA) / ALPHA), math.log(BETA / (1 - ALPHA))
    step = p * math.log(BAD / GOOD) + (1 - p) * math.log((1 - BAD) / (1 - GOOD))
    return (failing * upper + (1 - failing) * lower) / step


def test_the_sequential_test_keeps_its_error_rates() -> None:
    failing, _ = walk(GOOD)
    missing = 1 - walk(BAD)[0]
    # Wald's inequalities hold exactly; the bounds are overshot, so that the rates are somewhat below the nominal ones.
    assert failing <= ALPHA / (1 - BETA)
    assert missing <= BETA / (1 - ALPHA)
    assert failing + missing <= ALPHA + BETA
    assert 0.5 * ALPHA < failing < 1.1 * ALPHA
    assert 0.5 * BETA < missing < 1.1 * BETA


@pytest.mark.parametrize(("p", "failing"), [(GOOD, ALPHA), (BAD, 1 - BETA)])
def test_the_sequential_test_takes_as_many_questions_as_wald_says(p: float, failing: float) -> None:
    # Overshooting adds part of a step to each bound: a tenth or two of the whole here, and never less than nothing.
    assert 1.0 <= walk(p)[1] / expected_questions(p, failing) < 1.25
    # With the true error rate, Wald's equation is an inequality that always holds.
    assert walk(p)[1] >= expected_questions(p, walk(p)[0]) * (1 - 1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "p"), [("good", GOOD), ("bad", BAD)])
def test_on_the_bus_the_sequential_test_errs_as_seldom_and_takes_as_long(name: str, p: float) -> None:
    # Everybody answers a question each ten seconds, and there is enough to do: nobody is left with a test that was cut short.
    gold = {"first": 150, "test": {"kind": "sprt", "good": GOOD, "bad": BAD, "false_alarm": ALPHA, "miss": BETA}}
    summary = screened(gold, (name, 150, p), items=15_000, labels=150, size=1, stop={"time": 1500})
    people = of_group(summary, name)
    assert len(people) == 150
    failing, questions = walk(p)
    assert 1 - passed(people) == pytest.approx(failing, abs=share_band(failing, len(people)))
    ended = [each.asked for each in people]
    mean = sum(ended) / len(ended)
    deviation = math.sqrt(sum((asked - mean) ** 2 for asked in ended) / len(ended))
    assert mean == pytest.approx(questions, abs=band(deviation, len(ended)))


# The cumulative sum


def test_a_cumulative_sum_finds_a_change_soon_and_raises_a_false_alarm_late() -> None:
    """Page's chart: with limit h, a false alarm takes e**h answers at least (Lorden, 1971), a change some h / divergence."""
    test = Cusum(good=0.85, bad=0.5, limit=4.0)
    luck = Chance(3).keyed("published", "cusum")

    def length(p: float, number: int) -> int:
        draws, tally = luck.luck(number), Tally()
        while test.verdict(tally) is None and tally.asked < 3000:
            tally = test.after(tally, draws.uniform() < p)
        return tally.asked

    false = [length(0.85, number) for number in range(300)]
    mean = sum(false) / 300
    assert mean >= math.exp(4.0) - band(math.sqrt(sum((each - mean) ** 2 for each in false) / 300), 300)
    true = [length(0.5, number) for number in range(300)]
    divergence = 0.5 * math.log(0.5 / 0.85) + 0.5 * math.log(0.5 / 0.15)
    # The sum starts at 0 and overshoots by a step at most.
    delay = sum(true) / 300
    assert 0.8 * 4.0 / divergence < delay < (4.0 + math.log(0.5 / 0.15)) / divergence + 1
