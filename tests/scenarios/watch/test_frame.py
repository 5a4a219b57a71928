"""What the live view shows."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from scenarios.watch.frame import Frame, frame_of
from scenarios.watch.glimpse import Glimpse, Money
from scenarios.watch.news import News
from tests.scenarios.campaigns import CHOOSING, COUNCIL, FAULTS, LABELLING, LEARNING, NEGOTIATION, REVISIONS, TENDERS
from tests.scenarios.watch.seen import watched

SIZES = [(120, 40), (80, 24), (200, 60), (60, 30), (44, 14), (20, 5), (1, 1)]
MANY = LABELLING.replace("count = 5", "count = 200").replace("items = 60", "items = 300").replace('lease = "60s"', "")
UNLIMITED = NEGOTIATION
LIMITED = LABELLING + '[stop]\nbudget = 4.0\ntime = "20m"\nlabels = 50\n'


def shown(frame: Frame, width: int, height: int) -> str:
    """Return what a terminal that knows no colours shows."""
    console = Console(file=StringIO(), width=width, height=height, color_system=None, force_terminal=False)
    console.print(frame, end="")
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def seen(text: str, folder: Path, patch: pytest.MonkeyPatch, *moments: int) -> tuple[list[Glimpse], News]:
    glimpses, _ = watched(text, folder, patch, moments)
    news = News()
    for each in glimpses:
        news.take(each)
    return glimpses, news


def drawn(glimpse: Glimpse, news: News, width: int = 120, height: int = 40) -> str:
    return shown(frame_of(glimpse, news.history, [*news.lines], width, height), width, height)


@pytest.mark.parametrize(
    "text", [LABELLING, LEARNING, LABELLING + FAULTS, NEGOTIATION, REVISIONS, CHOOSING, COUNCIL, TENDERS, MANY]
)
def test_a_frame_fits_every_terminal_at_every_moment(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(text, tmp_path, monkeypatch, 1, 20, 60, 90, 120, 400)
    for glimpse in glimpses:
        for width, height in SIZES:
            frame = frame_of(glimpse, news.history, [*news.lines], width, height)
            assert len(frame.lines) <= height
            assert max(line.cell_len for line in frame.lines) <= width
            assert shown(frame, width, height).count("\n") == len(frame.lines)


def test_it_is_seen_how_far_it_is_to_each_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (glimpse, *_), news = seen(LIMITED, tmp_path, monkeypatch, 200)
    glimpse = glimpse._replace(money=Money(1.0, 0.5, 4.0), labels=10, wanted=50, seconds=300.0, time=1200.0)
    _, labels, money, time, *_ = drawn(glimpse, news).splitlines()
    assert labels.split() == ["labels", "█" * 8 + "░" * 32, "10", "of", "50"]
    assert money.split(maxsplit=2) == ["money", "█" * 10 + "▒" * 5 + "░" * 25, "1.00 spent, 0.50 reserved, 2.50 left"]
    assert time.split(maxsplit=2) == ["time", "█" * 10 + "░" * 30, "5m of 20m"]


def test_without_a_budget_there_is_no_way_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(LABELLING, tmp_path, monkeypatch, 200)
    _, _, money, time, *_ = drawn(glimpses[0], news).splitlines()
    assert "█" not in money + time
    assert "░" not in money + time


def test_the_learning_curve_is_drawn_with_what_the_model_scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(LEARNING, tmp_path, monkeypatch)
    text = drawn(glimpses[-1], news)
    assert f"model {glimpses[-1].version}, accuracy {glimpses[-1].curve[-1].accuracy:.4f}" in text
    assert "accuracy on held-out items" in text
    assert f"{glimpses[-1].curve[-1].labels} labels" in text


def test_before_the_first_model_there_is_no_curve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(LEARNING, tmp_path, monkeypatch, 1)
    assert "no curve yet" in drawn(glimpses[0], news)


def test_without_a_learner_labels_are_drawn_over_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(LABELLING, tmp_path, monkeypatch, 50, 100, 150, 200)
    text = drawn(glimpses[-1], news)
    assert "labels over time" in text
    assert "items that have a label" in text


def test_of_many_the_busiest_are_shown_and_the_others_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(MANY, tmp_path, monkeypatch, 1500)
    glimpse = glimpses[0]
    lines = drawn(glimpse, news, 80, 24).splitlines()
    rows = [line for line in lines if line.startswith("crowd-")]
    rest = next(line for line in lines if line.startswith("and "))
    busiest = sorted((each.answers for each in glimpse.annotators), reverse=True)[: len(rows)]
    assert [int(row.split(" answer")[0].split()[-1]) for row in rows] == busiest
    assert rest == f"and {200 - len(rows)} more: {glimpse.answers - sum(busiest)} answers"
    assert any(line.startswith("── 200 annotators: ") for line in lines)


def test_few_stand_in_the_order_of_the_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(LABELLING, tmp_path, monkeypatch, 200)
    names = [line.split()[0] for line in drawn(glimpses[0], news).splitlines() if line.startswith("crowd-")]
    assert names == [f"crowd-{number}" for number in range(1, 6)]


def test_what_people_are_called_and_asked_moves_no_cursor_and_is_no_style(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(LABELLING, tmp_path, monkeypatch, 200)
    glimpse, bad = glimpses[0], "[red]\x1b[2J\r\x07\u202eevil[/]"
    people = [each._replace(name=bad, item=bad, doing="at work") for each in glimpse.annotators]
    queues = glimpse.queues._replace(inboxes={bad: (1, 2)})
    hostile = glimpse._replace(name=bad, annotators=people, queues=queues)
    news.take(hostile._replace(annotators=[each._replace(doing="blocked") for each in people]))
    news.say(bad)
    text = drawn(hostile, news)
    assert not set(text) & set("\x1b\r\x07\u202e")
    assert text.count("[red]") >= 5


def test_names_in_wide_letters_take_the_room_that_they_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(LABELLING.replace('name = "crowd"', 'name = "標註者標註者標註者標註者"'), tmp_path, monkeypatch, 200)
    for width, height in SIZES:
        frame = frame_of(glimpses[0], news.history, [*news.lines], width, height)
        assert max(line.cell_len for line in frame.lines) <= width


def test_news_tell_of_models_as_they_are_evaluated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, news = seen(LEARNING, tmp_path, monkeypatch, 1)
    assert len(news.lines) == len(glimpses[-1].curve)
    assert news.lines[-1].split(": ", 1)[1].startswith(f"model {glimpses[-1].version}, on ")


def test_news_tell_who_was_blocked_and_what_rules_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, news = seen(REVISIONS, tmp_path, monkeypatch, 1)
    assert any(line.endswith("guesser-1 blocked") for line in news.lines)
    (*_, last), news = seen(CHOOSING, tmp_path, monkeypatch, 1)
    assert sum("says that it is time to stop" in line for line in news.lines) == len(last.advised) > 0


def test_while_the_past_is_repeated_nothing_is_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, _ = watched(LEARNING, tmp_path, monkeypatch, [1])
    news = News()
    for each in glimpses:
        news.take(each._replace(recorded=10_000))
    assert not news.lines
    assert "repeating the past" in drawn(glimpses[0]._replace(recorded=10_000), news)


def test_however_long_a_run_is_its_history_stays_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, _ = watched(LABELLING, tmp_path, monkeypatch, [200])
    news = News()
    for second in range(5000):
        news.take(glimpses[0]._replace(seconds=float(second), labels=second // 100))
    assert len(news.history) <= 256
    assert news.history[0] == (0.0, 0)
    assert news.history[-1] == (4999.0, 49)
    assert news.history == sorted(news.history)
