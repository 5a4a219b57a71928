"""What learners are taught and how their versions follow, from the file to the log, whatever goes wrong."""

import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from agents.component import Trust
from agents.items import Items
from scenarios.errors import BadInput
from scenarios.learners import LearnerTable, refuse_unlearnable
from scenarios.loading import load, make
from scenarios.run import Origin, prepare, run
from tests.agents.samples import band
from tests.scenarios.audit import audit
from tests.scenarios.campaigns import LEARNING, REVISIONS, events, run_logged, write
from tests.scenarios.fuzz import COMMANDS, parley
from tests.scenarios.striking import LEARNING as LEARNS
from tests.scenarios.striking import PEOPLE, SERVICES
from tests.scenarios.test_faults import crashes, happened, tables

LEARNERS = [
    'lesson = "votes"',
    'lesson = { kind = "votes", weigh = "answer" }\nestimator = { kind = "naive-bayes", distribution = "gaussian" }',
    'lesson = { kind = "soft", method = "dawid-skene" }\ntraining = "warm-start"',
    'lesson = { kind = "corrected", rounds = 1, folds = 2 }',
    'estimator = "sgd"\ntraining = "incremental"',
    'lesson = "soft"\nestimator = { kind = "naive-bayes", distribution = "gaussian" }\ntraining = "incremental"',
    'estimator = { kind = "calibrated", of = "linear-svm", folds = 2 }',
    'lesson = "soft"\ncommittee = [{ count = 2 }, { estimator = { kind = "random-forest", trees = 5 }, bag = false }]',
    'estimator = { kind = "committee", members = ["k-nearest", { kind = "pipeline", steps = ["standardise"], of = "sgd" }] }',
]
EACH = pytest.mark.parametrize("learner", LEARNERS)


def text(learner: str, campaign: str = LEARNING) -> str:
    return campaign.replace("[learner]\n", f"[learner]\n{learner}\n")


@EACH
def test_a_campaign_is_run_verified_and_resumed(learner: str, tmp_path: Path) -> None:
    summary, log = run_logged(load(write(tmp_path, text(learner))).scenario, tmp_path)
    assert summary.labels == 25
    assert parley("verify", log).exit_code == 0
    whole = log.read_bytes()
    lines = whole.splitlines(keepends=True)
    log.write_bytes(b"".join(lines[: int(len(lines) * 0.6)]))
    assert parley("resume", log).exit_code == 0
    assert log.read_bytes() == whole


@EACH
def test_answers_are_said_where_a_lesson_goes_by_them(learner: str, tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, text(learner))).scenario, tmp_path)
    kinds = [event["kind"] for event in events(log)]
    assert kinds.count("answers-counted") == ("lesson" in learner) * kinds.count("item-resolved")
    for event, after in zip(events(log), events(log)[1:], strict=False):
        if event["kind"] == "answers-counted":
            assert (after["kind"], after["body"]["item"]) == ("item-resolved", event["body"]["item"])


def test_learning_what_is_new_alone_comes_to_the_same_in_a_whole_campaign(tmp_path: Path) -> None:
    incremental = load(write(tmp_path, text(LEARNERS[5], REVISIONS))).scenario
    anew = load(write(tmp_path, text(LEARNERS[5].replace("incremental", "anew"), REVISIONS))).scenario
    one, other = run(incremental, logs=None), run(anew, logs=None)
    assert one.accuracy == other.accuracy
    assert one.curve and [point.log_loss for point in one.curve] == pytest.approx(
        [point.log_loss for point in other.curve], rel=1e-6
    )


@EACH
def test_revised_labels_and_void_answers_are_learned(learner: str, tmp_path: Path) -> None:
    scenario = load(write(tmp_path, text(learner, REVISIONS))).scenario
    summary, log = run_logged(scenario, tmp_path)
    assert summary.revised > 0
    trained = [event for event in events(log) if event["kind"] == "model-published"]
    assert trained[-1]["body"]["labels"] == 46
    assert summary.accuracy is not None and summary.accuracy > 0.5
    assert parley("verify", log).exit_code == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_reads_logs_reads_it(command: str, tmp_path: Path) -> None:
    _, log = run_logged(load(write(tmp_path, text(LEARNERS[2]))).scenario, tmp_path)
    if command == "resume":
        log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    result = parley(command, log)
    assert (result.exit_code, result.stderr) == (0, "")


@given(
    crashes(["learner", *SERVICES, *PEOPLE]),
    st.sampled_from([{"lesson": "votes"}, {"lesson": "soft"}, {"estimator": "sgd", "training": "incremental"}]),
    st.sampled_from([0.0, 0.1]),
    st.integers(0, 99),
)
@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_whoever_goes_down_the_campaign_passes_the_audit(
    falls: list[dict[str, Any]], learner: dict[str, Any], drop: float, seed: int
) -> None:
    links = [{"sender": "coordinator", "recipient": "learner", "drop": drop}] if drop else []
    faulty = {**LEARNS, "learner": {**LEARNS["learner"], **learner}}
    campaign, log, summary = happened({**tables({"retry": 30, "crashes": falls, "links": links}, **faulty), "seed": seed})
    audit(campaign, log)
    assert summary.labels == 6


