"""Scenarios from files: TOML, Python, or one of the library by its name."""

import hashlib
import importlib
import importlib.util
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from agents.component import Trust
from bus.table import nearest
from scenarios.crowds.cast import with_crowds
from scenarios.errors import BadInput, explain
from scenarios.importable import importable
from scenarios.paths import override
from scenarios.scenario import Scenario

LIBRARY = Path(str(files("scenarios"))) / "library"


DEEPEST = 40
"""How deep tables may stand within tables: far deeper than anybody means, and not so deep that reading them fails."""


class Loaded(NamedTuple):
    """A scenario, and where it came from.

    Attributes:
        scenario: the scenario.
        folder: the folder that its paths start from.
        script: name and digest of the Python file that defined it; None if it is TOML.
    """

    scenario: Scenario
    folder: Path
    script: dict[str, str] | None


def find(name: str, suffixes: tuple[str, ...] = (".toml", ".py")) -> Path:
    """Return the file that a person means: a path, or a name from the library.

    Raises:
        BadInput: there is no such file.
    """
    path = Path(name)
    if path.is_file():
        return path
    if path.suffix in suffixes or len(path.parts) > 1:
        raise BadInput(f"{name}: there is no such file")
    known = {entry.stem: entry for entry in library() if entry.suffix in suffixes}
    if name not in known:
        raise BadInput(f"{name}: there is no such file, and no {name!r} in the library; {nearest(name, [*known])}")
    return known[name]


def library() -> list[Path]:
    """Return the files of the library: scenarios, studies and scripts."""
    return [entry for entry in sorted(LIBRARY.iterdir()) if entry.suffix in (".toml", ".py") and entry.stem != "__init__"]


def load(path: Path, overrides: dict[str, Any] | None = None, trust: Trust | None = None) -> Loaded:
    """Read a scenario file.

    Args:
        path: a .toml or .py file.
        overrides: values to set, by path.
        trust: what its dotted paths may import; None for everything, as fits one's own file.

    Raises:
        BadInput: the file cannot be read, or says something that is not allowed.
    """
    with importable(path.parent):
        if path.suffix == ".py":
            tables, script = _run_script(path)
        elif path.suffix == ".toml":
            tables, script = read_toml(path), None
        else:
            raise BadInput(f"{path}: a scenario is a .toml or a .py file")
        if path.suffix == ".toml" and {"scenario", "vary"} & tables.keys():
            raise BadInput(f"{path}: this is a study, of many runs; `parley study` runs it")
        trust = trust or Trust()
        scenario = make(tables, str(path), overrides or {}, trust)
        try:
            scenario = with_crowds(scenario, path.parent, trust)
        except BadInput as error:
            raise BadInput(f"{path}: {error}") from None
        return Loaded(scenario, path.parent, script)


def make(tables: dict[str, Any], where: str, overrides: dict[str, Any], trust: Trust) -> Scenario:
    """Make a scenario of tables, with values set by path.

    Raises:
        BadInput: it says something that is not allowed.
    """
    if max(_depth(each) for each in (tables, *overrides.values())) > DEEPEST:
        raise BadInput(f"{where}: tables and lists stand more than {DEEPEST} deep within each other")
    for path, value in overrides.items():
        tables = override(tables, path, value, _with_defaults(tables, trust))
    try:
        return Scenario.model_validate(tables, context=trust)
    except ValidationError as error:
        raise explain(where, error, tables) from None


def _depth(tables: object) -> int:
    """Return how many tables and lists stand within each other."""
    depth, layer = 0, [tables]
    while layer := [each for each in layer if isinstance(each, dict | list | tuple)]:
        depth += 1
        layer = [within for each in layer for within in (each.values() if isinstance(each, dict) else each)]
    return depth


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: this is not UTF-8 text (byte {error.start})") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{path}: this is no TOML: {error}") from None
    except RecursionError:
        raise BadInput(f"{path}: tables and lists stand more than {DEEPEST} deep within each other") from None


def _with_defaults(tables: dict[str, Any], trust: Trust) -> dict[str, Any]:
    """Return the tables with their defaults, or as they are where they are not valid (yet)."""
    try:
        return Scenario.model_validate(tables, context=trust).completed().tables()
    except ValidationError:
        return tables


def _run_script(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Run a script, and return its scenario's tables, its name and its digest."""
    try:
        source = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from None
    # By its name, components that the script defines are found again, here and when its log is verified.
    if not path.stem.isidentifier() or path.stem in sys.builtin_module_names:
        raise BadInput(f"{path}: a script is imported by its name, so that must be a name in Python, and nobody else's")
    found = importlib.util.find_spec(path.stem)
    if found is None or found.origin is None or Path(found.origin).resolve() != path.resolve():
        raise BadInput(f"{path}: there is another module called {path.stem!r}; call the script something else")
    try:
        module = importlib.import_module(path.stem)
        scenario = getattr(module, "scenario", None)
    except ValidationError as error:
        raise explain(str(path), error, {}) from None
    except (Exception, SystemExit) as error:
        raise BadInput(f"{path}: the script failed: {type(error).__name__}: {error}") from error
    if not isinstance(scenario, Scenario | dict):
        raise BadInput(f"{path}: a scenario script defines `scenario`, a Scenario; here it is {type(scenario).__name__}")
    tables = scenario.tables() if isinstance(scenario, Scenario) else scenario
    return tables, {"name": path.name, "digest": script_digest(source)}


def script_digest(source: bytes) -> str:
    """Return the digest of a script that stands in the header of its logs."""
    return hashlib.blake2b(source, digest_size=8).hexdigest()
