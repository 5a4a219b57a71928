"""HTML: a report as one page that needs no other file, no network and no script."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import count

from scenarios.header import PARLEY_VERSION
from scenarios.report.characters import plain
from scenarios.report.document import Picture, Report, Section, Table
from scenarios.report.drawing import drawing
from scenarios.report.files import file_name
from scenarios.report.sheet import SHEET
from scenarios.report.stack import stack
from scenarios.report.vector import vector_of

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What the page may load: nothing but what stands in it."""

_SHORT = 20
"""Letters up to which a cell is not broken into lines."""

_LONG = 40
"""Rows of a table from which on it has a box of its own on a screen, in which it is scrolled."""

_ANCHOR = "part-{}"

_PER_CENT = re.compile(r"(?<=\d) %")


def html_of(report: Report) -> str:
    """Return a report as a page of HTML. Every text is escaped; the same report is the same page."""
    title = _text(report.title)
    numbers = count(1), count(1)
    sections = "".join(_section(section, place, numbers) for place, section in enumerate(report.sections, 1))
    head = (
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<meta name="generator" content="Parley {_text(PARLEY_VERSION)}"><meta name="referrer" content="no-referrer">'
        f'<link rel="icon" href="data:,"><title>{title}</title><style>{SHEET}</style>'
    )
    body = (
        f'<header><h1>{title}</h1><p class="of">{_text(report.subtitle)}</p></header><main>{_findings(report)}'
        f"{_contents(report)}{sections}</main><footer><p>Parley {_text(PARLEY_VERSION)}</p></footer>"
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'


def _text(words: object) -> str:
    # A per cent sign stays with its number.
    return escape(_PER_CENT.sub("\N{NO-BREAK SPACE}%", plain(words)))


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{_text(each)}</p>" for each in texts)


def _findings(report: Report) -> str:
    remarks = "".join(f"<li>{_text(each)}</li>" for each in report.remarks)
    aside = f'<aside aria-label="What to bear in mind"><ul>{remarks}</ul></aside>' if remarks else ""
    return f'<section class="findings" aria-label="Findings">{_paragraphs(report.findings)}</section>{aside}'


def _contents(report: Report) -> str:
    if len(report.sections) < 2:
        return ""
    entries = "".join(
        f'<li><a href="#{_ANCHOR.format(place)}">{_text(section.title)}</a></li>'
        for place, section in enumerate(report.sections, 1)
    )
    return f'<nav aria-label="Contents"><ol>{entries}</ol></nav>'


def _section(section: Section, place: int, numbers: "tuple[Iterator[int], Iterator[int]]") -> str:
    figures, tables = numbers
    parts = "\n".join(
        _figure(part, next(figures)) if isinstance(part, Picture) else _table(part, section.title, tables) for part in section.parts
    )
    grid = f'<div class="parts">{parts}</div>' if parts else ""
    return f'<section id="{_ANCHOR.format(place)}"><h2>{_text(section.title)}</h2>{_paragraphs(section.says)}{grid}</section>\n'


def _figure(picture: Picture, number: int) -> str:
    with drawing(picture) as figure:
        vector = vector_of(figure)
        # It is not drawn again: what was written may be moved about.
        stacked = vector_of(figure) if picture.wide and stack(figure) else None
    name = file_name(number, picture)
    save = (
        f'<a class="save" download="{name}.svg" href=\'{_file(vector.alone(picture.alt))}\' '
        f'aria-label="Save figure {number} as SVG" title="Save this figure as SVG">SVG</a>'
    )
    drawn = _drawn("drawn far" if stacked else "drawn", picture.alt, vector.within(f"f{number}-"))
    if stacked:
        drawn += _drawn("drawn near", picture.alt, stacked.within(f"n{number}-"))
    return (
        f'<figure id="figure-{number}"{" class=wide" if picture.wide else ""} style="--width:{vector.width:.0f}pt">'
        f'<div class="scroll">{drawn}</div>'
        f"<figcaption><b>Figure {number}.</b> {_text(picture.caption)} {save}</figcaption></figure>"
    )


def _drawn(kind: str, alt: str, svg: str) -> str:
    return f'<div class="{kind}" role="img" aria-label="{_text(alt)}">{svg}</div>'


def _file(svg: str) -> str:
    """Return a file as an address within single quotes. As text it takes three quarters of what it would as base64."""
    address = svg.replace("%", "%25").replace("#", "%23").replace("\n", "%0A")
    return "data:image/svg+xml;charset=utf-8," + address.replace("&", "&amp;").replace("'", "&#x27;")


def _table(table: Table, title: str, numbers: Iterator[int]) -> str:
    words = f"<b>Table {next(numbers)}.</b> {_text(table.caption)}" if table.caption else _text(title)
    long = len(table.rows) > _LONG
    more = f' <i class="more">{len(table.rows):,} rows, to be scrolled.</i>' if long else ""
    caption = f"<caption><span>{words}{more}</span></caption>" if table.caption else f'<caption class="unseen">{words}</caption>'
    kinds = [_kind(table, column) for column in range(len(table.head))]
    head = "".join(f'<th scope="col"{kind}>{_text(name)}</th>' for kind, name in zip(kinds, table.head, strict=True))
    rows = "".join(f"<tr>{_cells(row, kinds, 0 not in table.numbers)}</tr>\n" for row in table.rows)
    kind = "scroll table long" if long else "scroll table"
    box = f'<div class="{kind}" tabindex="0" role="region" aria-label="{_text(table.caption or title)}">'
    return f"{box}<table>{caption}<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table></div>"


def _kind(table: Table, column: int) -> str:
    """Return the class of a column, as an attribute: numbers stand to the right, and what is short on one line."""
    if column in table.numbers:
        return ' class="number"'
    return ' class="short"' if all(len(row[column]) <= _SHORT for row in table.rows) else ' class="words"'


def _cells(row: tuple[str, ...], kinds: list[str], named: bool) -> str:
    """Return the cells of a row; if it is named, its name is the first."""
    cells = [f"<td{kind}>{_text(cell)}</td>" for kind, cell in zip(kinds, row, strict=True)]
    if named and cells:
        cells[0] = f'<th scope="row"{kinds[0]}>{_text(row[0])}</th>'
    return "".join(cells)
