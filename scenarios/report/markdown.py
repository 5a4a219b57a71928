"""Markdown: a report as text that GitHub and others lay out, with its figures as files beside it."""

import re
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import quote

from scenarios.report.characters import plain
from scenarios.report.document import Picture, Report, Table
from scenarios.report.drawing import drawing
from scenarios.report.files import file_name
from scenarios.report.vector import vector_of

_MEANT = re.compile(r"[\\`*_{}\[\]<>#|~&!]|:(?=//)|(?<=www)\.")
"""What means something anywhere, and what makes an address a link."""

_BEGINS = re.compile(r"^([-+=]|\d+(?=[.)]))")
"""What means something where a line begins."""

_DOLLAR = "<span>$</span>"
"""What GitHub takes for no formula: a backslash does not help there."""


def markdown_files(report: Report, path: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the files of a report as Markdown: its figures as SVG, in a folder beside it, and itself.

    The folder is called as the file is, with `-figures` for its suffix. Figures stand on white there: where they are shown, nobody
    gives them the colour of the text.
    """
    folder = path.with_name(f"{path.stem}-figures")
    for number, picture in enumerate(report.pictures, 1):
        with drawing(picture) as drawn:
            content = vector_of(drawn).alone(picture.alt, "#ffffff")
        yield folder / f"{file_name(number, picture)}.svg", content.encode()
    yield path, markdown_of(report, quote(folder.name)).encode()


def markdown_of(report: Report, folder: str) -> str:
    """Return a report as Markdown.

    Args:
        report: the report.
        folder: where its figures are, as an address.
    """
    numbers = count(1), count(1)
    parts = [f"# {_text(report.title)}", _line(report.subtitle), *map(_line, report.findings)]
    if report.remarks:
        parts.append("\n".join(f"> - {_line(each)}" for each in report.remarks))
    for section in report.sections:
        parts += [f"## {_text(section.title)}", *map(_line, section.says)]
        for part in section.parts:
            parts.append(_figure(part, folder, next(numbers[0])) if isinstance(part, Picture) else _table(part, numbers[1]))
    return "\n\n".join(filter(None, parts)) + "\n"


def _text(words: str) -> str:
    """Return a text within a line, of which no sign means anything."""
    return _MEANT.sub(r"\\\g<0>", plain(words).strip()).replace("$", _DOLLAR)


def _line(words: str) -> str:
    """Return a text that is a line."""
    return _BEGINS.sub(lambda found: f"\\{found[0]}" if not found[0].isdigit() else f"{found[0]}\\", _text(words))


def _figure(picture: Picture, folder: str, number: int) -> str:
    address = f"{folder}/{quote(file_name(number, picture))}.svg"
    return f"![{_text(picture.alt)}]({address})\n\n**Figure {number}.** {_text(picture.caption)}"


def _table(table: Table, numbers: Iterator[int]) -> str:
    caption = f"**Table {next(numbers)}.** {_text(table.caption)}\n\n" if table.caption else ""
    sides = ("---:" if column in table.numbers else "---" for column in range(len(table.head)))
    rows = [_row(map(_text, table.head)), _row(sides), *(_row(map(_text, row)) for row in table.rows)]
    return caption + "\n".join(rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
