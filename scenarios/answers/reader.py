"""Reading files of answers, each by its format."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bus.table import nearest
from scenarios.answers import label_studio, prodigy, sheet
from scenarios.answers.table import Answers, Columns, Draft
from scenarios.errors import BadInput, brief
from scenarios.rows import unreadable


class Format(NamedTuple):
    """A format: what reads it, what it counts its entries in, and which of its columns may be called something else."""

    read: Callable[[Path, Columns, Draft], None]
    unit: str
    names: tuple[str, ...] = Columns._fields


FORMATS = {
    "csv": Format(partial(sheet.read, form="csv"), "line"),
    "tsv": Format(partial(sheet.read, form="tsv"), "line"),
    "parquet": Format(partial(sheet.read, form="parquet"), "row"),
    "label-studio": Format(label_studio.read, "entry", ("task", "label")),
    "prodigy": Format(prodigy.read, "line", ("task", "worker")),
}
"""The formats there are, by name."""

_SUFFIXES = {".csv": "csv", ".tsv": "tsv", ".parquet": "parquet", ".json": "label-studio", ".jsonl": "prodigy"}
_PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")


def read_answers(
    path: Path,
    columns: Columns = Columns(),  # noqa: B008 (frozen)
    form: str | None = None,
    truth_file: Path | None = None,
) -> Answers:
    """Read a file of answers.

    Args:
        path: the file.
        columns: what it calls its columns.
        form: its format; None for the one that its name ends in: .csv, .tsv, .parquet, .json (Label Studio) or .jsonl (Prodigy).
        truth_file: a .csv, .tsv or .parquet file of what is true, with columns task and truth; None if there is none.

    Raises:
        BadInput: a file cannot be read, or holds what cannot be an answer. The message names the line, row or entry.
    """
    name = form or _SUFFIXES.get(path.suffix.lower())
    if name not in FORMATS:
        found = f"there is no format {form!r}" if form else f"{path}: a file that ends in {path.suffix!r} is of no known format"
        unpack = "; unpack it first" if not form and path.suffix.lower() in _PACKED else ""
        raise BadInput(f"{found}{unpack}; {nearest(form or '', [*FORMATS])}")
    known = FORMATS[name]
    for field, given in zip(Columns._fields, columns, strict=True):
        if given is not None and field not in known.names and not (field == "truth" and truth_file):
            raise BadInput(f"{path}: {field} = {given!r} names a column, but a file of {name} has its own place for that")
    refuse_no_file(path)
    draft = Draft(path, known.unit)
    known.read(path, columns if truth_file is None else columns._replace(truth=None), draft)
    if truth_file is not None:
        refuse_no_file(truth_file)
        sheet.read_truth(truth_file, columns, draft)
    answers = draft.finish()
    if truth_file is not None and not answers.truth:
        raise BadInput(f"{truth_file}: none of its tasks is one of {path}, such as {brief(answers.tasks[0])}")
    return answers


def refuse_no_file(path: Path) -> None:
    """Refuse what cannot be opened, or is no regular file.

    Raises:
        BadInput: so it is.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            # A pipe may never say anything, and is not there to be read again.
            raise BadInput(f"{path}: this is no regular file")
        path.open("rb").close()
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from None
