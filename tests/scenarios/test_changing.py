"""Campaigns of people who change and say more than labels: verified, resumed, and audited where things go wrong."""

import json
from pathlib import Path

import pytest

from agents.component import Trust
from agents.coordinator.crowd import NOBODY_LEFT
from agents.messages import AbstentionSubmitted, AnswerSubmitted, GoldAnswered, ItemGivenUp
from scenarios.loading import LIBRARY, load
from scenarios.logfile import environment_file
from scenarios.run import resume, run, verify
from tests.scenarios.campaigns import FAULTS, events, run_logged, write
from tests.scenarios.striking import played

CHANGING = """
name = "changing"
seed = 3
[data]
source = "synthetic"
items = 60
classes = 3
gold_labels = 10
[[annotators]]
name = "crowd"
count = 4
noise = { kind = "one-coin", accuracy = 0.7 }
latency = { kind = "lognormal", median = "200s", sigma = 0.8 }
price = 0.05
changes = [
  { kind = "practice", rate = 0.1 },
  { kind = "fatigue", skill_lost = 1.0, slowdown = 2.0, answers = 10, rest = "30m" },
  { kind = "learning", gain = 2.0, lessons = { kind = "uniform", low = 2, high = 5 } },
  { kind = "drift", step = 0.1, pull = 0.05 },
  { kind = "mood", sd = 0.5, pace_sd = 0.3, lasting = 0.5 },
]
says = [
  { kind = "confidence", slope = { kind = "uniform", low = 0.5, high = 2 }, noise = 0.3, insight = 1 },
  { kind = "soft" },
  { kind = "ranking", first = 2 },
  { kind = "abstain", threshold = 0.5, steepness = 10 },
  { kind = "decline", probability = 0.05 },
]
[coordination]
policy = { kind = "majority", size = 2 }
[coordination.gold]
share = 0.3
test = { kind = "sprt", good = 0.75, bad = 0.2 }
"""


def test_a_campaign_of_people_who_change_is_verified_and_says_what_they_say(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, CHANGING)).scenario
    summary, log = run_logged(scenario, tmp_path)
    verify(log, Trust())
    recorded = events(log)
    said = [each["body"] for each in recorded if each["kind"] == AnswerSubmitted.kind]
    abstained = [each["body"] for each in recorded if each["kind"] == AbstentionSubmitted.kind]
    assert summary.abstained == len(abstained) > 5
    assert summary.declined > 0
    assert summary.cost == pytest.approx(0.05 * (summary.answers + summary.abstained) + summary.cancelled_cost)
    for body in said:
        assert list(body) == ["item", "attempt", "label", "began", "confidence", "chances", "ranking"]
        assert 1 / 3 <= body["confidence"] <= 1
        assert body["confidence"] in body["chances"]
        assert sum(body["chances"]) == pytest.approx(1)
        assert body["ranking"][0] == body["label"] and len(body["ranking"]) == 2


@pytest.mark.parametrize("faults", ["", FAULTS.replace("100s", "2000s").replace("150s", "3000s")], ids=["sound", "faults"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_campaign_of_people_who_change_is_resumed_with_the_log_of_an_uninterrupted_run(
    faults: str, share: float, tmp_path: Path
) -> None:
    scenario = load(write(tmp_path, CHANGING + faults)).scenario
    _, log = run_logged(scenario, tmp_path)
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(lines[: int(share * len(lines))]))
    resume(log, Trust())
    assert log.read_bytes() == whole
    assert environment_file(log).exists()


@pytest.mark.parametrize("agent", ["crowd-2", "coordinator"])
def test_people_who_change_go_down_and_come_back_and_all_is_accounted_for(agent: str, tmp_path: Path) -> None:
    crashes = f'[faults]\nretry = "60s"\ncrashes = [{{ agent = "{agent}", at = "4000s", down = "600s" }}]\n'
    campaign, log = played(load(write(tmp_path, CHANGING + crashes)).scenario.completed())
    assert log.of(AbstentionSubmitted)
    assert log.of(GoldAnswered)
    assert campaign.coordinator.open_items == 0


def test_people_with_no_more_to_say_leave_no_more_in_the_log(tmp_path: Path) -> None:
    text = CHANGING[: CHANGING.index("changes")] + CHANGING[CHANGING.index("[coordination]") :]
    _, log = run_logged(load(write(tmp_path, text)).scenario, tmp_path)
    bodies = [each["body"] for each in events(log) if each["kind"] == AnswerSubmitted.kind]
    assert {tuple(body) for body in bodies} == {("item", "attempt", "label", "began")}


def test_where_nobody_can_tell_all_items_are_given_up_with_a_reason_and_the_campaign_ends(tmp_path: Path) -> None:
    text = """
name = "nobody-can-tell"
[data]
source = "synthetic"
items = 7
[[annotators]]
count = 3
price = 0.1
says = { kind = "abstain", threshold = 1.0, steepness = 1000 }
[coordination]
policy = { kind = "majority", size = 2, ties = "one-more" }
"""
    summary, log = run_logged(load(write(tmp_path, text)).scenario, tmp_path)
    assert (summary.stopped_by, summary.given_up, summary.labels, summary.answers) == ("pool", 7, 0, 0)
    assert summary.abstained == 14  # With two of three who cannot tell, two answers are not to be had.
    assert summary.cost == pytest.approx(1.4 + summary.cancelled_cost)
    reasons = {each["body"]["reason"] for each in events(log) if each["kind"] == ItemGivenUp.kind}
    assert reasons == {NOBODY_LEFT}
    assert json.loads(summary.model_dump_json())["abstained"] == summary.abstained


@pytest.mark.slow
def test_breaks_give_a_crowd_that_tires_fewer_labels_and_more_of_them_right_as_the_library_says() -> None:
    tired = load(LIBRARY / "tired.toml", {"stop.time": "10h"})
    breaks = [{"kind": "sessions", "time": "2h", "pause": "30m"}]
    rested = load(LIBRARY / "tired.toml", {"stop.time": "10h", "annotators.crowd.availability": breaks})
    one, other = run(tired.scenario, logs=None), run(rested.scenario, logs=None)
    assert one.label_accuracy is not None and other.label_accuracy is not None
    # Four standard errors of a share of some 2,000 labels are .03.
    assert other.label_accuracy > one.label_accuracy + 0.03
    assert 0.85 < other.labels / one.labels < 0.97
