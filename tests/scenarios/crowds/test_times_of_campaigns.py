"""People who are known work in a campaign; what its log says of their times and sessions is what they are made of."""

import tomllib

import numpy as np
import pytest

from agents.annotator.calibration.sessions import fit_sessions
from agents.annotator.calibration.work_times import fit_work_times
from scenarios.run import run
from scenarios.scenario import Scenario
from tests.scenarios.logs import lines_of

PEOPLE = 60
CAMPAIGN = """
# There is always something to do: who waited for it would seem to pause.
name = "known-people"
seed = 3
[data]
source = "synthetic"
items = 6000
classes = 2
[[annotators]]
name = "crowd"
count = 60
latency.kind = "work-time"
latency.median = { kind = "lognormal", median = 20, sigma = 0.6 }
latency.sigma = { kind = "lognormal", median = 0.35, sigma = 0.3 }
latency.idle = { kind = "beta", a = 2, b = 20 }
latency.factor = 6
latency.wander = 0.9
latency.hardness = 0.2
latency.items = 0.1
changes = { kind = "practice", rate = 0.1 }
[[annotators.availability]]
kind = "arrival"
mean = "12h"
[[annotators.availability]]
kind = "sessions"
answers = { kind = "lognormal", median = 12, sigma = 0.5 }
answers_sigma = 0.9
pause = { kind = "lognormal", median = "6h", sigma = 0.4 }
pause_sigma = 0.8
[selector]
in_flight = 3000
[coordination]
policy = { kind = "majority", size = 4 }
"""


@pytest.mark.slow
def test_a_campaigns_log_tells_what_its_people_are_made_of(tmp_path):
    summary = run(Scenario.model_validate(tomllib.loads(CAMPAIGN)), logs=tmp_path)
    lines = [line for line in lines_of(tmp_path / summary.log) if line.get("kind") == "answer-submitted"]
    person = np.array([int(line["from"].removeprefix("crowd-")) - 1 for line in lines])
    item = np.array([line["body"]["item"] for line in lines])
    start, end = (np.array(times) / 1e6 for times in zip(*((line["body"]["began"], line["t"]) for line in lines), strict=True))
    order = np.lexsort((start, person))
    position = np.empty(len(person), np.intp)
    position[order] = np.concatenate([np.arange(count) for count in np.bincount(person)])

    times = fit_work_times(person, item, end - start, PEOPLE, 6000, np.random.default_rng(1), position=position)
    assert times is not None
    assert times.typical == pytest.approx(20, rel=4 * 0.6 / np.sqrt(PEOPLE))
    assert times.spread == pytest.approx(0.6, abs=4 * 0.6 / np.sqrt(2 * PEOPLE))
    assert times.items == pytest.approx(np.hypot(0.2, 0.1), rel=0.1)
    assert times.practice == pytest.approx(0.1, abs=0.02)
    assert np.exp(times.mixed.factor) == pytest.approx(6, rel=0.2)
    assert times.mixed.proportion > 0.8
    assert times.distance < 0.02
    assert times.within[0].name == "work-time"

    sessions = fit_sessions(person, start, end, PEOPLE, np.random.default_rng(1))
    assert sessions is not None
    assert sessions.answers_typical == pytest.approx(12, rel=4 * 0.6 / np.sqrt(PEOPLE))
    assert sessions.answers_sigma == pytest.approx(0.9, rel=0.1)
    assert sessions.pause_typical == pytest.approx(6 * 3600, rel=4 * 0.5 / np.sqrt(PEOPLE))
    assert sessions.pause_sigma == pytest.approx(0.8, rel=0.1)
    assert sessions.distance_of_answers < 0.08
