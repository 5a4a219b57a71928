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
        OUT.print("`parley list KIND` shows the dials of each; `parley gallery DIR` draws annotators", style="dim", highlight=False)


def gallery(
    folder: Annotated[Path, typer.Argument(help="The folder to write to; pictures go into a folder `pictures` in it.")],
    quiet: Quiet = False,
) -> None:
    """Write a page that shows what annotators may be like: each behaviour with an example, its dials and a picture."""
    from scenarios.gallery.guide import write_guide

    with reporting():
        written = [*track(write_guide(folder), "drawing", console=ERR, transient=True, disable=quiet or not ERR.is_terminal)]
        OUT.print(f"{written[-1]}, with {len(written) - 1} pictures", highlight=False, markup=False)


def schema() -> None:
    """Print the JSON schema of scenario files, by which editors complete them."""
    from scenarios import catalogue

    print(json.dumps(catalogue.schema(), indent=2, ensure_ascii=False))
