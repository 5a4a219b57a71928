"""Entries of JSON, whose values may be anything: each value is asked for by its type, or refused with its place."""

import json
from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from scenarios.answers.moment import Moment, moment_of, parse_moment
from scenarios.errors import BadInput


class Entry:
    """An object of JSON, and its place in a file.

    Args:
        where: the place, as messages name it.
        value: the object.

    Raises:
        BadInput: it is no object.
    """

    def __init__(self, where: str, value: object) -> None:
        if not isinstance(value, dict):
            raise BadInput(f"{where}: this is {describe(value)}, where an object should be")
        self.where = where
        self.fields: dict[str, Any] = value

    def wrong(self, what: str) -> BadInput:
        """Return what to say of something that is wrong here."""
        return BadInput(f"{self.where}: {what}")

    def entry(self, name: str) -> "Entry":
        """Return the object of a field; one without fields where there is none."""
        value = self.fields.get(name)
        return Entry(f"{self.where}, {name}", {} if value is None else value)

    def entries(self, name: str) -> list["Entry"]:
        """Return the objects in the list of a field, counted from 1."""
        return [Entry(f"{self.where}, {name} {number}", value) for number, value in enumerate(self.list_of(name), 1)]

    def list_of(self, name: str) -> list[Any]:
        """Return the list of a field; an empty one where there is none."""
        value = self.fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.wrong(f"{name!r} is {describe(value)}; it should be a list")
        return value

    def text(self, *names: str) -> str | None:
        """Return a name, as text, from the first of these fields that holds one: a text or a whole number."""
        found = ((name, value) for name in names if (value := self.fields.get(name)) is not None)
        return next((text for name, value in found if (text := self.as_text(name, value))), None)

    def as_text(self, name: str, value: object) -> str:
        """Return a text or a whole number as text without blanks around it."""
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.wrong(f"{name!r} is {describe(value)}; it should be text or a whole number")
        return str(value).strip()

    def number(self, name: str) -> float | None:
        """Return the number of a field; None where there is none."""
        value = self.fields.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(f"{name!r} is {describe(value)}; it should be a number")
        try:
            return float(value)
        except OverflowError:
            raise self.wrong(f"{name!r} is {describe(value)}, which is too large") from None

    def flag(self, name: str) -> bool:
        """Return whether a field is true; it is not, where there is none."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(f"{name!r} is {describe(value)}; it should be true or false")
        return bool(value)

    def moment(self, name: str) -> Moment | None:
        """Return the moment of a field: seconds, or a date and time; None where there is none."""
        value = self.fields.get(name)
        try:
            if isinstance(value, str):
                return parse_moment(value.strip())
            number = self.number(name)
            return None if number is None else moment_of(number)
        except ValueError as error:
            raise self.wrong(f"{name!r} {error}") from None


def parse(where: str, text: bytes) -> Any:
    """Return what JSON says. Depth is limited, and numbers are finite.

    Raises:
        BadInput: it is no JSON.
    """
    try:
        return from_json(text.removeprefix(BOM_UTF8), allow_inf_nan=False)
    except ValueError as error:
        raise BadInput(f"{where}: this is not JSON ({str(error).replace('at line 1 column', 'at column')})") from None


def describe(value: object) -> str:
    """Return a value as a message shows it."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def read_bytes(path: Path, most: int) -> bytes:
    """Return the bytes of a file.

    Raises:
        BadInput: it is larger than `most`, or cannot be read.
    """
    with path.open("rb") as file:
        text = file.read(most + 1)
    if len(text) > most:
        raise BadInput(f"{path}: the file is larger than {most >> 20} MiB; part it, or turn it into CSV or Parquet")
    return text
