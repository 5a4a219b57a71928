"""Campaigns of every kind, run once, and their reports."""

import atexit
import shutil
import tomllib
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from agents.component import Trust
from scenarios.answers.log import Telling, write_log
from scenarios.answers.reader import read_answers
from scenarios.answers.table import Columns
from scenarios.report.campaign.evidence import Evidence, evidence_of
from scenarios.report.campaign.report import report_of_log
from scenarios.report.document import Report
from scenarios.scenario import Scenario
from tests.scenarios.campaigns import CHOOSING, COUNCIL, FAULTS, LABELLING, LEARNING, NEGOTIATION, REVISIONS, TENDERS, run_logged
from tests.scenarios.logs import GOLDEN, lines_of, write_lines

CAREFUL = Trust(everything=False)

COMING_AND_GOING = """
name = "coming-and-going"
seed = 3
[data]
source = "synthetic"
items = 60
[[annotators]]
name = "shy"
count = 4
noise = { kind = "one-coin", accuracy = 0.8 }
latency = { kind = "lognormal", median = "30s", sigma = 0.6 }
availability = { kind = "sessions", time = "3m", pause = "5m" }
"""
"""A campaign of people who come and go."""

ALONE = LABELLING.replace("count = 5", "count = 1").replace("size = 3", "size = 1")
BROKE = LEARNING.replace("labels = 25", "budget = 0.5").replace('mean = "30s" }', 'mean = "30s" }\nprice = 0.05')
ONE_LABEL = LABELLING + "[stop]\nlabels = 1\n"
CROWDED = LABELLING.replace("items = 60", "items = 400").replace("count = 5", "count = 120")

SCENARIOS = {
    "labelling": LABELLING, "learning": LEARNING, "faults": LABELLING + FAULTS, "negotiation": NEGOTIATION, "tenders": TENDERS,
    "council": COUNCIL, "revisions": REVISIONS, "choosing": CHOOSING, "coming-and-going": COMING_AND_GOING, "alone": ALONE,
    "out-of-money": BROKE, "one-label": ONE_LABEL, "crowded": CROWDED,
}  # fmt: skip
"""Scenarios of runs, by what is special about them."""

EVIL = '<script>alert(1)</script> $x_1$ \x07 "><img src=x onerror=alert(2)>'
_FOLDER = Path(mkdtemp(prefix="parley-runs-"))
atexit.register(shutil.rmtree, _FOLDER)


@cache
def log_of(name: str) -> Path:
    """Return the log of a scenario, run once."""
    folder = _FOLDER / name
    folder.mkdir()
    return run_logged(Scenario.model_validate(tomllib.loads(SCENARIOS[name])), folder)[1]


@cache
def evidence(name: str) -> Evidence:
    """Return what the log of a scenario tells."""
    return evidence_of(log_of(name), CAREFUL)


@cache
def report(name: str) -> Report:
    """Return the report of a scenario."""
    return report_of_log(log_of(name))


def interrupted(name: str, share: float, folder: Path) -> Path:
    """Return the log of a scenario, as it would be if its run had been killed when that share of it was written."""
    lines = lines_of(log_of(name))
    return write_lines(folder / "interrupted.jsonl", lines[: max(1, int(share * len(lines)))])


def imported(folder: Path, times: bool = True, truth: bool = True, several: bool = True) -> Path:
    """Return the log of answers from outside, whose names are out for trouble."""
    head = "task,worker,label" + (",start,duration" if times else "") + (",truth" if truth else "")
    rows = [head]
    for task in range(40):
        for worker in range(3 if several else 1):
            label = task % 4 if (task * 7 + worker * 3) % 5 else (task + 1) % 4
            row = f"{task},w{worker} {EVIL.replace(chr(34), chr(39))},{label} {EVIL[:20]}"
            row += f",{1000 + 60 * task + worker},{10 + worker}" if times else ""
            rows.append(row + (f",{task % 4} {EVIL[:20]}" if truth and task % 10 else "," if truth else ""))
    file = folder / "answers.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    log = folder / "imported.jsonl"
    write_log(log, read_answers(file, Columns()), Telling(f"answers {EVIL}"))
    return log


GOLDEN_LOGS = sorted(GOLDEN.glob("*.jsonl"))
