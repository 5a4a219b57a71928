"""Files: what a report is written as, all of it or nothing of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

from matplotlib.figure import Figure as Drawn

from scenarios.errors import BadInput
from scenarios.replacement import replacement
from scenarios.report.document import Picture, Report
from scenarios.report.drawing import drawing
from scenarios.report.vector import DPI, vector_of

_NO_DATES = {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None}
"""Of a PDF: the same figure is the same bytes."""


def file_name(number: int, picture: Picture) -> str:
    """Return the name of a figure's files, without a suffix: its number in the report, from 1, and its own name."""
    return f"{number:02}-{picture.name}"


def figure_files(report: Report, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the files of every figure for papers: as SVG and as PDF, black on nothing.

    Args:
        report: the report.
        folder: where they are to be.
    """
    for number, picture in enumerate(report.pictures, 1):
        with drawing(picture) as drawn:
            buffer = BytesIO()
            drawn.savefig(buffer, format="pdf", dpi=DPI, metadata=_NO_DATES)
            vector = vector_of(drawn)
        name = file_name(number, picture)
        yield folder / f"{name}.svg", vector.alone(picture.alt).encode()
        yield folder / f"{name}.pdf", buffer.getvalue()


def picture_file(draw: Callable[[], Drawn], alt: str, suffix: str) -> bytes:
    """Return a single picture in the look of reports, on white: as SVG, or as PNG at 150 dots an inch.

    Args:
        draw: draws it.
        alt: what it shows.
        suffix: ".svg" or ".png".
    """
    with drawing(Picture("picture", alt, draw, alt)) as drawn:
        if suffix.lower() == ".svg":
            return vector_of(drawn).alone(alt, "#ffffff").encode()
        buffer = BytesIO()
        drawn.savefig(buffer, format="png", dpi=150, facecolor="#ffffff", metadata={"Software": None})
        return buffer.getvalue()


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files, making the folders that they are in; if one of them cannot be written, what stood there stays.

    Args:
        files: contents by path.

    Raises:
        BadInput: one of them cannot be written.
    """
    for folder in {path.parent: None for path in files}:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(f"{folder}: this folder cannot be made: {error.strerror or error}") from None
    with ExitStack() as stack:
        for path, content in files.items():
            file = stack.enter_context(replacement(path))
            file.write(content)
            file.flush()
