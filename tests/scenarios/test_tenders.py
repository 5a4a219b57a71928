"""Campaigns in which people bid: whatever goes wrong, nothing counts twice, nothing is stranded, and the log tells it all."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.annotator.answering import Answering
from agents.annotator.case import Case
from agents.annotator.nature import Nature
from agents.component import Trust
from agents.coordinator.callees import Callees, Efforts
from agents.coordinator.request import Request
from agents.messages import Item
from bus.replay import LogReader
from scenarios.export.perfetto import write_perfetto
from scenarios.export.reading import unwatched
from scenarios.run import Origin, prepare, run, verify
from scenarios.scenario import Scenario
from tests.scenarios.behaviours import NOISES, data, write_items
from tests.scenarios.campaigns import events, run_logged
from tests.scenarios.export.viewer import view
from tests.scenarios.test_allocations import ELSEWHERE, busy, check
from tests.scenarios.test_faults import campaigns

HOUR = 3600

TABLES: list[dict[str, Any]] = [
    {"kind": "contract-net"},
    {"kind": "contract-net", "candidates": "all", "deadline": 3, "weights": {"confidence": 100, "price": 1, "eta": 0.1}},
    {"kind": "contract-net", "candidates": 3, "reputation": True, "again": 5},
    {"kind": "contract-net", "candidates": 1, "at_once": 1, "deadline": 30},
    {"kind": "auction", "candidates": 2},
    {"kind": "auction", "candidates": "all", "reserve": 0.15, "again": 5},
    {"kind": "posted-price", "price": 0.12, "candidates": 2},
]
BIDS: list[list[dict[str, Any]]] = [
    [],
    [{"kind": "overclaiming", "factor": 4, "sure": 3}],
    [{"kind": "imprecise", "time": 1, "price": 0.5}, {"kind": "selective", "queue": 1, "refuses": 0.3}],
    [{"kind": "markup", "share": 0.3}],
    [{"kind": "selective", "refuses": 1.0}],
]

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def test_every_allocation_in_which_people_bid_is_tried():
    assert {table["kind"] for table in TABLES} == ELSEWHERE


@st.composite
def bidden(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a campaign in which something goes wrong, how tasks are awarded, how people bid, and perhaps a quota."""
    tables = draw(campaigns())
    coordination = {**tables["coordination"], "allocation": draw(st.sampled_from(TABLES))}
    quota = draw(st.sampled_from([None, None, 2, {"w-1": 1}]))
    if quota is not None:
        coordination["quota"] = quota
    annotators = [{**group, "bids": draw(st.sampled_from(BIDS))} for group in tables["annotators"]]
    return {**tables, "coordination": coordination, "annotators": annotators}


@settings(unhurried, max_examples=100)
@given(bidden())
def test_whatever_goes_wrong_among_bidders_nothing_counts_twice_and_nothing_is_stranded(drawn):
    check(drawn)


@pytest.mark.slow
@settings(unhurried, max_examples=3000)
@given(bidden())
def test_in_three_thousand_campaigns_of_bidders_nothing_is_stranded(drawn):
    check(drawn)


def hectic(allocation: dict[str, Any]) -> Scenario:
    """Return the campaign in which most goes wrong, with more to do than there are people, who do not bid alike."""
    tables = busy(allocation).model_dump(mode="json", exclude_none=True)
    return Scenario.model_validate({**tables, "selector": {"in_flight": 15}})


@pytest.mark.parametrize("allocation", TABLES, ids=lambda table: "-".join(map(str, table.values())))
def test_a_campaign_of_bidders_is_the_same_once_more_and_its_log_can_be_drawn(allocation, tmp_path):
    summary, log = run_logged(hectic(allocation), tmp_path)
    assert summary.labels == 30
    assert verify(log, Trust()).footer
    with (tmp_path / "trace.json").open("wb") as file:
        assert write_perfetto(LogReader(log), file, unwatched) == len(events(log))
    work = [each for each in view(tmp_path / "trace.json").slices if each.category in ("work", "late")]
    assert Counter(each.track for each in work).total() >= 90
    assert all(each.track.count("(") == 0 for each in work), "nobody works on two tasks at a time"


