"""Writing: a report in the format that a file's name ends in."""

from collections.abc import Callable
from pathlib import Path

from scenarios.report.document import Report

Files = dict[Path, bytes]


def _html(report: Report, target: Path) -> Files:
    from scenarios.report.html import html_of

    return {target: html_of(report).encode()}


def _pdf(report: Report, target: Path) -> Files:
    from scenarios.report.typeset import pdf_of

    return {target: pdf_of(report)}


def _png(report: Report, target: Path) -> Files:
    from scenarios.report.typeset import png_of

    return {target: png_of(report)}


def _markdown(report: Report, target: Path) -> Files:
    from scenarios.report.markdown import markdown_files

    return dict(markdown_files(report, target))


FORMATS: dict[str, Callable[[Report, Path], Files]] = {"html": _html, "pdf": _pdf, "png": _png, "md": _markdown}
"""What makes the files of a report, by the suffix of the first."""


def files_of(report: Report, target: Path, figures: Path | None) -> Files:
    """Return all files of a report, by path: the report, and its figures.

    Args:
        report: the report.
        target: the file, whose name ends in one of FORMATS.
        figures: the folder of the figures for papers; None for none.

    Raises:
        BadInput: it does not fit the format.
    """
    files = FORMATS[target.suffix.lower().removeprefix(".")](report, target)
    if figures is not None:
        from scenarios.report.files import figure_files

        files |= dict(figure_files(report, figures))
    return files
