"""A report: what it says, shows and tabulates, whatever it is written as."""

from collections.abc import Callable
from typing import NamedTuple

from matplotlib.figure import Figure as Drawn

Cell = str


class Picture(NamedTuple):
    """A figure of a report.

    Attributes:
        name: the name of its files, of small letters, digits and hyphens, and of no other figure of the report.
        caption: what is to be seen, in a sentence or two; uncertainty is named there.
        draw: draws it, in the style of `scenarios.report.inks`; called within that style, perhaps more than once. It is some
            4.4 inches wide, or 9. Its texts need not be escaped: none is a formula, and what cannot be seen is shown as its number.
        alt: what it shows, for those who do not see it, in a sentence with its main figures.
        wide: whether it takes the whole width of a page, rather than half of it.
    """

    name: str
    caption: str
    draw: Callable[[], Drawn]
    alt: str
    wide: bool = False


class Table(NamedTuple):
    """A table of a report.

    Attributes:
        caption: what it holds; empty if its section says so.
        head: the columns' names.
        rows: the cells, as they are to be read.
        numbers: the columns, from 0, that stand to the right.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...] = ()


class Section(NamedTuple):
    """A part of a report.

    Attributes:
        title: its heading.
        says: its paragraphs.
        parts: its figures and tables, in order.
    """

    title: str
    says: tuple[str, ...]
    parts: tuple[Picture | Table, ...] = ()

    def watched(self, step: Callable[[], object]) -> "Section":
        """Return the same section, which calls `step` after each figure that is drawn."""

        def watched(picture: Picture) -> Picture:
            def draw() -> Drawn:
                drawn = picture.draw()
                step()
                return drawn

            return picture._replace(draw=draw)

        return self._replace(parts=tuple(watched(part) if isinstance(part, Picture) else part for part in self.parts))


class Report(NamedTuple):
    """A report. All texts are plain: whoever writes them to a page escapes them.

    Attributes:
        title: what it is about.
        subtitle: of what it is made: seeds, runs, version.
        findings: the first paragraphs: what was found, in words, with intervals.
        remarks: what a reader must know before they believe it: failures, few seeds, a broken-off run; each a sentence.
        sections: the rest.
    """

    title: str
    subtitle: str
    findings: tuple[str, ...]
    remarks: tuple[str, ...]
    sections: tuple[Section, ...]

    @property
    def pictures(self) -> list[Picture]:
        """All its figures."""
        return [part for section in self.sections for part in section.parts if isinstance(part, Picture)]

    def watched(self, step: Callable[[], object]) -> "Report":
        """Return the same report, which calls `step` after each figure that is drawn."""
        return self._replace(sections=tuple(section.watched(step) for section in self.sections))
