"""Typesetting: a report as PDF or as a picture, by Typst (Mädje and Haug, 2023), to which it is data and never markup."""

import json
import shutil
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import count, groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import matplotlib as mpl
import typst
from PIL import Image

from scenarios.errors import BadInput
from scenarios.header import PARLEY_VERSION
from scenarios.report.characters import plain
from scenarios.report.document import Picture, Report, Section, Table
from scenarios.report.drawing import drawing
from scenarios.report.vector import vector_of

_SHEET = Path(__file__).with_name("report.typ")

DPI = 144
"""Dots an inch of a picture."""
LONGEST = 24_000
"""Dots that a picture is high at most: what is longer has fewer dots an inch. Programs that show pictures take 32,767 at most."""

_FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf")

_COARSEST = 72
"""Dots an inch below which nobody can read a picture."""

_WIDTH = 493.2
"""Points between the margins of a page."""


def pdf_of(report: Report) -> bytes:
    """Return a report as a PDF of A4 pages: the same report is the same bytes."""
    return _set(_content(report, tall=False), "pdf", DPI)


def png_of(report: Report) -> bytes:
    """Return a report as one picture, as wide as an A4 page and as high as need be, on white.

    Raises:
        BadInput: it would be too high to be read.
    """
    content = _content(report, tall=True)
    picture = _set(content, "png", DPI)
    with Image.open(BytesIO(picture)) as image:
        high = image.height
    if high <= LONGEST:
        return picture
    dpi = DPI * LONGEST / high
    if dpi < _COARSEST:
        raise BadInput(
            f"this report is {high / DPI * 2.54:,.0f} cm long, which is too much for one picture; write a .pdf or an .html"
        )
    return _set(content, "png", dpi)


def _set(content: str, form: Literal["pdf", "png"], dpi: float) -> bytes:
    with TemporaryDirectory() as fonts:
        # Figures are laid out in these, whatever fonts the machine has; those of the machine come in where a letter is missing.
        for name in _FONTS:
            shutil.copy(Path(mpl.get_data_path()) / "fonts" / "ttf" / name, fonts)
        source: bytes = _SHEET.read_bytes()
        found = typst.compile(
            source, format=form, ppi=dpi, sys_inputs={"report": content}, font_paths=typst.Fonts(font_paths=[fonts])
        )
    assert isinstance(found, bytes), "a report is one document, and a picture of it one page"
    return found


def _content(report: Report, tall: bool) -> str:
    """Return what the sheet takes, as JSON."""
    numbers = count(1)
    return json.dumps({
        "title": plain(report.title), "subtitle": plain(report.subtitle), "version": PARLEY_VERSION, "tall": tall,
        "findings": _plain(report.findings), "remarks": _plain(report.remarks),
        "sections": [_section(section, numbers) for section in report.sections],
    })  # fmt: skip


def _plain(texts: Iterable[str]) -> list[str]:
    return [plain(each) for each in texts]


def _section(section: Section, numbers: Iterator[int]) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    for kind, group in groupby(section.parts, key=lambda part: isinstance(part, Picture) and not part.wide):
        members = [*group]
        # Figures of half the width stand two in a row.
        rows = [members[place : place + 2] for place in range(0, len(members), 2)] if kind else [[each] for each in members]
        parts += [_row(row, numbers) for row in rows]
    return {"title": plain(section.title), "says": _plain(section.says), "parts": parts}


def _row(members: list[Picture | Table], numbers: Iterator[int]) -> dict[str, Any]:
    first = members[0]
    if isinstance(first, Table):
        return _table(first, next(numbers) if first.caption else 0)
    return {"kind": "figures", "wide": first.wide, "figures": [_figure(each) for each in members if isinstance(each, Picture)]}


def _figure(picture: Picture) -> dict[str, Any]:
    with drawing(picture) as drawn:
        vector = vector_of(drawn)
    share = vector.width / _WIDTH if picture.wide else 1.0
    return {"svg": vector.alone(picture.alt), "alt": plain(picture.alt), "caption": plain(picture.caption), "share": share}


def _table(table: Table, number: int) -> dict[str, Any]:
    caption = plain(table.caption) if table.caption else None
    rows = [_plain(row) for row in table.rows]
    return {
        "kind": "table", "number": number, "caption": caption, "head": _plain(table.head), "rows": rows, "columns": len(table.head),
        "numbers": [*table.numbers],
    }  # fmt: skip
