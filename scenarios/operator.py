"""The operator's log: what agents say while they work, on stderr, stamped with simulated time. Nothing reads it but people."""

import asyncio
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from structlog.typing import EventDict, WrappedLogger

from bus.clock import VirtualLoop
from bus.duration import format_time

_LEVELS = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO, 2: logging.DEBUG}


def configure(verbosity: int) -> None:
    """Let through errors (-1), warnings (0), what the agents do (1), or everything (2 and more)."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _stamp,
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), sort_keys=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[min(verbosity, 2)]),
        # Looked up for each logger: where Parley is a guest, stderr may be another one by then, and the first one closed.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


@contextmanager
def muted(whenever: Callable[[], bool]) -> Iterator[None]:
    """Let nothing through, errors neither, whenever that holds."""
    if not structlog.is_configured():
        configure(0)
    processors = structlog.get_config()["processors"]

    def mute(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        if whenever():
            raise structlog.DropEvent
        return event

    structlog.configure(processors=[mute, *processors])
    try:
        yield
    finally:
        structlog.configure(processors=processors)


def _stamp(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Say when it was, by the clock of the simulation."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return event
    if isinstance(loop, VirtualLoop):
        event["timestamp"] = format_time(loop.now)
    return event
