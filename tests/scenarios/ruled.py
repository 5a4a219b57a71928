"""Small campaigns with rules that say when to stop."""

from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from scenarios.catalogue import members
from scenarios.cli import app
from scenarios.loading import load
from scenarios.summary import Summary
from tests.scenarios.campaigns import LEARNING, run_logged, write

KINDS = [member.kind for member in members("stop-rule")]
RULES: list[Any] = [
    {"kind": "kappa", "threshold": 0.9, "patience": 2},
    {"kind": "kappa", "threshold": 0.8, "patience": 1, "stop_set": 30},
    "classification-change",
    {"kind": "f1-delta", "threshold": 0.1, "patience": 1},
    {"kind": "overall-uncertainty", "threshold": 0.5},
    {"kind": "max-confidence", "threshold": 0.95},
]
"""Rules of which each fires early in a small campaign."""


def text(rules: str, act: bool = True, of: str = LEARNING) -> str:
    return of.replace("labels = 25\n", "").replace("[stop]\n", f"[stop]\nrules = {rules}\nact = {str(act).lower()}\n")


def ran(folder: Path, *options: Any, **more: Any) -> tuple[Summary, Path]:
    return run_logged(load(write(folder, text(*options, **more))).scenario, folder)


def parley(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [*map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result
