"""Logs of every version that there has been: they are read, and come to what they came to when they were written.

A new version of the log needs logs of its own here, and so does a new kind of campaign. They are written, next to the others, by

    python -m tests.scenarios.test_golden
"""

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bus.replay import LogReader
from bus.upcasting import LOG_VERSION
from scenarios.header import PARLEY_VERSION, header_of
from scenarios.history.course import Course
from scenarios.loading import load
from scenarios.summary import Summary, summary_of
from tests.scenarios.campaigns import (
    CHOOSING,
    COUNCIL,
    FAULTS,
    LABELLING,
    LEARNING,
    NEGOTIATION,
    REVISIONS,
    TENDERS,
    run_logged,
    write,
)
from tests.scenarios.fuzz import COMMANDS, parley

FOLDER = Path(__file__).parents[1] / "golden"
LOGS = sorted(FOLDER.glob("v*.jsonl"))
OTHERS = [log for log in LOGS if header_of(LogReader(log)).parley != PARLEY_VERSION]
RUN_AGAIN = ("verify", "resume", "what if, closed")
CAMPAIGNS = {
    "labelling": LABELLING.replace("items = 60", "items = 30"),
    "learning": LEARNING,
    "faults": LABELLING.replace("items = 60", "items = 14") + FAULTS,
    "revisions": REVISIONS,
    "negotiation": NEGOTIATION,
    "tenders": TENDERS,
    "council": COUNCIL,
    "choosing": CHOOSING,
}


def written(log: Path) -> int:
    """Return the version that a golden log says it is of, by its name."""
    return int(log.name[1:].split("-")[0])


def of_the_log(log: Path) -> Summary:
    """Return what a log comes to, wherever it stands."""
    reader = LogReader(log)
    course = Course(reader)
    course.go_to(None)
    return summary_of(course, header_of(reader)).model_copy(update={"log": None})


def as_then(now: dict[str, Any], then: dict[str, Any]) -> dict[str, Any]:
    """Return figures without those that were not counted then: none of these has a name then, nor a place at the end of a row."""
    kept = {name: now[name] for name in then}
    if then.get("best"):
        kept["best"] = now["best"][: len(then["best"])]
    for name in ("advised", "curve"):
        if then.get(name):
            kept[name] = [each[: len(then[name][0])] for each in now[name]]
    return kept


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
def test_a_log_of_any_version_comes_to_what_it_came_to_when_it_was_written(log: Path) -> None:
    reader = LogReader(log)
    assert reader.version == written(log)
    assert reader.check().footer is not None
    then = json.loads(log.with_suffix(".summary.json").read_text(encoding="utf-8"))
    now = json.loads(of_the_log(log).model_dump_json())
    assert as_then(now, then) == then


@pytest.mark.parametrize("log", LOGS, ids=lambda log: log.stem)
@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in RUN_AGAIN])
def test_a_log_of_any_version_is_read_by_every_command_that_reads_logs(log: Path, command: str, tmp_path: Path) -> None:
    copy = Path(shutil.copy(log, tmp_path))
    result = parley(command, copy)
    assert result.exit_code == 0, result.stderr
    assert result.stdout_bytes


@pytest.mark.parametrize("log", OTHERS, ids=lambda log: log.stem)
@pytest.mark.parametrize("command", RUN_AGAIN)
def test_a_log_of_another_parley_is_not_run_again_and_the_message_says_why(log: Path, command: str, tmp_path: Path) -> None:
    header = header_of(LogReader(log))
    unfinished = tmp_path / "unfinished.jsonl"
    unfinished.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    result = parley(command, unfinished)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"parley: {unfinished}: written by Parley {header.parley}, and this is {PARLEY_VERSION}; "
        "that a run repeats is promised within one version\n"
    )


def test_there_is_a_log_of_every_version_and_of_this_one_a_log_of_every_kind_of_campaign() -> None:
    assert {written(log) for log in LOGS} == {*range(1, LOG_VERSION + 1)}, "see the top of this file for how to write one"
    names = {log.stem.partition("-")[2] for log in LOGS if written(log) == LOG_VERSION}
    assert names >= {*CAMPAIGNS}, "see the top of this file for how to write one"


def main() -> None:
    """Write the golden logs of this version that are not there yet, and what they come to."""
    for name, text in CAMPAIGNS.items():
        if (FOLDER / f"v{LOG_VERSION}-{name}.jsonl").exists():
            continue
        with TemporaryDirectory() as folder:
            _, log = run_logged(load(write(Path(folder), text)).scenario, Path(folder))
            golden = FOLDER / f"v{LOG_VERSION}-{name}.jsonl"
            shutil.copyfile(log, golden)
        summary = of_the_log(golden)
        golden.with_suffix(".summary.json").write_text(summary.model_dump_json(indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
