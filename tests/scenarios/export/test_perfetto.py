"""Traces, as the Perfetto viewer reads them."""

import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from bus.replay import LogReader
from scenarios.export.answers import answers
from scenarios.export.perfetto import write_perfetto
from scenarios.export.reading import unwatched
from scenarios.loading import load
from scenarios.summary import Summary
from tests.scenarios.campaigns import LABELLING, LEARNING, events, run_logged, write
from tests.scenarios.export.rambling import STEPS, rambled
from tests.scenarios.export.story import Story
from tests.scenarios.export.viewer import View, view

GOLDEN = Path(__file__).parents[2] / "golden"
EARLY = LABELLING.replace("size = 3 }", "size = 3, early = true }").replace("count = 5", "count = 11")
FAULTS = """
[faults]
drop = 0.05
duplicate = 0.05
delay = 0.05
reorder = 0.05
retry = "40s"
crashes = [
    { agent = "crowd-1", at = "100s", down = "60s" },
    { agent = "crowd-2", at = "120s" },
    { agent = "coordinator", at = "200s", down = "30s" },
]
"""
SECOND = 10**9


def viewed(log: Path) -> View:
    trace = log.with_suffix(".json")
    with trace.open("wb") as file:
        assert write_perfetto(LogReader(log), file, unwatched) == len(events(log))
    return view(trace)


def ran(text: str, folder: Path) -> tuple[Summary, Path, View]:
    summary, log = run_logged(load(write(folder, text), {}).scenario, folder)
    return summary, log, viewed(log)


def told(story: Story, folder: Path, times: str | None = None) -> View:
    return viewed(story.written(folder, finished=False, times=times))


def places(found: View, track: str) -> list[tuple[str, str, int, int]]:
    """What an annotator does, in microseconds, as a person sees it."""
    return [
        (each.name, each.category, round(each.start / 1000), round(each.end / 1000))
        for each in found.on(track)
        if each.category != "message"
    ]


