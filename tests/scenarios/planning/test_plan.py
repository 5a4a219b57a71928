"""Plans, beside what is known in closed form, and beside exhaustive search."""

import json
import math
from itertools import count
from pathlib import Path

import pytest
from scipy.stats import binom

from scenarios.grid import Row
from scenarios.loading import load
from scenarios.planning.front import Outlay, cheapest, fastest
from scenarios.planning.judgement import FRESH, Risk, run_proposals, verdict
from scenarios.planning.page import report_of_plan
from scenarios.planning.record import record, rows
from scenarios.planning.wording import command, course, nothing, settings_of, terms
from scenarios.run import Origin, run
from tests.scenarios.planning.plans import SIX, SIZES, a_plan

PEOPLE = "annotators.crowd.count=[6, 12]"

LEARNING = """
name = "learning"
[data]
source = "iris"
seed_labels = 6
[learner]
retrain_every = 5
[[annotators]]
count = 4
noise = { kind = "one-coin", accuracy = 0.9 }
latency = { kind = "exponential", mean = "30s" }
price = 0.1
[stop]
labels = 30
"""


def majority(size: int, accuracy: float = 0.8) -> float:
    """Return how often a majority of an odd size is right about two classes (Condorcet, 1785)."""
    return float(binom.sf(size // 2, size, accuracy))


def test_as_many_votes_are_proposed_as_are_needed_and_they_cost_and_take_what_they_must(tmp_path: Path) -> None:
    assert [round(majority(size), 3) for size in (1, 3, 5)] == [0.8, 0.896, 0.942]
    plan = a_plan(tmp_path, SIZES, PEOPLE, accuracy=0.9)
    assert [answer.roles for answer in plan.answers] == [("cheapest",), ("fastest",)]
    few, many = (answer.verdict for answer in plan.answers)
    for each in (few, many):
        assert plan.space.candidates[each.candidate].words["policy"] == "majority 5"
        assert each.cost == pytest.approx((120 * 5 * 0.1, 0.0))
        assert abs(each.accuracy.mean - majority(5)) < 4 * math.sqrt(majority(5) * (1 - majority(5)) / (120 * 10))
    assert few.seconds.mean == pytest.approx(120 * 5 * 30 / 6, rel=0.05)
    assert few.seconds.mean / many.seconds.mean == pytest.approx(2, rel=0.05)


def test_a_fee_for_each_annotator_is_part_of_the_cost(tmp_path: Path) -> None:
    (answer, *_) = a_plan(tmp_path, SIZES, PEOPLE, accuracy=0.9, fee=2.0, seeds=4).answers
    assert answer.verdict.cost.mean == pytest.approx(60 + 2 * 6)


def test_with_a_deadline_only_who_keeps_it_is_proposed(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, SIZES, PEOPLE, accuracy=0.9, deadline="40m", seeds=6)
    (answer,) = plan.answers
    assert answer.roles == ("cheapest", "fastest")
    assert plan.space.candidates[answer.verdict.candidate].people == 12
    assert answer.verdict.risks["deadline"].missed == 0


def test_the_command_repeats_what_was_judged(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, SIZES, SIX, accuracy=0.9, budget=100.0, seeds=4)
    (answer,) = plan.answers
    said = settings_of(plan, answer.verdict.candidate, answer.verdict.labels)
    assert said == {"annotators.crowd.count": 6, "coordination.policy.size": 5, "stop.labels": 120, "stop.budget": 100.0}
    assert command(plan, answer).endswith("--set stop.labels=120 --set stop.budget=100")
    loaded = load(Path(plan.space.asked), {**said, "seed": FRESH})
    summary = run(loaded.scenario, logs=None, origin=Origin(loaded.folder))
    proposal = (answer.verdict.candidate, answer.verdict.labels)
    (row,) = run_proposals(plan.space, [proposal], 1, 1)
    assert (row["label_accuracy"], row["cost"]) == (summary.label_accuracy, summary.cost)
    assert row["simulated_seconds"] == summary.simulated_seconds


def test_with_a_learner_the_number_of_labels_is_an_answer(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, "coordination.policy=['majority']", "annotators.crowd.count=[4]", text=LEARNING, accuracy=0.85, seeds=4)
    assert plan.answers
    for answer in plan.answers:
        assert answer.verdict.labels in plan.space.labels
        assert answer.verdict.risks["accuracy"].share <= 0.2
        assert f"stop.labels={answer.verdict.labels}" in command(plan, answer)
    report = report_of_plan(plan)
    assert len(report.findings) >= len(plan.answers)
    assert [picture.draw() for picture in report.pictures]


def test_where_nothing_reaches_the_targets_it_is_said_what_comes_nearest_and_what_would_do(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, SIZES, SIX, accuracy=0.9, budget=42.0, seeds=6)
    assert not plan.answers and plan.nearest
    assert plan.space.candidates[plan.nearest.verdict.candidate].words["policy"] == "majority 3"
    told = nothing(plan)
    assert told[0] == "Nothing here reaches accuracy 0.9 and for 42 often enough."
    assert any("a budget of about 60.00 would do" in each for each in told)
    found = record(plan)
    assert not found["reached"] and found["nearest"]["risks"]["accuracy"]["missed"] > 0
    assert found["would_do"]["budget"] == pytest.approx(60.0)


def test_an_accuracy_beyond_reach_is_told_of_with_what_can_be_had(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, SIZES, SIX, accuracy=0.999, seeds=4)
    told = " ".join(nothing(plan))
    assert "Nothing here reaches accuracy 0.999 often enough." in told
    assert "An accuracy of about 0.9" in told


def test_where_nobody_has_a_price_the_fewest_annotators_are_the_cheapest(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, SIZES, PEOPLE, accuracy=0.9, seeds=4, fixed={"annotators.crowd.price": 0.0})
    assert not plan.space.paid
    assert plan.space.candidates[plan.answers[0].verdict.candidate].people == 6
    assert any("Nobody has a price" in each for each in terms(plan))


def test_whoever_breaks_it_off_is_told_what_is_known(tmp_path: Path) -> None:
    done = count(1)

    def stopping(*_: int) -> None:
        if next(done) == 25:
            raise KeyboardInterrupt

    plan = a_plan(tmp_path, SIZES, PEOPLE, accuracy=0.9, tell=stopping)
    assert plan.broken_off
    assert [each.seeds for each in plan.search.rounds] == [4]
    assert plan.answers and not plan.answers[0].verdict.risks
    json.dumps(record(plan), allow_nan=False)


def test_broken_off_before_anything_is_known_nothing_is_proposed(tmp_path: Path) -> None:
    def stopping(*_: int) -> None:
        raise KeyboardInterrupt

    plan = a_plan(tmp_path, SIZES, SIX, tell=stopping)
    assert plan.broken_off and not plan.answers and plan.nearest is None
    assert "none with two seeds yet" in course(plan)


def test_the_table_has_a_row_for_each_candidate(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, SIZES, SIX, accuracy=0.9, seeds=4)
    found = rows(plan)
    assert [row["policy"] for row in found] == ["majority 1", "majority 3", "majority 5"]
    assert [row["answer"] for row in found] == [None, None, "cheapest and fastest"]
    assert found[0]["reaches"] == "no"


def test_a_risk_lies_between_its_ends() -> None:
    assert Risk(0, 20).interval == pytest.approx((0.0, 0.16843), abs=1e-5)
    low, high = Risk(4, 40).interval
    assert low < 0.1 < high


@pytest.mark.slow
def test_the_answers_are_those_of_exhaustive_search(tmp_path: Path) -> None:
    varied = "coordination.policy=['majority']", "annotators.crowd.count=[2, 8]", "selector.strategy=['random', 'margin']"
    plan = a_plan(tmp_path, *varied, text=LEARNING, accuracy=0.88)
    judged = {}
    proposals = [(number, labels) for number in range(len(plan.space.candidates)) for labels in plan.space.labels]
    for proposal in proposals:
        found = verdict(plan.space, plan.targets, proposal, [*run_proposals(plan.space, [proposal], 24, 1)])
        if found.risks["accuracy"].share <= plan.targets.risk:
            people = plan.space.candidates[proposal[0]].people
            judged[proposal] = Outlay(found.cost.mean, found.seconds.mean, people)
    best, quickest = judged[cheapest(judged)], judged[fastest(judged)]
    ours = [answer.verdict for answer in plan.answers]
    step = 5 / 20
    assert ours[0].cost.mean <= best.cost * (1 + 2 * step)
    assert ours[-1].seconds.mean <= quickest.seconds * (1 + 2 * step)


@pytest.mark.slow
def test_the_stated_risks_hold_on_further_seeds(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, "coordination.policy=['majority']", text=LEARNING, accuracy=0.88, seeds=30)
    assert plan.answers
    further: dict[int, list[Row]] = {}
    proposals = [(answer.verdict.candidate, answer.verdict.labels) for answer in plan.answers]
    for row in run_proposals(plan.space, proposals, 230, 1):
        if row["seed"] >= FRESH + 30:
            further.setdefault(row["candidate"], []).append(row)
    for answer in plan.answers:
        proposal = answer.verdict.candidate, answer.verdict.labels
        again = verdict(plan.space, plan.targets, proposal, further[proposal[0]]).risks["accuracy"]
        assert again.runs == 200
        low, high = answer.verdict.risks["accuracy"].interval
        # Both shares are drawn, so the one may lie beside the interval of the other by its own error.
        error = 2 * math.sqrt(again.share * (1 - again.share) / 200)
        assert low - error <= again.share <= high + error
