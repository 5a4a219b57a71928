"""How verdicts are ranked and told."""

import numpy as np
import pytest

from agents.component import Unusable
from agents.inference.agreement import agreement_of
from agents.inference.answers import table_of
from agents.inference.inference import Inference, Inferred
from agents.items import UNKNOWN
from scenarios.aggregation.problem import Problem
from scenarios.aggregation.verdict import judge, ranked, record

TABLE = table_of(range(4), ["ann"] * 4, ["a", "b", "a", "b"])
TRUTH = np.array([0, 1, 1, UNKNOWN])


class Says(Inference):
    """Says what it is told to say."""

    kind = "says"
    labels: tuple[int, ...]

    def infer(self, table, start=None):
        if not self.labels:
            raise Unusable("there is nothing to say")
        return Inferred(table, np.eye(2)[list(self.labels)])


def clock():
    clock.now += 1.5
    return clock.now


clock.now = 0.0
RIGHT, HALF, WRONG, MUTE = Says(labels=(0, 1, 1, 0)), Says(labels=(0, 1, 0, 0)), Says(labels=(1, 0, 0, 0)), Says(labels=())


def verdicts(truth, *methods):
    return [judge(Problem(TABLE, truth), method, 0, clock) for method in methods]


def test_the_best_by_truth_comes_first_and_who_cannot_be_used_last():
    found = ranked(verdicts(TRUTH, MUTE, WRONG, RIGHT, HALF))
    assert [each.method for each in found] == [RIGHT, HALF, WRONG, MUTE]
    assert [each.score and each.score.accuracy for each in found] == [1.0, pytest.approx(2 / 3), 0.0, None]


def test_without_truth_comes_first_who_labels_most_items_as_the_others_do():
    found = ranked(verdicts(np.full(4, UNKNOWN), WRONG, RIGHT, HALF))
    assert [each.method for each in found] == [HALF, RIGHT, WRONG]
    assert [each.company for each in found] == pytest.approx([(3 + 2) / 8, (3 + 1) / 8, (1 + 2) / 8])


def test_who_is_as_good_stays_in_order():
    assert [each.method for each in ranked(verdicts(TRUTH, RIGHT, RIGHT))] == [RIGHT, RIGHT]
    (alone,) = ranked(verdicts(np.full(4, UNKNOWN), RIGHT))
    assert alone.company is None


def test_a_record_tells_what_was_judged_and_how_long_it_took():
    problem = Problem(TABLE, TRUTH, declined=2)
    (verdict,) = verdicts(TRUTH, HALF)
    told = record(problem, verdict, agreement_of(TABLE))
    assert (told["seconds"], told["judged"], told["declined"], told["items"], told["workers"]) == (1.5, 3, 2, 4, 1)
    assert told["accuracy"] == pytest.approx(2 / 3)
    assert told["calibration"] == pytest.approx(1 / 3)
    assert told["brier"] == pytest.approx(2 / 3)
    assert told["log_loss"] == pytest.approx(-np.log(np.finfo(float).eps) / 3)
    assert (told["alpha"], told["log_likelihood"], told["reason"]) == (None, None, None)


def test_who_cannot_be_used_says_why_and_tells_nothing_else():
    (verdict,) = verdicts(TRUTH, MUTE)
    told = record(Problem(TABLE, TRUTH), verdict, agreement_of(TABLE))
    assert told["reason"] == "there is nothing to say"
    assert told["accuracy"] is told["seconds"] is told["iterations"] is None
