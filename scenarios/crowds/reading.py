"""Reading people files: everything in them is checked, and what is wrong is said with its person."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agents.annotator.noise import Noise
from agents.component import Trust
from agents.messages import Label
from scenarios.annotators import PERSONAL, AnnotatorsTable
from scenarios.answers.log import digest_of
from scenarios.crowds.crowd import Crowd, place_of
from scenarios.crowds.raw import ANSWERS, CLASSES, WORKER, Column, Raw, parsed, read_raw
from scenarios.errors import BadInput, brief, explain

_LONG, _LINES = 600, 4
"""Characters of a line, and lines, of what is said of one value."""

MANY = 1_000_000_000
"""Answers of a person at most."""


def read_crowd(path: Path, trust: Trust) -> Crowd:
    """Read a people file: .parquet, or TOML.

    Args:
        path: the file.
        trust: what its dotted paths may import.

    Raises:
        BadInput: it cannot be read, or says something that is not allowed. The message names the person.
    """
    raw = read_raw(path, (WORKER, ANSWERS, *PERSONAL))
    classes = _classes(path, raw.classes)
    workers = _spread(raw, WORKER, "")
    for row, worker in enumerate(workers):
        if not isinstance(worker, str):
            raise BadInput(f"{place_of(path, row)}: worker is {brief(worker)}; it should be text")
    answers = _spread(raw, ANSWERS, None)
    for row, number in enumerate(answers):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or not 0 <= number <= MANY):
            raise BadInput(f"{place_of(path, row, workers[row])}: answers is {brief(number)}; it should be 0 to {MANY:,}")
    keys = {}
    for key in PERSONAL:
        if key in raw.columns:
            column = raw.columns[key]
            made = [_made(path, workers, column, place, key, trust, classes) for place in range(len(column.values))]
            keys[key] = _spread(raw._replace(columns={key: Column(made, column.codes)}), key, None)
    return Crowd(path, digest_of(path), classes, workers, answers, keys)


def _spread(raw: Raw, key: str, default: Any) -> list[Any]:
    """Return a value a person."""
    column = raw.columns.get(key)
    if column is None:
        return [default] * raw.people
    values = column.values if column.codes is None else [column.values[code] if code >= 0 else None for code in column.codes]
    return [default if value is None else value for value in values]


def _made(
    path: Path, workers: Sequence[str], column: Column, place: int, key: str, trust: Trust, classes: tuple[Label, ...] | None
) -> Any:
    """Return what a value of a column makes: a component, some of them, or a price."""
    value = column.values[place]
    if value is None:
        return None
    try:
        table = {key: parsed(value) if column.json else value}
        made = getattr(AnnotatorsTable.model_validate(table, context=trust), key)
        if isinstance(made, Noise) and classes is not None:
            made.check(len(classes))
    except ValidationError as error:
        raise _shortened(explain(_where(path, workers, column, place), error, {})) from None
    except RecursionError:
        raise BadInput(f"{_where(path, workers, column, place)}: {key} is nested too deeply") from None
    except ValueError as error:
        raise BadInput(f"{_where(path, workers, column, place)}: {key}: {error}") from None
    return made


def _shortened(error: BadInput) -> BadInput:
    """Return an error that quotes no more of a file than can be read."""
    lines = str(error).splitlines()
    more = [f"... and {len(lines) - _LINES:,} more"] if len(lines) > _LINES else []
    return BadInput("\n".join([*(line if len(line) <= _LONG else f"{line[:_LONG]}..." for line in lines[:_LINES]), *more]))


def _where(path: Path, workers: Sequence[str], column: Column, place: int) -> str:
    row = column.row_of(place)
    return place_of(path, row, workers[row])


def _classes(path: Path, value: Any) -> tuple[Label, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not value:
        raise BadInput(f"{path}: {CLASSES} is {brief(value)}; it should be a list of labels")
    for label in value:
        if not isinstance(label, str | int) or isinstance(label, bool):
            raise BadInput(f"{path}: {CLASSES}: {brief(label)} is no label; labels are whole numbers or text")
    if len({*map(str, value)}) < len(value):
        raise BadInput(f"{path}: {CLASSES}: a label stands in it twice")
    return tuple(value)
