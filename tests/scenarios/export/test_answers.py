"""The answers of a log, and what became of each."""

from pathlib import Path

import pytest

from bus.replay import CorruptLog, LogReader
from scenarios.export.answers import Answer, answers
from scenarios.loading import load
from tests.scenarios.campaigns import LABELLING, LEARNING, events, run_logged, write
from tests.scenarios.export.story import Story

GOLDEN = Path(__file__).parents[2] / "golden"
EARLY = LABELLING.replace("size = 3 }", "size = 3, early = true }")


def told(story: Story, folder: Path, times: str | None = None) -> list[tuple[str, str | int | None, str]]:
    found = answers(LogReader(story.written(folder, times=times)), everything=True)
    return [(answer.annotator, answer.label, answer.status) for answer in found]


@pytest.mark.parametrize("text", [EARLY, LEARNING], ids=["labelling", "learning"])
def test_those_that_counted_are_those_of_the_summary(text: str, tmp_path: Path) -> None:
    summary, log = run_logged(load(write(tmp_path, text), {}).scenario, tmp_path)
    found = [*answers(LogReader(log))]
    assert len(found) == summary.answers > 0
    for work in summary.annotators:
        theirs = [answer for answer in found if answer.annotator == work.name]
        assert len(theirs) == work.answers
        assert sum(answer.duration or 0 for answer in theirs) == pytest.approx(work.busy * summary.simulated_seconds * 1e6)


def test_all_answers_are_there_once_in_the_order_in_which_they_came(tmp_path: Path) -> None:
    summary, log = run_logged(load(write(tmp_path, EARLY), {}).scenario, tmp_path)
    found = [*answers(LogReader(log), everything=True)]
    assert [answer.seq for answer in found] == [event["seq"] for event in events(log) if event["kind"] == "answer-submitted"]
    assert sum(answer.status == "late" for answer in found) == summary.late > 0
    assert {answer.status for answer in found} == {"counted", "late"}


def test_an_old_log_tells_them_too() -> None:
    found = [*answers(LogReader(GOLDEN / "v1-labelling.jsonl"), everything=True)]
    assert [sum(answer.status == status for answer in found) for status in ("counted", "late")] == [73, 6]
    assert found[0] == Answer(0, "crowd-2", 2, 0, 7077596, "counted", 12)


def test_an_answer_that_comes_again_is_marked(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.answer("x", "ann", "a", 0, t=5)
    again = story.answer("x", "ann", "b", 0, t=6)
    story.tell("answer-repeated", "coordinator", cause=again, item="x", annotator="ann", attempt=0)
    assert told(story, tmp_path) == [("ann", "a", "counted"), ("ann", "b", "repeated")]


def test_a_message_that_comes_twice_is_one_answer(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    answer = story.answer("x", "ann", "a", 0, t=5)
    story.tell("message-duplicated", "bus", cause=answer, message=answer, to="coordinator")
    story.tell("answer-repeated", "coordinator", cause=answer, item="x", annotator="ann", attempt=0)
    assert told(story, tmp_path) == [("ann", "a", "counted")]


def test_an_answer_that_never_arrives_is_lost(tmp_path: Path) -> None:
    story = Story()
    for item, kind in (("x", "message-dropped"), ("y", "message-lost")):
        story.request(item)
        story.assign(item, f"ann-{item}")
        answer = story.answer(item, f"ann-{item}", "a", 0)
        story.tell(kind, "bus", cause=answer, message=answer, to="coordinator")
    assert told(story, tmp_path) == [("ann-x", "a", "lost"), ("ann-y", "a", "lost")]


def test_an_answer_that_is_delayed_counts_when_it_arrives_and_was_given_when_it_was(tmp_path: Path) -> None:
    story = Story()
    for item in ("x", "y", "z"):
        story.request(item, t=0)
        story.assign(item, item)
    for item in ("x", "y"):
        answer = story.answer(item, item, "a", 1, t=4)
        story.tell("message-delayed", "bus", cause=answer, message=answer, to="coordinator", until=9)
    story.answer("z", "z", "b", 2, t=6)
    story.tell("message-arrived", "bus", t=9, cause=11, message=8, to="coordinator")
    found = [*answers(LogReader(story.written(tmp_path)), everything=True)]
    assert found == [
        Answer("z", "z", "b", 2, 4, "counted", 12),
        Answer("x", "x", "a", 1, 3, "counted", 8),
        Answer("y", "y", "a", 1, 3, "lost", 10),
    ]


def test_a_delayed_answer_that_is_lost_or_late_in_the_end_is_that(tmp_path: Path) -> None:
    story = Story()
    delayed = []
    for item in ("x", "y"):
        story.request(item, t=0)
        story.assign(item, item)
        delayed.append(story.answer(item, item, "a", 0))
        story.tell("message-delayed", "bus", cause=story.last, message=story.last, to="coordinator", until=9)
    story.tell("message-lost", "bus", t=5, cause=delayed[0], message=delayed[0], to="coordinator")
    story.tell("task-expired", "coordinator", t=6, item="y", annotator="y", attempt=0)
    story.tell("message-arrived", "bus", t=9, cause=delayed[1], message=delayed[1], to="coordinator")
    story.tell("answer-late", "coordinator", cause=delayed[1], item="y", annotator="y", attempt=0)
    assert told(story, tmp_path) == [("x", "a", "lost"), ("y", "a", "late")]


def test_a_refusal_has_no_label_and_no_times(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.tell("task-declined", "ann", "coordinator", t=7, item="x", attempt=0)
    log = story.written(tmp_path)
    assert [*answers(LogReader(log), everything=True)] == [Answer("x", "ann", None, None, None, "declined", 4)]
    assert [*answers(LogReader(log))] == []


def test_what_is_said_when_the_campaign_is_over_is_unused(tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.tell("task-cancelled", "coordinator", "ann", t=3, item="x", attempt=0, paid=False)
    story.tell("campaign-ended", "coordinator", stopped_by="time")
    story.answer("x", "ann", "a", 0, t=4)
    assert told(story, tmp_path) == [("ann", "a", "unused")]


@pytest.mark.parametrize(
    ("times", "start", "duration"), [("starts", 2, 3), ("durations", None, 3), ("order", None, None)], ids=lambda value: str(value)
)
def test_times_that_a_file_did_not_tell_are_not_made_up(
    times: str, start: int | None, duration: int | None, tmp_path: Path
) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann", t=2)
    story.answer("x", "ann", "a", 2, t=5)
    (answer,) = answers(LogReader(story.written(tmp_path, times=times)))
    assert (answer.start, answer.duration) == (start, duration)


@pytest.mark.parametrize("body", [{"item": 1.5}, {"item": None}, {"label": True}, {"label": ["a"]}, {"began": "early"}])
def test_an_event_that_makes_no_sense_is_named_by_its_line(body: dict[str, object], tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.answer("x", "ann", "a", 0, t=5)
    story.events[-1]["body"].update(body)
    with pytest.raises(CorruptLog, match=r"story\.jsonl, line 5: "):
        [*answers(LogReader(story.written(tmp_path)))]