@pytest.mark.slow
def test_logs_of_bidders_are_the_same_bytes_whatever_the_order_of_sets(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.scenarios.test_tenders import *\n"
        "for number, table in enumerate(TABLES): run_logged(hectic(table), Path(sys.argv[1]) / str(number))"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        subprocess.run([sys.executable, "-c", script, str(tmp_path / seed)], env=environment, check=True)
    first, second = (sorted((tmp_path / seed).rglob("*.jsonl")) for seed in ("1", "2"))
    assert len(first) == len(TABLES)
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_what_waits_for_somebody_to_come_is_not_thought_over_with_each_answer(monkeypatch):
    draws: list[Item] = []
    draw_ = Callees.draw

    def counted(self: Callees, request: Request, lots: int, efforts: Efforts | None) -> list[str]:
        draws.append(request.item)
        return draw_(self, request, lots, efforts)

    monkeypatch.setattr(Callees, "draw", counted)
    there = {"name": "there", "count": 2, "latency": {"kind": "exponential", "mean": 20}}
    late = {**there, "name": "late", "availability": {"kind": "arrival", "mean": 864000}}
    tables = {
        "name": "waiting",
        "data": {"source": "synthetic", "items": 60},
        "annotators": [there, late],
        "coordination": {"policy": {"kind": "majority", "size": 3}, "allocation": "contract-net"},
        "selector": {"in_flight": 60},
    }
    assert run(Scenario.model_validate(tables), logs=None).labels == 60
    assert len(draws) < 10 * 60


def coming_and_going(allocation: dict[str, Any], annotators: dict[str, Any], **more: Any) -> Scenario:
    """Return a campaign of people of whom somebody always comes, goes, or is to come."""
    crowd = {"count": 3, "latency": {"kind": "fixed", "time": 5}, "availability": {"kind": "sessions", "time": 45, "pause": 60}}
    tables = {
        "name": "restless",
        "data": {"source": "synthetic", "items": 8},
        "annotators": [{**crowd, **annotators}],
        "coordination": {"allocation": allocation},
        **more,
    }
    return Scenario.model_validate(tables)


def test_people_who_come_and_go_and_never_want_a_task_do_not_have_it_wait_for_ever():
    summary = run(coming_and_going({"kind": "posted-price", "price": 0.12}, {"price": 0.5}), logs=None)
    assert (summary.labels, summary.given_up) == (0, 8)
    assert summary.simulated_seconds < 8 * HOUR


def test_people_who_come_and_go_and_want_more_than_is_left_end_a_campaign():
    bids = [{"kind": "markup", "share": 0.3}]
    scenario = coming_and_going({"kind": "contract-net"}, {"price": 0.1, "bids": bids}, stop={"budget": 0.38})
    summary = run(scenario, logs=None)
    assert (summary.labels, summary.stopped_by) == (2, "budget")
    assert summary.simulated_seconds < HOUR


@pytest.mark.parametrize("noise", NOISES, ids=lambda noise: str(noise["kind"]))
def test_how_sure_people_say_they_are_who_bid_does_not_betray_what_is_true(noise, tmp_path):
    write_items(tmp_path / "items.csv", [*range(30)])
    tables = {
        "name": "bids",
        "data": data(tmp_path / "items.csv"),
        "annotators": [{"count": 2, "noise": noise}],
        "coordination": {"allocation": "contract-net"},
    }
    chance, world, people = prepare(Scenario.model_validate(tables), Origin(tmp_path))
    nature, classes = Nature(chance, world.terrain), len(world.truth.classes)
    for person in people:
        answering = Answering(person.name, person.noise, person.latency, (), (), person.family, chance)
        for item in world.items.ids[:10]:
            sure = {answering.confidence(Case(item, 0, truth, classes, nature), None) for truth in range(classes)}
            assert len(sure) == 1
