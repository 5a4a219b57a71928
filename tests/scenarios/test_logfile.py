"""Log files: one process writes one, and what may be in its way is told."""

from pathlib import Path

import pytest

from agents.component import Trust
from bus.journal import LogInUse, claim_log
from scenarios.errors import BadInput
from scenarios.loading import load
from scenarios.logfile import environment_file, log_name
from scenarios.run import resume, run
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import LABELLING, run_logged, write


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return load(write(tmp_path, LABELLING)).scenario


def test_a_log_that_is_being_written_is_neither_resumed_nor_run_again(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    before = log.read_bytes()[:5000]
    log.write_bytes(before)
    with claim_log(log):
        with pytest.raises(LogInUse, match="another process is writing this log"):
            resume(log, Trust())
        with pytest.raises(BadInput, match="being run already"):
            run_logged(scenario, tmp_path)
    assert log.read_bytes() == before


def test_a_log_is_claimed_from_its_first_line_to_its_last(scenario: Scenario, tmp_path: Path) -> None:
    refusals = []

    def claim(campaign: object) -> None:
        try:
            claim_log(tmp_path / log_name(scenario.completed())).close()
        except LogInUse:
            refusals.append(campaign)

    run(scenario, tmp_path, on_start=claim)
    log = tmp_path / log_name(scenario.completed())
    log.write_bytes(log.read_bytes()[:5000])
    resume(log, Trust(), on_start=claim)
    assert len(refusals) == 2
    claim_log(log).close()


@pytest.mark.parametrize("left", [0, 1, 7, 60])
def test_a_run_that_broke_off_in_its_first_line_is_run_again_and_not_resumed(scenario: Scenario, left: int, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    whole = log.read_bytes()
    log.write_bytes(whole[:left])
    with pytest.raises(BadInput, match=r"before the first line of its log was whole.*run its scenario again"):
        resume(log, Trust())
    assert log.read_bytes() == whole[:left]
    run_logged(scenario, tmp_path)
    assert log.read_bytes() == whole


@pytest.mark.parametrize("text", ["my notes", "{}", "my notes\n", '{"log":1}\n'])
def test_what_is_something_else_is_not_replaced(scenario: Scenario, text: str, tmp_path: Path) -> None:
    log = tmp_path / log_name(scenario.completed())
    log.write_text(text)
    with pytest.raises(BadInput, match="an unfinished run of this scenario and seed is there"):
        run_logged(scenario, tmp_path)
    assert log.read_text() == text


def test_a_folder_that_cannot_be_written_to_is_told(scenario: Scenario, tmp_path: Path) -> None:
    write(tmp_path, "", "logs")
    with pytest.raises(BadInput, match="the log cannot be written: "):
        run_logged(scenario, tmp_path / "logs")
    with pytest.raises(BadInput, match="the log cannot be written: "):
        run_logged(scenario, tmp_path / "logs" / "deeper")


def test_what_is_beside_a_log_and_cannot_be_written_leaves_the_log_that_was_there(scenario: Scenario, tmp_path: Path) -> None:
    _, log = run_logged(scenario, tmp_path)
    before = log.read_bytes()
    environment_file(log).unlink()
    environment_file(log).mkdir()
    with pytest.raises(BadInput, match=r"env\.json: it cannot be written: Is a directory; run the scenario again"):
        run_logged(scenario, tmp_path)
    assert log.read_bytes() == before
