"""Arguments and options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

ScenarioName = Annotated[str, typer.Argument(help="A name of the library, a .toml or a .py file.")]
LogFile = Annotated[Path, typer.Argument(help="An event log.", metavar="LOG")]
Overrides = Annotated[
    list[str], typer.Option("--set", metavar="PATH=VALUE", help="Set a value, such as stop.labels=50; may be repeated.")
]
Seed = Annotated[int | None, typer.Option(help="Seed of the run, instead of the scenario's.", min=0)]
Verbose = Annotated[int, typer.Option("-v", "--verbose", count=True, help="Say on stderr what the agents do; twice for more.")]
Trusted = Annotated[bool, typer.Option("--trust", help="Run code of others that the log's scenario names.")]
Folder = Annotated[Path | None, typer.Option("--folder", help="Where the scenario's paths start, if not where they did.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress and no summary.")]
Watch = Annotated[bool, typer.Option("--watch", help="Watch agents, queues, curve and money live in the terminal.")]
