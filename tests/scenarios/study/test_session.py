"""Sessions at a study: stopped, gone on with, and the same table at the end."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scenarios.cli import app
from scenarios.study.design import read_design
from scenarios.study.record import RECORD, read_results
from scenarios.study.results import Results
from scenarios.study.session import run_study
from scenarios.study.tables import TABLES, write_tables
from scenarios.workers.cluster import cluster_at
from scenarios.workers.local import Local
from tests.scenarios.campaigns import LABELLING, LEARNING, write
from tests.scenarios.study.studies import STRATEGIES, write_strategies
from tests.scenarios.workers.machines import machines


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_strategies(tmp_path)


def tables_of(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}


def command(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["study", *map(str, arguments), "--quiet", "--no-report"])
    assert result.exit_code == code, result.output
    return result.stderr


def test_the_tables_are_the_same_to_the_last_byte_with_one_and_two_jobs_and_on_dask(study: Path, tmp_path: Path) -> None:
    design = read_design(study)
    run_study(design, tmp_path / "one", Local(1))
    run_study(design, tmp_path / "two", Local(2))
    with machines(2) as local, cluster_at(local.scheduler_address) as workers:
        run_study(design, tmp_path / "dask", workers)
    assert tables_of(tmp_path / "one") == tables_of(tmp_path / "two") == tables_of(tmp_path / "dask")
    assert [row["seed"] for row in read_results(tmp_path / "two").rows] == [0, 1, 2, 3] * 4


def test_parquet_holds_what_the_csv_holds(study: Path, tmp_path: Path) -> None:
    import pandas as pd

    results = run_study(read_design(study), tmp_path / "out", Local(1)).results
    for name, count in (("results", 16), ("curves", sum(len(row["curve"]) for row in results.rows))):
        sheet, columns = pd.read_csv(tmp_path / "out" / f"{name}.csv"), pd.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert len(sheet) == len(columns) == count
        assert [*sheet] == [*columns]
        told = [column for column in sheet if sheet[column].notna().all()]
        assert sheet[told].equals(columns[told].astype(sheet[told].dtypes.to_dict()))
    assert json.loads(columns["selector.strategy"].iloc[-1]) == {"kind": "margin"}


@pytest.mark.parametrize("left", [0.0, 0.37, 0.99])
def test_wherever_its_record_is_cut_off_a_study_goes_on_and_ends_in_the_same_tables(
    study: Path, tmp_path: Path, left: float
) -> None:
    design, folder = read_design(study), tmp_path / "out"
    run_study(design, folder, Local(1))
    whole, expected = (folder / RECORD).read_bytes(), tables_of(folder)
    runs = whole[: int(left * len(whole))].count(b'\n{"key"')
    (folder / RECORD).write_bytes(whole[: int(left * len(whole))])
    session = run_study(design, folder, Local(1), resume=True)
    assert tables_of(folder) == expected
    assert runs - 1 <= session.taken_over <= runs


@contextmanager
def under_way(study: Path, folder: Path, seeds: int, jobs: int, lines: int) -> Iterator[subprocess.Popen[str]]:
    """Have a study run in a process of its own, from when its record has so many lines; it is killed at the end, if it is there."""
    code, options = "from scenarios.cli import main; main()", {"--seeds": seeds, "--jobs": jobs, "--out": folder}
    words = [str(word) for option in options.items() for word in option]
    arguments = [sys.executable, "-c", code, "study", str(study), "--quiet", "--no-report", *words]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:
        try:
            while not (folder / RECORD).exists() or (folder / RECORD).read_bytes().count(b"\n") < lines:
                # To look without a pause would take a processor from what is waited for.
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(0.05)
            yield process
        finally:
            process.kill()


@pytest.mark.slow
def test_a_study_that_is_killed_loses_only_the_runs_under_way(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with under_way(study, folder, seeds=8, jobs=2, lines=8):
        pass
    there = (folder / RECORD).read_bytes().count(b'\n{"key"')
    session = run_study(read_design(study, seeds=8), folder, Local(1), resume=True)
    assert session.taken_over >= there - 1
    assert session.taken_over < 32
    run_study(read_design(study, seeds=8), tmp_path / "whole", Local(1))
    assert tables_of(folder) == tables_of(tmp_path / "whole")


@pytest.mark.parametrize(
    ("number", "code", "word"),
    [
        pytest.param(signal.SIGINT, 130, "interrupted", marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, 143, "terminated"),
    ],
)
def test_a_study_that_is_asked_to_end_writes_what_there_is(
    study: Path, tmp_path: Path, number: signal.Signals, code: int, word: str
) -> None:
    folder = tmp_path / "out"
    with under_way(study, folder, seeds=500, jobs=1, lines=5) as process:
        process.send_signal(number)
        told = process.communicate()[1]
    assert process.returncode == code
    assert f"{word} after" in told and "--resume goes on from here" in told
    assert (folder / "results.csv").read_text().count("\n") == len(read_results(folder).rows) + 1 >= 4


@pytest.mark.parametrize(("number", "code", "word"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")])
def test_a_study_that_is_asked_to_end_while_its_page_is_drawn_says_how_to_draw_it(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals, code: int, word: str
) -> None:
    monkeypatch.setattr("scenarios.study.page.write_page", lambda *arguments: signal.raise_signal(number))
    result = CliRunner().invoke(app, ["study", str(study), "--jobs", "1", "--seeds", "1", "--out", str(tmp_path / "out")])
    told = " ".join(result.stderr.split())
    assert result.exit_code == code
    assert f"all runs are done, and stand in the tables; `parley report {tmp_path / 'out'}` draws the page" in told
    assert f"parley: {word}" in told
    assert len(read_results(tmp_path / "out").rows) == 4


def test_a_study_that_is_asked_to_end_while_it_writes_its_tables_writes_them_all_the_same(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, waiting = tmp_path / "out", [signal.SIGTERM]

    def written(results: Results, folder: Path) -> None:
        if waiting:
            signal.raise_signal(waiting.pop())
        write_tables(results, folder)

    monkeypatch.setattr("scenarios.study.session.write_tables", written)
    told = command(study, "--jobs", "1", "--seeds", "1", "--out", folder, code=143)
    assert "terminated after 4 runs; the tables hold these, and --resume goes on from here" in told
    tables = tables_of(folder)
    command(study, "--jobs", "1", "--seeds", "1", "--out", folder, "--resume")
    assert tables_of(folder) == tables


def test_a_study_whose_tables_nobody_waits_for_says_that_nothing_is_lost(
    study: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scenarios.study.session.write_tables", lambda *arguments: signal.raise_signal(signal.SIGINT))
    told = command(study, "--jobs", "1", "--seeds", "1", "--out", tmp_path / "out", code=130)
    assert "the tables are not written; what is finished is in the record, and --resume goes on from there" in told
    assert len(read_results(tmp_path / "out").rows) == 4


def test_a_study_that_was_stopped_before_its_first_run_is_in_nobodys_way(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    command(study, "--jobs", "1", "--seeds", "1", "--out", folder)
    whole = (folder / RECORD).read_bytes()
    (folder / RECORD).write_bytes(whole[: whole.index(b"\n") + 1])
    command(study, "--jobs", "1", "--seeds", "1", "--out", folder)
    assert (folder / RECORD).read_bytes() == whole


def test_an_unfinished_study_is_in_the_way_until_it_is_resumed_or_discarded(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run_study(read_design(study), folder, Local(1))
    whole = (folder / RECORD).read_bytes()
    (folder / RECORD).write_bytes(whole[: whole.rindex(b'{"runs"')])
    told = command(study, "--jobs", "1", "--out", folder, code=2)
    assert "an unfinished study is there, with 16 finished runs; go on with it by --resume, or discard it by deleting" in told
    command(study, "--jobs", "1", "--out", folder, "--resume")
    command(study, "--jobs", "1", "--out", folder)
    assert (folder / RECORD).read_bytes() == whole


def test_a_study_to_which_seeds_or_points_were_added_goes_on_from_what_it_has(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run_study(read_design(study), folder, Local(1))
    study.write_text(STRATEGIES.replace("[0.6, 0.9]", "[0.75, 0.6, 0.9]"))
    session = run_study(read_design(study, seeds=5), folder, Local(1), resume=True)
    assert session.taken_over == 16
    assert len(session.results.rows) == 3 * 2 * 5
    run_study(read_design(study, seeds=5), tmp_path / "anew", Local(1))
    assert tables_of(folder) == tables_of(tmp_path / "anew")
    fewer = run_study(read_design(study, seeds=2), folder, Local(1), resume=True)
    assert len(fewer.results.rows) == len(read_results(folder).rows) == 3 * 2 * 2
    again = run_study(read_design(study, seeds=5), folder, Local(1), resume=True)
    assert again.taken_over == 30


def test_runs_whose_data_or_scenario_changed_are_made_again(study: Path, tmp_path: Path) -> None:
    design = read_design(study)
    run_study(design, tmp_path / "out", Local(1))
    (tmp_path / "learning.toml").write_text(LEARNING.replace("labels = 25", "labels = 13"))
    assert run_study(read_design(study), tmp_path / "out", Local(1), resume=True).taken_over == 0


def test_runs_are_made_again_where_a_file_that_their_scenario_names_has_changed(tmp_path: Path) -> None:
    lines = [f"{number},{'ab'[number % 2]}" for number in range(30)]
    data = write(tmp_path, "\n".join(["id,truth", *lines]) + "\n", "data.csv")
    csv = LABELLING.replace(
        'source = "synthetic"\nitems = 60\nclasses = 3', 'source = "csv"\npath = "data.csv"\ntruth = "truth"\nid = "id"'
    )
    write(tmp_path, csv, "labelling.toml")
    study = write(tmp_path, 'name = "n"\nscenario = "labelling.toml"\nseeds = 3\n', "study.toml")
    first = run_study(read_design(study), tmp_path / "out", Local(1))
    assert not any(row["error"] for row in first.results.rows)
    assert run_study(read_design(study), tmp_path / "out", Local(1), resume=True).taken_over == 3
    data.write_text(data.read_text() + "30,b\n")
    changed = run_study(read_design(study), tmp_path / "out", Local(1), resume=True)
    assert changed.taken_over == 0
    assert changed.results.rows[0]["data_digest"] != first.results.rows[0]["data_digest"]


def test_two_processes_are_not_at_one_study_at_once(study: Path, tmp_path: Path) -> None:
    import fcntl

    folder = tmp_path / "out"
    folder.mkdir()
    place = os.open(folder, os.O_RDONLY)
    fcntl.flock(place, fcntl.LOCK_EX)
    told = command(study, "--jobs", "1", "--out", folder, code=2)
    os.close(place)
    assert "another process is running a study there" in told
    command(study, "--jobs", "1", "--seeds", "1", "--out", folder)


def test_the_record_of_another_study_is_not_gone_on_with(study: Path, tmp_path: Path) -> None:
    command(study, "--jobs", "1", "--seeds", "1", "--out", tmp_path / "out")
    study.write_text(STRATEGIES.replace('"noise"', '"other"'))
    told = command(study, "--jobs", "1", "--seeds", "1", "--out", tmp_path / "out", "--resume", code=2)
    assert "this is the record of the study 'noise', and not of 'other'" in told


def test_logs_of_all_runs_are_kept_where_that_is_asked_for(study: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run_study(read_design(study), folder, Local(1))
    session = run_study(read_design(study), folder, Local(1), resume=True, logs=True)
    assert session.taken_over == 0
    assert len({row["log"] for row in session.results.rows}) == 16
    assert all((folder / row["log"]).is_file() for row in session.results.rows)
    assert run_study(read_design(study), folder, Local(1), resume=True, logs=True).taken_over == 16
    assert "leave one of them out" in command(study, "--logs", "--cluster", "tcp://127.0.0.1:9", code=2)


def test_a_full_disk_is_told_of_and_nothing_that_was_written_is_lost(study: Path, tmp_path: Path) -> None:
    import resource

    folder = tmp_path / "out"
    whole = tmp_path / "whole"
    run_study(read_design(study), whole, Local(1))
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, ((whole / RECORD).stat().st_size // 2, limit[1]))
    try:
        told = command(study, "--jobs", "1", "--out", folder, code=2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)
    assert "the record cannot be written on: File too large; what was written stays, and --resume goes on from there" in told
    assert run_study(read_design(study), folder, Local(1), resume=True).taken_over >= 4
    assert tables_of(folder) == tables_of(whole)
