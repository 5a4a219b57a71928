"""Campaigns that go by where items lie: as users run them, with and without a learner, and with a Selector that goes down."""

from pathlib import Path
from typing import Any

import pytest

from agents.component import Trust
from scenarios.errors import BadInput
from scenarios.loading import load
from scenarios.run import resume, run, verify
from tests.scenarios.campaigns import LEARNING, events, run_logged, write

STRATEGIES: dict[str, dict[str, Any]] = {
    "k-center": {"kind": "k-center"},
    "by cosine": {"kind": "k-center", "metric": "cosine", "space": "features"},
    "ranked-batch": {"kind": "ranked-batch", "of": "entropy", "scale": "range"},
    "k-means": {"kind": "k-means", "of": "margin", "beyond": 5},
    "typiclust": {"kind": "typiclust", "neighbours": 5},
    "prob-cover": {"kind": "prob-cover", "purity": 0.9},
    "badge": {"kind": "badge"},
    "information-density": {
        "kind": "information-density",
        "of": "least-confident",
        "beta": 2.0,
        "similarity": "euclidean",
        "sample": 20,
    },
    "graph-density": {"kind": "graph-density", "neighbours": 4},
    "narrowed": {"kind": "filter", "by": "entropy", "best": 20, "then": "k-center"},
}
FAULTS = """
[faults]
retry = "60s"
crashes = [{ agent = "selector", at = "50s", down = "20s" }]
"""
LABELLING = """
name = "labelling"
seed = 3
[data]
source = "synthetic"
items = 80
classes = 3
features = 4
[selector]
in_flight = 3
strategy = "k-center"
[[annotators]]
count = 4
noise = { kind = "one-coin", accuracy = 0.8 }
latency = { kind = "exponential", mean = "30s" }
"""


def asked(log: Path) -> list[dict[str, Any]]:
    return [event["body"] for event in events(log) if event["kind"] == "item-requested"]


def in_flight(text: str) -> str:
    return text.replace("[selector]", "[selector]\nin_flight = 3")


@pytest.mark.parametrize("name", [*STRATEGIES])
def test_a_campaign_in_which_the_selector_crashes_is_run_verified_and_resumed(name: str, tmp_path: Path) -> None:
    summary, log = run_logged(
        load(write(tmp_path, in_flight(LEARNING) + FAULTS), {"selector.strategy": STRATEGIES[name]}).scenario, tmp_path
    )
    assert summary.labels == 25
    assert verify(log, Trust()).footer
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(lines[: len(lines) // 2]))
    resume(log, Trust())
    assert log.read_bytes() == whole


def test_without_a_learner_k_center_spreads_over_the_whole_pool(tmp_path: Path) -> None:
    summary, log = run_logged(load(write(tmp_path, LABELLING)).scenario, tmp_path)
    assert (summary.labels, summary.stopped_by) == (80, "pool")
    requests = asked(log)
    scores = [request["score"] for request in requests]
    assert len({request["item"] for request in requests}) == 80
    assert scores[0] == 0
    assert scores[1:] == sorted(scores[1:], reverse=True), "each is farther from all before it than those after it"
    assert verify(log, Trust()).footer


def test_typiclust_asks_for_items_of_other_clusters_than_those_that_have_labels(tmp_path: Path) -> None:
    text = in_flight(LEARNING).replace("labels = 25", "labels = 6").replace("seed_labels = 6", "seed_labels = 0")
    summary, log = run_logged(load(write(tmp_path, text), {"selector.strategy": "typiclust"}).scenario, tmp_path)
    assert summary.labels == 6
    assert len({request["item"] for request in asked(log)}) == 6
    assert verify(log, Trust()).footer


def test_what_cannot_be_used_says_so_before_the_campaign_begins(tmp_path: Path) -> None:
    text = LABELLING.replace('strategy = "k-center"', 'strategy = { kind = "k-center", space = "embeddings" }')
    with pytest.raises(BadInput, match=r"selector\.strategy goes by embeddings \(space\), but the data have none"):
        run(load(write(tmp_path, text)).scenario, logs=None)
    with pytest.raises(BadInput, match=r"'badge' needs a model, but there is no \[learner\]"):
        load(write(tmp_path, LABELLING), {"selector.strategy": "badge"})
