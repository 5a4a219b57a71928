"""Small campaigns that tests run, and ways to look at what came of them."""

import json
import shutil
from pathlib import Path
from typing import Any
from zlib import crc32

from scenarios.logfile import environment_file
from scenarios.run import Origin, run
from scenarios.scenario import Scenario
from scenarios.summary import Summary

LABELLING = """
name = "labelling"
seed = 3
[data]
source = "synthetic"
items = 60
classes = 3
[[annotators]]
name = "crowd"
count = 5
noise = { kind = "one-coin", accuracy = 0.7 }
latency = { kind = "lognormal", median = "20s", sigma = 0.8 }
price = 0.05
[coordination]
policy = { kind = "majority", size = 3 }
lease = "60s"
"""
"""A labelling campaign without a learner, in which leases run out now and then."""

LEARNING = """
name = "learning"
seed = 3
[data]
source = "iris"
seed_labels = 6
[learner]
retrain_every = 5
train_time = "10s"
[selector]
strategy = { kind = "margin" }
[[annotators]]
count = 4
noise = { kind = "one-coin", accuracy = 0.8 }
latency = { kind = "exponential", mean = "30s" }
[stop]
labels = 25
"""
"""A campaign with a learner, over in a blink."""

NEGOTIATION = """
name = "negotiation"
seed = 3
[data]
source = "synthetic"
items = 14
classes = 3
[[annotators]]
name = "crowd"
count = 5
noise = { kind = "one-coin", accuracy = 0.6 }
latency = { kind = "lognormal", median = "20s", sigma = 0.8 }
price = 0.05
says = "soft"
social = { kind = "argument", wrong_to_right = 0.4, right_to_wrong = 0.2 }
[[annotators]]
name = "expert"
noise = { kind = "one-coin", accuracy = 0.95 }
price = 1.0
social = { kind = "conformity", anchoring = 0.3 }
[coordination]
lease = "60s"
[coordination.policy]
kind = "negotiation"
of = "crowd"
rounds = 2
protocol = "argument"
within = "90s"
fee = 0.02
[coordination.policy.otherwise]
kind = "escalation"
tiers = [{ of = "crowd", votes = 4 }, { of = "expert", queue = 1, full = "wait", shown = true }]
"""
"""A campaign in which a committee talks, and an expert has the last word."""

TENDERS = """
name = "tenders"
seed = 3
[data]
source = "synthetic"
items = 14
classes = 3
[[annotators]]
name = "crowd"
count = 5
noise = { kind = "one-coin", accuracy = 0.7 }
latency = { kind = "lognormal", median = "20s", sigma = 0.8 }
price = 0.05
bids = [{ kind = "overclaiming" }, { kind = "selective" }]
[coordination]
policy = { kind = "majority", size = 2 }
allocation = { kind = "contract-net", candidates = 2, reputation = true }
lease = "90s"
"""
"""A campaign in which people bid for tasks."""

COUNCIL = """
name = "council"
seed = 3
[data]
source = "iris"
seed_labels = 6
[learner]
retrain_every = 5
train_time = "10s"
[selector]
strategy = { kind = "council", members = ["margin", "entropy", "random"], rule = "auction", nominations = 3 }
[[annotators]]
count = 4
noise = { kind = "one-coin", accuracy = 0.8 }
latency = { kind = "exponential", mean = "30s" }
[stop]
labels = 20
"""
"""A campaign in which strategies negotiate about what is asked for."""

REVISIONS = """
name = "revisions"
seed = 3
[data]
source = "iris"
seed_labels = 6
gold_labels = 6
[learner]
retrain_every = 5
[selector]
strategy = { kind = "margin" }
relabel = { kind = "label-uncertainty", share = 0.3, most = 5 }
[[annotators]]
name = "crowd"
count = 5
noise = { kind = "one-coin", accuracy = 0.75 }
latency = { kind = "lognormal", median = "20s", sigma = 0.8 }
price = 0.05
[[annotators]]
name = "guesser"
count = 2
noise = { kind = "one-coin", accuracy = 0.1 }
latency = { kind = "lognormal", median = "5s", sigma = 0.8 }
price = 0.05
[coordination]
policy = { kind = "truth-inference", size = 2, margin = 0.0 }
[coordination.gold]
share = 0.2
test = { kind = "sprt", good = 0.75, bad = 0.4 }
retroactive = true
[stop]
labels = 40
"""
"""A campaign in which labels are revised, people are blocked, answers become void, and items are asked for again."""

FAULTS = """
[faults]
drop = 0.1
duplicate = 0.1
delay = 0.1
reorder = 0.1
retry = "60s"
crashes = [{ agent = "coordinator", at = "100s", down = "50s" }, { agent = "crowd-2", at = "150s", down = "50s" }]
"""
"""What may go wrong in either."""

CHOOSING = """
name = "choosing"
seed = 3
[data]
source = "iris"
seed_labels = 6
[learner]
retrain_every = 5
train_time = "10s"
patience = "25s"
lesson = "votes"
[[learner.committee]]
count = 2
[[learner.committee]]
estimator = { kind = "random-forest", trees = 5 }
train_time = "20s"
knows = ["setosa", "virginica"]
[selector]
strategy = { kind = "cost-aware", of = { kind = "filter", by = "vote-entropy", best = 20, then = "k-center" } }
pending = "local-penalisation"
in_flight = 3
[[annotators]]
count = 4
noise = { kind = "one-coin", accuracy = 0.8 }
latency = { kind = "exponential", mean = "30s" }
price = 0.05
[coordination]
policy = { kind = "majority", size = 2 }
[stop]
labels = 25
rules = [{ kind = "kappa", threshold = 0.5, patience = 1 }, { kind = "max-confidence", threshold = 0.95, patience = 1 }]
act = false
"""
"""A campaign whose learners vote, whose strategy goes by costs and places, and whose rules say when it might have stopped."""


def write(folder: Path, text: str, name: str = "scenario.toml") -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def run_logged(scenario: Scenario, folder: Path) -> tuple[Summary, Path]:
    """Run a scenario and return its summary and its log."""
    summary = run(scenario, logs=folder, origin=Origin(folder))
    assert summary.log is not None
    return summary, Path(summary.log)


def events(log: Path) -> list[dict[str, Any]]:
    """Return the events of a log."""
    return [event for event in map(json.loads, log.read_text(encoding="utf-8").splitlines()) if "seq" in event]


def forged(log: Path, old: bytes, new: bytes) -> Path:
    """Write the log with one text replaced, and every checksum made right again."""
    chain, lines = 0, []
    for line in log.read_bytes().replace(old, new, 1).splitlines()[:-1]:
        body = line[: line.rindex(b',"sum":')]
        chain = crc32(body, chain)
        lines.append(b'%b,"sum":"%08x"}\n' % (body, chain))
    forgery = log.with_name("forged.jsonl")
    forgery.write_bytes(b"".join(lines))
    shutil.copy(environment_file(log), environment_file(forgery))
    return forgery
