"""Workers on this machine."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.workers.forks import FORKING
from scenarios.workers.local import Local
from scenarios.workers.work import in_order
from tests.scenarios.workers.deeds import Deadly, Process, Square


@given(st.permutations(range(12)))
def test_results_come_in_order_however_they_were_finished(order: list[int]) -> None:
    assert list(in_order((number, number * 7) for number in order)) == [number * 7 for number in range(12)]


def test_results_are_handed_on_as_soon_as_all_before_them_are_there() -> None:
    finished = iter([(1, "b"), (0, "a"), (3, "d"), (2, "c")])
    ordered = in_order(finished)
    assert next(ordered) == "a"
    assert next(ordered) == "b"
    assert next(finished) == (3, "d")


def test_whatever_the_number_of_jobs_each_task_is_done_once() -> None:
    expected = [(number, number * number) for number in range(30)]
    assert list(Local(1).finished(Square(), range(30))) == expected
    assert sorted(Local(2).finished(Square(), range(30))) == expected
    assert list(Local(2).finished(Square(), [])) == []


def test_one_job_is_this_process_and_two_are_others() -> None:
    assert dict(Local(1).finished(Process(), range(2))) == {0: os.getpid(), 1: os.getpid()}
    assert os.getpid() not in dict(Local(2).finished(Process(), range(4))).values()


def test_no_more_tasks_are_taken_than_can_soon_be_begun() -> None:
    taken = []

    def tasks() -> Iterator[int]:
        for number in range(100_000):
            taken.append(number)
            yield number

    finished = Local(2).finished(Square(), tasks())
    for done in range(1, 20):
        next(finished)
        assert len(taken) <= done + 2 * 2 + 1
    finished.close()  # type: ignore[attr-defined]


def test_a_process_that_is_lost_costs_no_task_and_one_that_is_deadly_costs_itself_alone(tmp_path: Path) -> None:
    finished = sorted(Local(2).finished(Deadly(always=5, once=2, folder=tmp_path), range(12)))
    assert finished == [(number, -1 if number == 5 else number * number) for number in range(12)]


@pytest.mark.skipif(not FORKING, reason="nothing is forked here")
@pytest.mark.parametrize("after", [0.0, 0.03, 0.3])
def test_whenever_ctrl_c_comes_what_processes_are_forked_from_ends_without_a_word(after: float) -> None:
    code = f"""if True:
        import os, signal, time
        from multiprocessing import forkserver
        from scenarios.workers.forks import prepare_forks
        prepare_forks()
        deaf = signal.pthread_sigmask(signal.SIG_BLOCK, [])
        time.sleep({after})
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        os.killpg(0, signal.SIGINT)
        print(os.waitpid(forkserver._forkserver._forkserver_pid, 0)[1], deaf)
    """
    # What is deaf to it would never end.
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, start_new_session=True, check=False, timeout=60
    )
    assert (found.stdout.strip(), found.stderr) == (f"{int(signal.SIGINT)} set()", "")
