"""`parley list` and `schema`: what there is to choose from."""

import json
from typing import Annotated

import typer

from scenarios.reporting import OUT, reporting


def list_components(
    kind: Annotated[str | None, typer.Argument(help="A kind of component, such as noise; left out, what there is.")] = None,
) -> None:
    """List every component with its dials, bounds and defaults."""
    from scenarios import catalogue
    from scenarios.loading import library

    with reporting():
        if kind is not None:
            catalogue.show_kind(kind, OUT)
            return
        for name in catalogue.KINDS:
            OUT.print(f"[bold]{name:<14}[/]{', '.join(member.kind for member in catalogue.members(name))}", highlight=False)
        OUT.print(f"[bold]{'library':<14}[/]{', '.join(entry.name for entry in library())}", highlight=False)
        OUT.print("`parley list KIND` shows the dials of each", style="dim", highlight=False)


def schema() -> None:
    """Print the JSON schema of scenario files, by which editors complete them."""
    from scenarios import catalogue

    print(json.dumps(catalogue.schema(), indent=2, ensure_ascii=False))
