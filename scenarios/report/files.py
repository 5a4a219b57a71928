"""Files: the figures of a report in a folder, each as SVG and as PDF, for papers."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from scenarios.errors import BadInput
from scenarios.replacement import replacement
from scenarios.report.document import Picture, Report
from scenarios.report.drawing import drawing
from scenarios.report.vector import DPI, vector_of


def file_name(number: int, picture: Picture) -> str:
    """Return the name of a figure's files, without a suffix: its number in the report, from 1, and its own name."""
    return f"{number:02}-{picture.name}"


def write_figures(report: Report, folder: Path) -> Iterator[Path]:
    """Write every figure as SVG and as PDF, black on nothing, yielding each file as it is written.

    Args:
        report: the report.
        folder: where to; made if it is not there.

    Raises:
        BadInput: the folder or a file cannot be written.
    """
    make_folder(folder)
    for number, picture in enumerate(report.pictures, 1):
        with drawing(picture) as drawn:
            buffer = BytesIO()
            drawn.savefig(buffer, format="pdf", dpi=DPI, metadata={"CreationDate": None, "Creator": None, "Producer": None})
            contents = {".svg": vector_of(drawn).alone(picture.alt).encode(), ".pdf": buffer.getvalue()}
        for suffix, content in contents.items():
            path = folder / f"{file_name(number, picture)}{suffix}"
            with replacement(path) as file:
                file.write(content)
            yield path


def make_folder(folder: Path) -> None:
    """Make a folder where there is none.

    Raises:
        BadInput: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder}: it cannot be made: {error.strerror or error}") from None