@pytest.mark.parametrize("name", ["v1-labelling", "v1-learning"])
def test_old_logs_are_traces_too(name: str, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes((GOLDEN / f"{name}.jsonl").read_bytes())
    assert viewed(log).slices


def test_services_stand_above_annotators_and_these_in_natural_order(tmp_path: Path) -> None:
    _, _, found = ran(EARLY, tmp_path)
    assert found.tracks == ["campaign", "selector", "coordinator", "evaluator", *(f"crowd-{number}" for number in range(1, 12))]


def test_every_task_is_a_slice_that_says_how_it_ended(tmp_path: Path) -> None:
    summary, log, found = ran(EARLY, tmp_path)
    kinds = Counter(event["kind"] for event in events(log))
    categories = Counter(each.category for each in found.slices)
    assert categories["work"] == summary.answers
    assert categories["late"] == summary.late > 0
    assert categories["expired"] >= summary.late
    assert categories["cancelled"] == kinds["task-cancelled"] > 0


def test_work_lasts_as_long_as_it_did_to_the_microsecond(tmp_path: Path) -> None:
    _, log, found = ran(EARLY, tmp_path)
    answers = {event["seq"]: event for event in events(log) if event["kind"] == "answer-submitted"}
    work = [each for each in found.slices if each.category in ("work", "late")]
    assert len(work) == len(answers)
    for each in work:
        event = answers[each.args["seq"]]
        assert (each.track, each.start // 1000, each.end // 1000) == (event["from"], event["body"]["began"], event["t"])
        assert each.name == f"item {event['body']['item']} -> {event['body']['label']}"


@pytest.mark.parametrize("text", [EARLY, LEARNING], ids=["labelling", "learning"])
def test_an_arrow_leads_from_every_cause_to_its_effect(text: str, tmp_path: Path) -> None:
    _, log, found = ran(text, tmp_path)
    recorded = events(log)
    drawn = {(arrow.start.args["seq"], arrow.end.args.get("seq")) for arrow in found.arrows}
    assert drawn >= {(event["cause"], event["seq"]) for event in recorded if event["cause"] is not None}
    for arrow in found.arrows:
        assert arrow.seq == arrow.start.args["seq"]
        assert arrow.start.track == recorded[arrow.seq - 1]["from"]


def test_items_last_from_request_to_label_and_show_their_answers(tmp_path: Path) -> None:
    summary, log, found = ran(EARLY, tmp_path)
    assert len(found.spans) == summary.labels
    by_item = {span.key: span for span in found.spans}
    for event in events(log):
        item = event["body"].get("item")
        if event["kind"] == "item-requested":
            assert by_item[item].start // 1000 == event["t"]
        elif event["kind"] == "item-resolved":
            assert by_item[item].end // 1000 == event["t"]
            assert (by_item[item].name, by_item[item].args["label"]) == (f"item {item}", event["body"]["label"])
    marks = Counter(mark.key for mark in found.marks if ": " in mark.name)
    assert all(marks[span.key] >= span.args["votes"] for span in found.spans)


def test_counters_end_at_what_the_summary_says(tmp_path: Path) -> None:
    summary, _, found = ran(LEARNING.replace("[stop]", "price = 0.05\n[stop]"), tmp_path)
    last = {name: points[-1][1] for name, points in found.counters.items()}
    assert last["items open"] == last["money reserved"] == 0
    assert last["labels resolved"] == summary.labels
    assert last["money committed"] == pytest.approx(summary.cost)
    assert [value for _, value in found.counters["model accuracy"]] == pytest.approx(_changes(summary))


def _changes(summary: Summary) -> list[float]:
    values = [point.accuracy for point in summary.curve]
    return [value for number, value in enumerate(values) if number == 0 or value != values[number - 1]]


def test_trainings_are_slices(tmp_path: Path) -> None:
    summary, _, found = ran(LEARNING, tmp_path)
    trainings = found.on("learner", "training")
    assert [each.args["labels"] for each in trainings] == [point.labels for point in summary.curve]
    assert {round((each.end - each.start) / SECOND, 3) for each in trainings} == {10.0}


def test_a_task_that_waits_behind_another_is_drawn_waiting(tmp_path: Path) -> None:
    story = Story()
    for item in ("x", "y"):
        story.request(item)
        story.assign(item, "ann")
    story.answer("x", "ann", "a", 0, t=40)
    story.answer("y", "ann", "b", 40, t=90)
    found = told(story, tmp_path)
    assert places(found, "ann") == [("item x -> a", "work", 0, 40), ("item y -> b", "work", 40, 90)]
    assert places(found, "ann (2)") == [("waiting", "waiting", 0, 40)]


def test_a_task_that_comes_late_is_waited_for(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.answer("x", "ann", "a", 30, t=90)
    assert places(told(story, tmp_path), "ann") == [("waiting", "waiting", 0, 30), ("item x -> a", "work", 30, 90)]


def test_tasks_that_overlap_stand_side_by_side(tmp_path: Path) -> None:
    story = Story()
    for item in ("x", "y"):
        story.request(item)
    story.assign("x", "ann", t=10)
    story.assign("y", "ann", t=20)
    story.answer("x", "ann", "a", 10, t=50)
    story.answer("y", "ann", "b", 20, t=60)
    found = told(story, tmp_path, times="starts")
    assert places(found, "ann") == [("item x -> a", "work", 10, 50)]
    assert places(found, "ann (2)") == [("item y -> b", "work", 20, 60)]
    assert found.tracks[-2:] == ["ann", "ann (2)"]


def test_what_was_begun_before_it_was_assigned_was_begun_then(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann", t=80)
    story.answer("x", "ann", "a", 20, t=80)
    assert places(told(story, tmp_path, times="starts"), "ann") == [("item x -> a", "work", 20, 80)]


def test_more_lanes_than_are_kept_find_a_place(tmp_path: Path) -> None:
    story = Story()
    for item in range(25):
        story.request(item)
        story.assign(item, "ann")
    story.assign(0, "bob")
    for item in range(25):
        story.answer(item, "ann", "a", 0, t=50 + item)
    found = told(story, tmp_path)
    assert sum(each.category == "work" for each in found.slices) == 25
    assert len([track for track in found.tracks if track.startswith("ann")]) == 25


def test_work_that_took_no_time_is_still_there(tmp_path: Path) -> None:
    story = Story()
    for item in range(50):
        story.request(item, t=3)
        story.assign(item, "ann")
        story.answer(item, "ann", "a", 3)
    found = told(story, tmp_path)
    assert len(found.on("ann", "work")) == 50
    assert found.tracks[-1] == "ann"
    landed = {arrow.end.args["assignment"] for arrow in found.arrows if arrow.end.category == "work"}
    assert landed == {event["seq"] for event in story.events if event["kind"] == "task-assigned"}


def test_what_is_done_after_the_lease_is_set_off(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.tell("task-expired", "coordinator", t=20, item="x", annotator="ann", attempt=0)
    story.answer("x", "ann", "a", 0, t=50)
    found = told(story, tmp_path)
    assert places(found, "ann") == [("item x -> a", "late", 0, 50), ("expired", "expired", 20, 50)]
    assert found.on("ann", "expired")[0].start == 20_000


def test_a_task_that_is_cancelled_while_they_are_at_another_stands_aside(tmp_path: Path) -> None:
    story = Story()
    for item in ("x", "y"):
        story.request(item)
        story.assign(item, "ann")
    story.tell("task-cancelled", "coordinator", "ann", t=20, item="y", attempt=0, paid=False)
    story.answer("x", "ann", "a", 0, t=50)
    found = told(story, tmp_path)
    assert places(found, "ann") == [("item x -> a", "work", 0, 50)]
    assert places(found, "ann (2)") == [("item y cancelled", "cancelled", 0, 20)]


def test_a_task_that_is_given_back_ends_there(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.tell("task-returned", "ann", "coordinator", t=20, item="x", attempt=0)
    assert places(told(story, tmp_path), "ann") == [("item x returned", "returned", 0, 20)]


def test_those_who_come_and_go_are_counted_while_they_are_there(tmp_path: Path) -> None:
    story = Story()
    story.tell("annotator-came", "ann", number=0)
    story.tell("annotator-left", "bob", number=0, until=5)
    story.tell("annotator-came", "bob", t=5, number=1)
    story.tell("annotator-left", "ann", t=9, number=1, until=None)
    assert told(story, tmp_path).counters["people there"] == [(0, 1), (5000, 2), (9000, 1)]


def test_counters_change_when_what_they_count_does(tmp_path: Path) -> None:
    story = Story()
    story.request("x", t=3)
    story.assign("x", "ann")
    story.answer("x", "ann", "a", 3, t=5)
    story.resolve("x", "a", t=50)
    found = told(story, tmp_path)
    assert found.counters["money committed"] == [(0, 0), (3000, 0), (5000, 0.5)]
    assert found.counters["money reserved"] == [(0, 0), (3000, 0.5), (5000, 0)]
    assert found.counters["items open"] == [(0, 0), (3000, 1), (50_000, 0)]


def test_a_person_who_goes_down_is_down_until_they_are_back(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.tell("agent-crashed", "bus", t=20, agent="ann", until=50)
    story.tell("agent-restarted", "bus", t=50, agent="ann")
    story.answer("x", "ann", "a", 60, t=80)
    assert places(told(story, tmp_path), "ann") == [
        ("item x interrupted", "interrupted", 0, 20),
        ("down", "fault", 20, 50),
        ("waiting", "waiting", 50, 60),
        ("item x -> a", "work", 60, 80),
    ]


def test_a_person_who_never_comes_back_is_down_to_the_end_and_at_no_task(tmp_path: Path) -> None:
    story = Story()
    for item in ("x", "y"):
        story.request(item)
    story.assign("x", "ann")
    story.tell("agent-crashed", "bus", t=20, agent="ann", until=None)
    story.tell("task-cancelled", "coordinator", "ann", t=30, item="x", attempt=0, paid=False)
    story.assign("y", "ann", t=40)
    story.tell("annotator-away", "coordinator", t=90, annotator="ann")
    found = told(story, tmp_path)
    assert places(found, "ann") == [("item x interrupted", "interrupted", 0, 20), ("down", "fault", 20, 90)]
    assert found.tracks[-1] == "ann"


def test_a_learner_that_goes_down_breaks_off_its_training(tmp_path: Path) -> None:
    story = Story()
    story.tell("training-started", "learner", t=10, version=1, labels=5)
    story.tell("agent-crashed", "bus", t=20, agent="learner", until=None)
    assert places(told(story, tmp_path), "learner") == [("training 1", "interrupted", 10, 20), ("down", "fault", 20, 20)]


def test_a_fault_of_a_link_is_a_moment_of_who_does_not_get_the_message(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    assigned = story.assign("x", "ann")
    story.tell("message-dropped", "bus", cause=assigned, message=assigned, to="ann")
    found = told(story, tmp_path)
    assert [(each.track, each.name, each.args["message"]) for each in found.instants] == [("ann", "message-dropped", assigned)]
    assert ("coordinator", "bus") in {(arrow.start.track, arrow.end.track) for arrow in found.arrows}


def test_who_works_on_although_their_task_was_cancelled_is_drawn_doing_so(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    cancelled = story.tell("task-cancelled", "coordinator", "ann", t=20, item="x", attempt=0, paid=False)
    story.tell("message-dropped", "bus", cause=cancelled, message=cancelled, to="ann")
    story.answer("x", "ann", "a", 0, t=50)
    assert places(told(story, tmp_path), "ann") == [("item x cancelled", "cancelled", 0, 20), ("item x -> a", "late", 20, 50)]


def test_an_answer_that_is_sent_again_is_a_message_and_no_more_work(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.answer("x", "ann", "a", 0, t=20)
    story.answer("x", "ann", "a", 0, t=70)
    found = told(story, tmp_path)
    assert places(found, "ann") == [("item x -> a", "work", 0, 20)]
    assert [each.name for each in found.on("ann", "message")] == ["answer-submitted"]


def test_kinds_that_came_later_are_moments_of_their_item(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.tell("position-taken", "ann", "coordinator", t=9, item="x", label="a", why="so")
    story.resolve("x", "a", t=20)
    found = told(story, tmp_path)
    assert [(mark.name, mark.args["body"]["why"]) for mark in found.marks if mark.name != "items"] == [("position-taken", "so")]
    assert [each.name for each in found.on("ann")] == ["position-taken"]


def test_what_is_under_way_when_the_log_ends_ends_there(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.tell("training-started", "learner", t=30, version=1, labels=5)
    story.tell("item-requested", "selector", "coordinator", t=40, item="y", version=0, score=0.0)
    found = told(story, tmp_path)
    assert places(found, "ann") == [("item x unfinished", "unfinished", 0, 40)]
    assert places(found, "learner") == [("training 1", "unfinished", 30, 40)]
    assert [span.args["unfinished"] for span in found.spans] == [True, True]


def test_names_and_ids_of_any_kind_are_shown_as_they_are(tmp_path: Path) -> None:
    story = Story()
    odd = 'say "ü"\n\\'
    for item in (odd, 2**70, -5, 5, "5"):
        story.request(item)
    story.assign(odd, "zoë")
    story.answer(odd, "zoë", "<b>", 0, t=9)
    found = told(story, tmp_path)
    assert {span.args["item"] for span in found.spans} == {odd, 2**70, -5, 5, "5"}
    assert found.on("zoë")[0].name == f"item {odd} -> <b>"


def test_annotators_are_sorted_whatever_they_are_called(tmp_path: Path) -> None:
    story = Story()
    names = ["7", "ann", "ann-2", "ann-10", "zoë", "9" * 5000]
    for number, name in enumerate(reversed(names)):
        story.request(number)
        story.assign(number, name)
    found = told(story, tmp_path)
    assert found.tracks == ["campaign", "selector", "coordinator", "7", "9" * 5000, "ann", "ann-2", "ann-10", "zoë"]


def test_about_the_campaign_is_said_what_its_header_says(tmp_path: Path) -> None:
    _, log, _ = ran(LEARNING, tmp_path)
    about = json.loads(log.with_suffix(".json").read_text(encoding="utf-8"))["otherData"]
    assert (about["campaign"], about["seed"], about["finished"]) == ("learning", 3, True)


@pytest.mark.parametrize("seed", range(3))
def test_a_campaign_with_faults_is_a_trace_too(seed: int, tmp_path: Path) -> None:
    summary, log, found = ran(EARLY.replace("seed = 3", f"seed = {seed}") + FAULTS, tmp_path)
    check_that_every_event_is_shown_once(found, len(events(log)))
    assert [each.track for each in found.slices if each.name == "down"] == ["crowd-1", "crowd-2", "coordinator"]
    assert {each.name for each in found.instants} >= {"message-dropped", "message-delayed", "message-arrived", "message-duplicated"}
    counted = [answer for answer in answers(LogReader(log), everything=True) if answer.status == "counted"]
    assert len(counted) == summary.answers


def check_that_every_event_is_shown_once(found: View, count: int) -> None:
    shown = [each.args["seq"] for each in found.slices if each.category in ("message", "work", "late", "declined")]
    assert sorted(shown) == [*range(1, count + 1)]


@settings(deadline=None)
@given(STEPS)
def test_whatever_a_log_tells_is_a_trace(steps: list[tuple[str, int, int]]) -> None:
    story = rambled(steps)
    with TemporaryDirectory() as folder:
        found = told(story, Path(folder))
    check_that_every_event_is_shown_once(found, story.last)


def test_what_members_of_a_session_come_to_hold_is_work_too(tmp_path: Path) -> None:
    talk = LABELLING.replace('kind = "majority", size = 3', 'kind = "negotiation", size = 3, rounds = 2')
    social = 'social = { kind = "conformity", openness = 0.5 }'
    talk = talk.replace("price = 0.05", f"price = 0.05\n{social}").replace('lease = "60s"', "")
    _, log, found = ran(talk, tmp_path)
    kinds = Counter(event["kind"] for event in events(log))
    assert kinds["position-stated"]
    assert len([each for each in found.slices if each.category == "work"]) == kinds["answer-submitted"] + kinds["position-stated"]