FLIPPED = """
name = "flipped"
[data]
source = "synthetic"
items = 700
features = 8
separation = 1.5
test_fraction = 0.6
seed_labels = 0
[learner]
retrain_every = 500
[[annotators]]
name = "careful"
count = 2
noise = { kind = "one-coin", accuracy = 0.9 }
latency = { kind = "fixed", time = 10 }
[[annotators]]
name = "contrary"
noise = { kind = "one-coin", accuracy = 0.2 }
latency = { kind = "fixed", time = 10 }
[coordination]
policy = { kind = "majority", size = 1 }
[stop]
labels = 150
"""


FLIPPED_TABLES = tomllib.loads(FLIPPED)


@pytest.mark.slow
def test_the_model_that_corrects_its_labels_beats_the_one_that_believes_them_where_one_person_says_the_contrary() -> None:
    gains = []
    for seed in range(8):
        scores = []
        for lesson in ("labels", "corrected"):
            scenario = make(FLIPPED_TABLES | {"seed": seed, "learner": {"retrain_every": 500, "lesson": lesson}}, "x", {}, Trust())
            accuracy = run(scenario, logs=None).accuracy
            assert accuracy is not None
            scores.append(accuracy)
        gains.append(scores[1] - scores[0])
    assert np.mean(gains) > band(float(np.std(gains, ddof=1)), len(gains))
    assert np.mean(gains) > 0.03


def test_an_in_process_committee_votes_for_strategies_of_committees(tmp_path: Path) -> None:
    committee = 'estimator = { kind = "committee", members = ["logistic-regression", "k-nearest"], count = 2 }'
    by_votes = text(committee).replace('kind = "margin"', 'kind = "vote-entropy"')
    summary, log = run_logged(load(write(tmp_path, by_votes)).scenario, tmp_path)
    assert summary.labels == 25
    assert any(event["body"]["score"] > 0 for event in events(log) if event["kind"] == "item-requested")
    alone = text('estimator = { kind = "calibrated", of = "random-forest" }').replace('kind = "margin"', 'kind = "vote-entropy"')
    with pytest.raises(BadInput, match=r"needs a committee, but learner\.estimator 'calibrated random-forest' is none"):
        load(write(tmp_path, alone))


# What cannot be


@pytest.mark.parametrize(
    ("learner", "said"),
    [
        (
            {"lesson": "soft", "estimator": "k-nearest"},
            "and learner.estimator 'k-nearest' takes no sample_weight",
        ),
        ({"lesson": "soft", "estimator": {"kind": "calibrated", "of": "sgd"}}, "teaches an item several times"),
        ({"lesson": {"kind": "votes", "weigh": "answer"}, "estimator": "k-nearest"}, None),
        ({"lesson": "corected"}, "did you mean 'corrected'"),
        ({"lesson": {"kind": "corrected", "folds": 0}}, "folds"),
        ({"training": "warm"}, "warm-start"),
        ({"training": "incremental"}, "learner.estimator 'logistic-regression' cannot learn from what is new alone"),
        ({"training": "warm-start", "estimator": "random-forest"}, "would add no trees"),
        ({"training": "incremental", "estimator": "sgd", "lesson": "corrected"}, "each label changes what the others teach"),
        ({"lesson": "votes", "committee": [{}]}, None),
        ({"lesson": "soft", "committee": [{}, {"estimator": "k-nearest"}]}, "learner.committee.1.estimator 'k-nearest' takes no"),
        ({"training": "warm-start", "committee": [{}]}, "members of a committee train anew"),
        ({"estimator": "naive-bayes"}, "learner.estimator 'naive-bayes' takes no negative features; set data.standardise"),
        ({"committee": [{}, {"estimator": "naive-bayes"}]}, "learner.committee.1.estimator 'naive-bayes' takes no negative"),
        ({"estimator": {"kind": "naive-bayes", "distribution": "gaussian"}}, None),
    ],
    ids=str,
)
def test_what_cannot_be_learned_is_refused_before_the_campaign(learner: dict[str, Any], said: str | None) -> None:
    def made() -> object:
        scenario = {"name": "x", "data": {"source": "iris"}, "learner": learner, "annotators": [{"name": "w"}]}
        return prepare(make(scenario, "x", {}, Trust()), Origin())

    if said is None:
        assert made()
        return
    with pytest.raises(BadInput) as caught:
        made()
    assert said in str(caught.value)


def test_sparse_features_are_refused_by_who_cannot_take_them() -> None:
    scenario = make({"name": "x", "data": {"source": "iris"}, "learner": {}, "annotators": [{"name": "w"}]}, "x", {}, Trust())
    _, world, _ = prepare(scenario, Origin())
    sparse = world._replace(items=Items(world.items.ids, csr_matrix(np.abs(world.items.features))))
    for estimator in ("naive-bayes", "linear-svm", {"kind": "calibrated", "of": "sgd"}):
        refuse_unlearnable(LearnerTable.model_validate({"estimator": estimator}), sparse)
    bayes = {"estimator": "sklearn.naive_bayes.GaussianNB"}
    for where in (bayes, {"committee": [bayes]}):
        with pytest.raises(BadInput, match=r"estimator 'sklearn\.naive_bayes\.GaussianNB' takes no sparse features"):
            refuse_unlearnable(LearnerTable.model_validate(where), sparse)
