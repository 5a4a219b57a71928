"""The rules of the house, held by a machine."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {"bus": {"bus"}, "agents": {"agents", "bus"}, "scenarios": {"scenarios", "agents", "bus"}}
FILES = [path for package in MAY_IMPORT for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative path"
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_from_scenarios_to_agents_to_bus(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    assert imported(path) & set(MAY_IMPORT) <= MAY_IMPORT[package]


def test_only_annotators_and_the_evaluator_know_the_truth() -> None:
    agents = ROOT / "agents"
    knowing = {
        path.relative_to(agents).as_posix()
        for path in agents.rglob("*.py")
        if re.search(r"\bTruth\b", path.read_text(encoding="utf-8"))
    }
    assert knowing == {"items.py", "annotator/annotator.py", "evaluator.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_every_package_and_module_says_what_it_is_for() -> None:
    assert not [path for path in FILES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
