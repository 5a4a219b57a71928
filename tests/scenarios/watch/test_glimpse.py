"""What is read of a campaign while it runs."""

import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from scenarios.campaign import Campaign
from scenarios.loading import load
from scenarios.run import Origin, run
from scenarios.watch.glimpse import TRIES, Glimpse, glimpse_of, steady
from tests.scenarios.campaigns import CHOOSING, FAULTS, LABELLING, LEARNING, NEGOTIATION, REVISIONS, run_logged, write
from tests.scenarios.watch.seen import watched

COMING_AND_GOING = LABELLING.replace(
    "price = 0.05", 'price = 0.05\navailability = [{ kind = "sessions", time = "1m", pause = "2m", pause_sigma = 0.5 }]'
)
MOMENTS = (1, 40, 90, 120)


@pytest.mark.parametrize("text", [LABELLING, LEARNING, LABELLING + FAULTS, NEGOTIATION, REVISIONS, CHOOSING])
def test_the_last_glimpse_says_what_the_summary_says(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (*_, last), summary = watched(text, tmp_path, monkeypatch, ())
    assert (last.labels, last.answers, last.given_up) == (summary.labels, summary.answers, summary.given_up)
    assert (last.seconds, last.events, last.revised) == (summary.simulated_seconds, summary.events, summary.revised)
    assert last.faults == sum(summary.faults.values())
    assert last.money.committed == summary.cost
    assert [point.accuracy for point in last.curve] == [point.accuracy for point in summary.curve]
    assert [(each.name, each.answers, each.busy) for each in last.annotators] == [
        (each.name, each.answers, each.busy) for each in summary.annotators
    ]
    assert (last.version, last.training) == (len(summary.curve), False)
    assert [each.rule for each in last.advised] == [each.rule for each in summary.advised]


@pytest.mark.parametrize("text", [LABELLING, LEARNING, LABELLING + FAULTS, NEGOTIATION, COMING_AND_GOING])
def test_glimpses_add_up_at_every_moment(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, _ = watched(text, tmp_path, monkeypatch, MOMENTS)
    assert len(glimpses) == len(MOMENTS) + 1
    for each in glimpses:
        assert each.answers == sum(person.answers for person in each.annotators)
        tasks = sum(1 + person.more for person in each.annotators if person.item is not None)
        assert tasks == each.queues.tasks + each.queues.overdue
        assert all(person.item is not None for person in each.annotators if person.doing == "at work")
        assert all(person.item is None for person in each.annotators if person.doing == "free")
        assert 0 <= each.labels <= each.wanted
    assert [each.events for each in glimpses] == sorted(each.events for each in glimpses)


def everything_done(glimpses: list[Glimpse]) -> set[str]:
    return {person.doing for each in glimpses for person in each.annotators}


def test_it_is_seen_who_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, _ = watched(LABELLING + FAULTS, tmp_path, monkeypatch, range(1, 200, 3))
    assert "down" in everything_done(glimpses)


def test_it_is_seen_who_is_blocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, _ = watched(REVISIONS, tmp_path, monkeypatch, ())
    assert {person.name for person in glimpses[-1].annotators if person.doing == "blocked"} == {"guesser-1"}


def test_it_is_seen_who_is_not_there_and_until_when(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, _ = watched(COMING_AND_GOING, tmp_path, monkeypatch, range(20, 300, 5))
    absent = [(each.seconds, person.back) for each in glimpses for person in each.annotators if person.doing == "not there"]
    assert any(back is not None and back > now for now, back in absent)


def test_it_is_seen_in_which_round_somebody_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    glimpses, _ = watched(NEGOTIATION, tmp_path, monkeypatch, range(20, 300, 5))
    assert {person.turn for each in glimpses for person in each.annotators} == {0, 1, 2}


def test_what_changes_while_it_is_read_is_read_again() -> None:
    tries = []

    def read() -> str:
        tries.append(0)
        if len(tries) < TRIES:
            raise RuntimeError("dictionary changed size during iteration")
        return "read"

    assert steady(read, "otherwise") == "read"


def test_what_never_holds_still_is_left_out() -> None:
    table = {0: 0}

    def read() -> list[int]:
        return [table.setdefault(key + 1, key) for key in table]

    assert steady(read, [-1]) == [-1]


@pytest.mark.parametrize("text", [LABELLING + FAULTS, NEGOTIATION, LEARNING])
def test_a_run_that_is_looked_at_all_the_time_is_the_run_that_nobody_looks_at(text: str, tmp_path: Path) -> None:
    scenario = load(write(tmp_path, text.replace("items = 60", "items = 300"))).scenario
    _, alone = run_logged(scenario, tmp_path / "alone")
    failures: list[BaseException] = []
    looks, over, campaigns = [0], Event(), list[Campaign]()

    def look() -> None:
        while not over.is_set():
            try:
                for campaign in campaigns:
                    glimpse_of(campaign)
                    looks[0] += 1
            except BaseException as failure:
                failures.append(failure)
                return

    thread, interval = Thread(target=look), sys.getswitchinterval()
    # Threads take turns at every turn, as it were.
    sys.setswitchinterval(1e-5)
    thread.start()
    try:
        summary = run(scenario, tmp_path / "seen", origin=Origin(tmp_path), on_start=campaigns.append)
    finally:
        over.set()
        thread.join()
        sys.setswitchinterval(interval)
    assert not failures
    assert looks[0] > 1
    assert summary.log is not None
    assert Path(summary.log).read_bytes() == alone.read_bytes()
