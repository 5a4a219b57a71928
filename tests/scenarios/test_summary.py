"""A summary from a log alone: field by field that of the run that wrote it."""

import json
from pathlib import Path

import pytest

from bus.replay import LogReader
from scenarios.header import header_of
from scenarios.history.course import Course
from scenarios.loading import load
from scenarios.summary import MOST_PEOPLE, Summary, budget_of, people_of, rules_of, summarise, wanted_of
from tests.scenarios.campaigns import LABELLING, LEARNING, REVISIONS, run_logged, write
from tests.scenarios.logs import GOLDEN, HEADER, write_steps

TWO_GROUPS = '\n[[annotators]]\nname = "night"\ncount = 20\nlatency = { kind = "exponential", mean = "1h" }\n'

CAMPAIGNS = {
    "labelling": (LABELLING, {}),
    "learning": (LEARNING, {}),
    "people who are never asked": (LABELLING, {"coordination.policy.size": 1, "selector.in_flight": 1, "stop.labels": 2}),
    "a budget": (LABELLING, {"stop.budget": 1.0}),
    "a time": (LABELLING, {"stop.time": "3m"}),
    "early decisions": (LABELLING, {"coordination.policy.early": True, "coordination.pay_cancelled": False}),
    "a short lease": (LABELLING, {"coordination.lease": "15s"}),
    "two groups": (LABELLING + TWO_GROUPS, {"coordination.lease": "2h"}),
    "revisions": (REVISIONS, {}),
    "a barrier": (LEARNING, {"selector.barrier": True, "selector.in_flight": 8}),
    "faults": (LEARNING, {"faults.drop": 0.05, "faults.duplicate": 0.05, "faults.delay": 0.1, "coordination.lease": "5m"}),
}


def of_the_log(log: Path) -> Summary:
    """Return the summary that a log alone gives."""
    reader = LogReader(log)
    header, course = header_of(reader), Course(reader)
    course.go_to(None)
    return summarise(course.state, header.name, header.seed, str(log), people_of(header), rules_of(header))


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_the_fold_of_a_log_is_the_summary_of_its_run(name: str, tmp_path: Path) -> None:
    text, settings = CAMPAIGNS[name]
    summary, log = run_logged(load(write(tmp_path, text), settings).scenario, tmp_path)
    # Where the Selector learns late of labels, it counts otherwise how many there were; a log knows no more than it says.
    untold = {"staleness"} if name == "faults" else set()
    assert of_the_log(log).model_dump(exclude=untold) == summary.model_dump(exclude=untold)


@pytest.mark.parametrize("name", ["labelling", "learning"])
def test_old_logs_give_the_summaries_that_their_runs_gave(name: str) -> None:
    then = json.loads((GOLDEN / f"v1-{name}.summary.json").read_text(encoding="utf-8"))
    now = json.loads(of_the_log(GOLDEN / f"v1-{name}.jsonl").model_dump_json())
    # What a model had cost, and when that was, was not said then.
    now["curve"] = [point[:4] for point in now["curve"]]
    assert {key: now[key] for key in then} == {**then, "log": now["log"]}
    # Tasks were cancelled then too, and not counted; and some moment was the best.
    news = {key: value for key, value in now.items() if key not in then and not key.startswith(("cancelled", "best"))}
    assert all(not value for value in news.values())


@pytest.mark.parametrize(
    "annotators",
    [
        None,
        5,
        "crowd",
        [5],
        [{}],
        [{"name": 5, "count": 1}],
        [{"name": "a", "count": "x"}],
        [{"name": "a", "count": MOST_PEOPLE + 1}],
    ],
)
def test_a_header_that_tells_of_no_people_is_taken_for_one_of_nobody(annotators: object, tmp_path: Path) -> None:
    log = write_steps(
        tmp_path / "log.jsonl",
        header={**HEADER, "scenario": {"annotators": annotators, "stop": {"budget": "much", "labels": -1, "rules": annotators}}},
    )
    header = header_of(LogReader(log))
    assert people_of(header) == []
    assert budget_of(header) is None
    assert wanted_of(header) is None
    assert rules_of(header) == []
