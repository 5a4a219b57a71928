"""The page of a study, written by programs."""

from pathlib import Path

from bus.table import nearest
from scenarios.errors import BadInput
from scenarios.report.files import write_together
from scenarios.report.study.report import report_of_study
from scenarios.report.writing import FORMATS, files_of
from scenarios.study.results import Results


def write_page(results: Results, out: Path, figures: Path | None = None) -> Path:
    """Write the page of a study, and return its path.

    Args:
        results: of the study.
        out: the file: .html, .pdf, .png or .md.
        figures: a folder for every figure as SVG and PDF; None for none.

    Raises:
        BadInput: it cannot be written.
    """
    form = out.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise BadInput(f"{out}: a report is a file whose name ends in its format; {nearest(form, [*FORMATS])}")
    write_together(files_of(report_of_study(results), out, figures))
    return out
