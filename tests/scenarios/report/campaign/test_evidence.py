"""What a report says of a run agrees with its summary, and with a recount of its events."""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from agents.coordinator.ledger import MILLIONTHS
from scenarios.report.campaign.agreement import pairwise as pairs_of
from scenarios.report.campaign.books import NOBODY
from scenarios.report.campaign.hours import LATE, timetable_of
from scenarios.report.campaign.krippendorff import alphas
from scenarios.report.campaign.negotiation import flips_of
from scenarios.report.campaign.scores import scores_of
from tests.scenarios.campaigns import events
from tests.scenarios.report.campaign.runs import SCENARIOS, evidence, log_of

SEVERAL = ["labelling", "faults", "negotiation", "tenders", "revisions", "crowded"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_counts_are_those_of_the_summary(name: str) -> None:
    found = evidence(name)
    summary, books = found.summary, found.books
    assert len(found.answers("item", "counted", "void", "gold")) == summary.answers
    assert len(found.answers("item", "abstained")) == summary.abstained
    assert int((found.final != NOBODY).sum()) == summary.labels
    assert sum(value * count for value, count in books.staleness.items()) == found.state.staleness
    assert sum(books.earned.values()) == found.state.committed
    assert sum(books.rounds.values()) <= summary.sessions
    assert sum(number * count for number, count in books.rounds.items()) == summary.rounds


@pytest.mark.parametrize("name", SCENARIOS)
def test_labels_are_judged_as_the_evaluator_judged_them(name: str) -> None:
    found = evidence(name)
    assert found.knows_truth
    known = found.final != NOBODY
    assert found.state.judged is not None
    assert found.judged == (found.state.judged.labels, found.state.judged.right)
    assert int((found.final[known] == found.truth[known]).sum()) == found.state.judged.right


@pytest.mark.parametrize("name", SEVERAL)
def test_alpha_ends_at_that_of_the_summary(name: str) -> None:
    found = evidence(name)
    course = alphas(found)
    assert course is not None and found.summary.alpha is not None
    assert course.alpha[-1] == pytest.approx(found.summary.alpha, abs=1e-12)
    assert course.low[-1] < course.alpha[-1] < course.high[-1]
    assert (np.diff(course.items) > 0).all() and (np.diff(course.time) >= 0).all()


@pytest.mark.parametrize("name", SEVERAL)
def test_annotators_have_what_the_summary_says_of_them(name: str) -> None:
    found = evidence(name)
    scores = scores_of(found)
    works = {each.name: each for each in found.summary.annotators}
    assert {*scores.names} == {*works}
    for number, person in enumerate(scores.names):
        assert scores.answers[number] == works[person].answers
        assert scores.late[number] == works[person].late
    assert scores.cost.sum() == pytest.approx(found.summary.cost)


def test_annotators_are_as_right_as_a_recount_has_them() -> None:
    found = evidence("labelling")
    truth = found.actual.labels
    void = {event["cause"] for event in events(log_of("labelling")) if event["kind"] in ("answer-late", "answer-repeated")}
    right, known, seconds = Counter[str](), Counter[str](), defaultdict[str, list[float]](list)
    for event in events(log_of("labelling")):
        if event["kind"] == "answer-submitted" and event["seq"] not in void:
            known[event["from"]] += 1
            right[event["from"]] += event["body"]["label"] == truth[event["body"]["item"]]
            seconds[event["from"]].append((event["t"] - event["body"]["began"]) / 1e6)
    scores = scores_of(found)
    for number, person in enumerate(scores.names):
        assert (scores.right[number], scores.known[number]) == (right[person], known[person])
        assert scores.seconds[number] == pytest.approx(float(np.median(seconds[person])))
        assert scores.low[number] < scores.accuracy[number] < scores.high[number]


def test_who_agrees_with_whom_is_as_a_recount_has_it() -> None:
    found = evidence("labelling")
    void = {event["cause"] for event in events(log_of("labelling")) if event["kind"] in ("answer-late", "answer-repeated")}
    said: dict[str, dict[int, int]] = defaultdict(dict)
    for event in events(log_of("labelling")):
        if event["kind"] == "answer-submitted" and event["seq"] not in void:
            said[event["from"]][event["body"]["item"]] = event["body"]["label"]
    people, both, same = pairs_of(found)
    names = [found.books.people.names[each] for each in people.tolist()]
    for row, one in enumerate(names):
        for column, other in enumerate(names):
            common = said[one].keys() & said[other].keys()
            assert both[row, column] == len(common)
            assert same[row, column] == sum(said[one][item] == said[other][item] for item in common)


def test_minds_changed_as_often_as_the_evaluator_says() -> None:
    found = evidence("negotiation")
    flips = flips_of(found)
    counted = tuple(sum(flips.get(kind, Counter()).values()) for kind in ("right to wrong", "wrong to right", "wrong to wrong"))
    assert counted == tuple(found.state.flips) and sum(counted) > 0


@pytest.mark.parametrize("name", SCENARIOS)
def test_quantities_over_time_are_those_of_a_recount(name: str) -> None:
    found = evidence(name)
    series, end = found.books.series, found.end
    assert series.course("committed", end).last[-1] == found.state.committed
    assert series.course("labels", end).last[-1] == found.summary.labels
    spent = series.course("committed", end).last
    assert all(before <= after for before, after in pairwise(spent.tolist()))
    busy, there = series.course("busy", end), series.course("there", end)
    assert busy.peak.max() <= len(found.books.people.names)
    assert (busy.mean <= busy.peak + 1e-9).all() and there.peak.max() <= len(found.books.people.names)


def test_open_items_over_time_are_as_many_as_a_recount_has() -> None:
    found = evidence("labelling")
    total, count, before = 0, 0, 0
    for event in events(log_of("labelling")):
        if event["t"] <= found.end:
            total += count * (event["t"] - before)
            before = event["t"]
        count += (event["kind"] == "item-requested") - (event["kind"] in ("item-resolved", "item-given-up"))
    course = found.books.series.course("open", found.end)
    assert float((course.mean * np.diff(course.starts)).sum()) == pytest.approx(total)


@pytest.mark.parametrize("name", ["labelling", "faults", "negotiation", "coming-and-going"])
def test_people_work_as_long_on_what_was_accepted_as_the_summary_says(name: str) -> None:
    found = evidence(name)
    table = timetable_of(found)
    for row, person in enumerate(table.people.tolist()):
        mine = (table.row == row) & (table.kind != LATE)
        worked = int((table.end[mine] - table.start[mine]).sum())
        assert worked >= found.state.people[found.books.people.names[person]].worked
    shares = table.shares(found.end, 50)
    until = np.minimum(table.end, found.end) - np.minimum(table.start, found.end)
    assert float(shares.sum()) * found.end / 50 == pytest.approx(float(until.sum()))


def test_nobody_works_when_they_are_away() -> None:
    table = timetable_of(evidence("coming-and-going"))
    assert table.there is not None and len(table.row) > 20
    for row, start, end in zip(table.row.tolist(), table.start.tolist(), table.end.tolist(), strict=True):
        assert any(first <= start and end <= last for first, last in table.there[row])


def test_money_left_is_what_the_budget_leaves() -> None:
    found = evidence("out-of-money")
    assert found.budget == 0.5
    assert found.state.committed <= 0.5 * MILLIONTHS


def test_held_out_items_are_counted_by_the_accuracies_where_the_data_are_not_there() -> None:
    found = evidence("learning")
    assert found.held_out == 45
    alone = replace(found, actual=found.actual._replace(held_out=None))
    assert alone.held_out == 45
