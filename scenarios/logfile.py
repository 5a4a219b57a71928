"""The log file of a run: what it is called, what may be in its way, and the small file beside it that says where it was made."""

import hashlib
import json
import platform
from errno import EDQUOT, EFBIG, ENOSPC
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bus.journal import FileWriter, LogInUse, begin_log, claim_log
from bus.replay import LONGEST_LINE
from scenarios.errors import BadInput
from scenarios.scenario import Scenario

_FULL = (ENOSPC, EDQUOT, EFBIG)


def log_name(scenario: Scenario) -> str:
    """Return the file name of a completed scenario's log: its name, its seed, and a digest of all of it."""
    return log_name_of(scenario.tables())


def log_name_of(tables: dict[str, Any]) -> str:
    """Return the file name of the log of a completed scenario, by its tables."""
    text = json.dumps(tables, sort_keys=True, ensure_ascii=False)
    digest = hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
    return f"{tables['name']}-s{tables['seed']}-{digest}.jsonl"


def open_log(path: Path, folder: Path) -> FileWriter:
    """Begin a log, unless one that is not finished has its name.

    Args:
        path: the log.
        folder: the one that the scenario's paths start from, to be noted beside it.

    Raises:
        BadInput: an unfinished log is in the way, another process is writing it, or it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = claim_log(path, new=True)
    except LogInUse as error:
        raise BadInput(f"{path}: {error.strerror}: this scenario and seed are being run already") from None
    except OSError as error:
        raise BadInput(f"{path}: the log cannot be written: {error.strerror}") from None
    try:
        if holds_a_run(path) and not is_finished(path):
            raise BadInput(
                f"{path}: an unfinished run of this scenario and seed is there; "
                f"go on with it by `parley resume {path}`, or discard it by deleting the file"
            )
        _note_environment(path, folder)
        return begin_log(file)
    except BaseException:
        file.close()
        raise


def holds_a_run(path: Path) -> bool:
    """Return whether there is anything in a log to go on from: not if its run broke off before the first line was whole."""
    with path.open("rb") as file:
        first = file.readline(LONGEST_LINE) if path.is_file() else b""
    return not b'{"log":'.startswith(first[:7]) or first.endswith(b"\n")


def is_finished(path: Path) -> bool:
    """Return whether the last line of a log looks like a footer."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**20))
        tail = file.read()
    return tail.endswith(b"\n") and tail[:-1].rpartition(b"\n")[2].startswith(b'{"events":')


def unwritable(path: Path, error: OSError, begun: bool) -> BadInput:
    """Return the complaint about a file that could not be written, or written on, saying how its run can go on.

    Args:
        path: the log, or what stands beside it.
        error: why it could not be written.
        begun: whether there is something in it to go on from.
    """
    once = "once there is room" if error.errno in _FULL else "once that is mended"
    if begun:
        return BadInput(
            f"{path}: the log cannot be written on: {error.strerror}; "
            f"what was written stays, and `parley resume {path}` goes on from there {once}"
        )
    return BadInput(f"{path}: it cannot be written: {error.strerror}; run the scenario again {once}")


def environment_file(log: Path) -> Path:
    """Return the small file beside a log that says where it was made."""
    return log.with_suffix(".env.json")


def folder_of(log: Path) -> Path:
    """Return the folder that a run's paths started from; the present one where nobody noted it."""
    try:
        return Path(json.loads(environment_file(log).read_text(encoding="utf-8"))["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return Path()


def _note_environment(log: Path, folder: Path) -> None:
    path, packages = environment_file(log), ("numpy", "scipy", "scikit-learn", "pydantic", "structlog")
    environment = {
        "folder": str(folder.resolve()),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processor": platform.processor(),
        "system": platform.system(),
        **{package: version(package) for package in packages},
    }
    try:
        path.write_text(json.dumps(environment, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error, begun=False) from None
