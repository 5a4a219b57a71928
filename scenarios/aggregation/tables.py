"""What is found, as files: labels with their posteriors, and people with their skills; in text or in Parquet."""

from pathlib import Path
from typing import Any, BinaryIO

from agents.inference.answers import Indices
from agents.inference.inference import Inferred
from bus.table import nearest
from scenarios.errors import BadInput
from scenarios.replacement import replacement

SUFFIXES = (".csv", ".tsv", ".parquet")


def check_target(option: str, target: Path, *read: Path | None, suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Refuse a file to write before anything is done for it.

    Args:
        option: the option that names it, for messages.
        target: the file.
        read: files that are to be read.
        suffixes: what its name may end in.

    Raises:
        BadInput: it would take the place of one of these, or its name does not say in which format it is to be.
    """
    if target.suffix.lower() not in suffixes:
        raise BadInput(f"{option} {target}: the name should end in the format; {nearest(target.suffix, [*suffixes])}")
    if any(path is not None and _same(path, target) for path in read):
        raise BadInput(f"{option} {target}: this is a file that is to be read; name another")
    if target.is_dir():
        raise BadInput(f"{option} {target}: this is a folder; name a file")
    if not target.absolute().parent.is_dir():
        raise BadInput(f"{option} {target}: there is no folder {target.absolute().parent}")


def write_labels(inferred: Inferred, best: Indices, target: Path) -> None:
    """Write a row an item: task, label, its probability, how many answers, and the probability of each class as p(CLASS).

    Raises:
        BadInput: it cannot be written.
    """
    table = inferred.table
    classes = [table.classes[index] for index in best.tolist()]
    columns = {
        "task": table.items,
        "label": classes,
        "probability": inferred.posterior[range(len(best)), best],
        "answers": table.answers_of_item,
        **{f"p({name})": inferred.posterior[:, place] for place, name in enumerate(table.classes)},
    }
    _write(columns, target)


def write_people(inferred: Inferred, target: Path) -> None:
    """Write a row a person: worker, answers, skill, and between what it lies with a probability of 95 %, low and high.

    Raises:
        BadInput: it cannot be written.
    """
    low, high = inferred.skill_interval()
    table = inferred.table
    columns = {
        "worker": table.people, "answers": table.answers_of_person, "skill": inferred.skill(), "low": low, "high": high,
    }  # fmt: skip
    _write(columns, target)


def _write(columns: dict[str, Any], target: Path) -> None:
    import pyarrow

    table = pyarrow.table([pyarrow.array(values) for values in columns.values()], names=[*columns])
    with replacement(target) as file:
        if target.suffix.lower() == ".parquet":
            from pyarrow.parquet import write_table

            write_table(table, file)
        else:
            _write_text(table, file, "\t" if target.suffix.lower() == ".tsv" else ",")


def _write_text(table: Any, file: BinaryIO, separator: str) -> None:
    import csv
    import io

    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    try:
        writer = csv.writer(text, delimiter=separator, lineterminator="\n")
        writer.writerow(table.column_names)
        for batch in table.to_batches(max_chunksize=65536):
            writer.writerows(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    finally:
        text.detach()


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
