"""`parley list` and `schema`: what there is to choose from."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track

from scenarios.commands.options import Quiet
from scenarios.reporting import ERR, OUT, reporting


def list_components(
    kind: Annotated[
        str | None,
        typer.Argument(help="A kind, such as noise, or a component, such as negotiation; left out, what there is."),
    ] = None,
) -> None:
    """List every component with its dials, bounds and defaults."""
    from scenarios import catalogue
    from scenarios.loading import library

    with reporting():
        if kind is not None:
            catalogue.show(kind, OUT)
            return
        for name in catalogue.KINDS:
            OUT.print(f"[bold]{name:<14}[/]{', '.join(member.kind for member in catalogue.members(name))}", highlight=False)
        OUT.print(f"[bold]{'library':<14}[/]{', '.join(entry.name for entry in library())}", highlight=False)
        OUT.print(
            "`parley list KIND` shows the dials of each; `parley gallery DIR` draws annotators and strategies",
            style="dim",
            highlight=False,
        )


def gallery(
    folder: Annotated[Path, typer.Argument(help="The folder to write to; pictures go into a folder `pictures` in it.")],
    page: Annotated[str | None, typer.Argument(help="behaviours or strategies; left out, both.")] = None,
    quiet: Quiet = False,
) -> None:
    """Write pages that show what annotators may be like, and how items may be chosen: each with an example, dials and a picture."""
    from scenarios.gallery.guide import files, guides_called, write_guides

    with reporting():
        guides = guides_called(page)
        drawing = write_guides(folder, guides)
        shown = not quiet and ERR.is_terminal
        written = [*track(drawing, "drawing", total=files(guides), console=ERR, transient=True, disable=not shown)]
        pages = [path for path in written if path.suffix == ".md"]
        OUT.print(f"{' and '.join(map(str, pages))}, with {len(written) - len(pages)} pictures", highlight=False, markup=False)


def schema() -> None:
    """Print the JSON schema of scenario files, by which editors complete them."""
    from scenarios import catalogue

    print(json.dumps(catalogue.schema(), indent=2, ensure_ascii=False))
