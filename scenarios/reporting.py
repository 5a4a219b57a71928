"""How the command speaks: results on stdout, the rest on stderr, and an exit status that says what happened."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.markup import escape

from agents.component import Unusable
from bus.replay import CorruptLog
from bus.stall import Spinning, Stalled, StepLimitReached
from scenarios.errors import BadInput

OUT = Console()
ERR = Console(stderr=True)

DIFFERENT, BAD_INPUT, STALLED, INTERRUPTED, TERMINATED = 1, 2, 3, 130, 143
"""Exit statuses beside 0."""


@contextmanager
def reporting() -> Iterator[None]:
    """Turn what people can mend into a message and an exit status, without a traceback."""
    try:
        yield
    except (BadInput, CorruptLog, Unusable) as error:
        complain(str(error))
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        complain(f"{error.filename or 'a file'}: {error.strerror or error}")
        raise typer.Exit(BAD_INPUT) from None
    except (Stalled, Spinning, StepLimitReached) as error:
        complain(str(error))
        raise typer.Exit(STALLED) from None
    except KeyboardInterrupt as error:
        terminated = getattr(error, "terminated", False)
        complain("terminated" if terminated else "interrupted")
        raise typer.Exit(TERMINATED if terminated else INTERRUPTED) from None


def complain(message: str) -> None:
    """Print a message on stderr, as it is."""
    ERR.print(f"parley: {inert(message)}", highlight=False, soft_wrap=True, style="red")


def remark(message: str) -> None:
    """Print something to know, on stderr."""
    ERR.print(inert(message), highlight=False, soft_wrap=True)


def inert(message: str) -> str:
    """Return a message in which nothing that it quotes from a file is a style, or moves a terminal's cursor."""
    return escape("".join(each if each.isprintable() or each == "\n" else ascii(each)[1:-1] for each in message))
