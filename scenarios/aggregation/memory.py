"""Memory: whether a file's answers fit into it, told before they are read."""

from pathlib import Path

from agents.inference.answers import AnswerTable
from scenarios.errors import BadInput

_AN_ANSWER = 150
"""Bytes of memory that an answer takes at the most, as it is read and as a method goes over it."""
_POSTERIORS = 4
"""Numbers by item and class that are held at once: votes, posteriors, and those of the iteration before."""
_MATRICES = 2
"""And by person, class and label."""
_SAMPLE = 2**20
_JSON = 12
"""Times its size that a file of JSON takes in memory."""

_LIMITS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)


def refuse_too_large(path: Path, form: str, available: int | None = None) -> None:
    """Refuse a file whose answers would not fit into memory.

    Args:
        path: the file; any that cannot be read passes, for others to say why.
        form: its format.
        available: bytes that may be used; None for what the system says there are.

    Raises:
        BadInput: it is too large. The message has the figures.
    """
    try:
        size = path.stat().st_size
        answers = _answers(path, form, size)
    except OSError:
        return
    needed = size * _JSON if answers is None else answers * _AN_ANSWER
    free = _available() if available is None else available
    if free is None or needed <= free:
        return
    about = "" if answers is None else f", some {_rounded(answers)} answers"
    raise BadInput(
        f"{path}: the file is too large for this machine's memory: {_gigabytes(size)}{about}, which take some "
        f"{_gigabytes(needed)} of memory, and {_gigabytes(free)} are free; take a part of it, or a larger machine"
    )


def lack_of(table: AnswerTable, confusions: bool, available: int | None = None) -> str | None:
    """Say why there is not enough memory for what a method makes of so many classes; None if there is.

    Args:
        table: the answers.
        confusions: whether it has a confusion matrix a person.
        available: bytes that may be used; None for what the system says there are.
    """
    classes = len(table.classes)
    rows = _POSTERIORS * len(table.items) + (_MATRICES * len(table.people) * classes if confusions else 0)
    free = _available() if available is None else available
    if free is None or 8 * classes * rows <= free:
        return None
    what = f"{len(table.people):,} confusion matrices" if confusions else f"the posteriors of {len(table.items):,} items"
    return f"{what} of {classes:,} classes take some {_gigabytes(8 * classes * rows)} of memory, and {_gigabytes(free)} are free"


def _answers(path: Path, form: str, size: int) -> int | None:
    """Estimate how many rows a file has by a sample of it; None for a file of no rows."""
    if form == "parquet":
        return _parquet_rows(path)
    if form not in ("csv", "tsv"):
        return None
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    # A break within quotes counts too, and so the estimate errs on the side of too many.
    rows = max(sample.count(b"\n"), sample.count(b"\r"), 1)
    return round(size * rows / max(len(sample), 1))


def _parquet_rows(path: Path) -> int | None:
    import pyarrow.parquet

    try:
        with path.open("rb") as stream, pyarrow.parquet.ParquetFile(stream) as file:
            return int(file.metadata.num_rows)
    except Exception:  # Damaged files raise almost anything; who reads it says what.
        return 0


def _available() -> int | None:
    """Return how many bytes are free, by the system and by the limits set to this process; None where nothing tells."""
    found = []
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    except (OSError, ValueError):
        pass
    for limit, used in _LIMITS:
        try:
            found.append(int(Path(limit).read_text(encoding="ascii")) - int(Path(used).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return max(0, min(found)) if found else None


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:,.1f} GB" if size >= 1e8 else f"{size / 1e6:,.1f} MB"


def _rounded(count: int) -> str:
    return f"{count / 1e6:,.0f} million" if count >= 2e6 else f"{count:,}"
