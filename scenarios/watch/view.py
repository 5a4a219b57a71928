"""The live view: a screen in the terminal, drawn while a campaign runs."""

import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack, redirect_stderr
from io import StringIO
from threading import Event, Thread
from typing import IO

from rich.console import Console
from rich.live import Live
from rich.text import Text

from scenarios.campaign import Campaign
from scenarios.watch.frame import Frame, frame_of
from scenarios.watch.glimpse import glimpse_of, steady
from scenarios.watch.news import News

SHORTEST_PAUSE = 0.25
"""Real seconds between two frames at least."""
LONGEST_PAUSE = 2.0
"""Real seconds between two frames at most, unless a frame costs so much that its share demands more."""
SHARE = 0.01
"""Share of the processor's time that drawing takes: after one, the run works for so much longer."""
IDLE = 0.05
"""Share of the time that a run works at most which does nothing but wait, as one at a pace does."""
_KEPT = 1_000
"""Lines for the operator that are kept until the screen is theirs again."""


class View:
    """A screen on a terminal, drawn by a thread of its own from figures that the agents keep anyway.

    What anybody writes to stderr meanwhile, such as the operator's log, is among the news, and stands below the last view.

    Args:
        file: the terminal.
        size: its letters and lines; None for as many as it has at each moment.
    """

    def __init__(self, file: IO[str], size: tuple[int, int] | None = None) -> None:
        width, height = size or (None, None)
        self._console = Console(file=file, width=width, height=height, force_terminal=True)
        self._campaign: Campaign | None = None
        self._news = News()
        self._said = _Lines(self._news.say)
        self._over = Event()
        self._failure: Exception | None = None
        self._live = Live(
            console=self._console, screen=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False,
            get_renderable=self._draw,
        )  # fmt: skip
        self._thread = Thread(target=self._draw_on, name="view", daemon=True)
        self._stack = ExitStack()

    def __enter__(self) -> Callable[[Campaign], None]:
        self._live.start()
        self._stack.enter_context(redirect_stderr(self._said))
        self._thread.start()
        return self._watch

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._stack.close()
        self._live.stop()
        if self._campaign is not None:
            self._console.print(self._draw().condensed(), end="")
        sys.stderr.write(self._said.rest())
        if self._failure is not None:
            sys.stderr.write(f"the view broke off: {type(self._failure).__name__}: {self._failure}\n")

    def _watch(self, campaign: Campaign) -> None:
        self._campaign = campaign

    def _draw_on(self) -> None:
        cost = worked = waited = 0.0
        while not self._over.wait(SHORTEST_PAUSE):
            waited += SHORTEST_PAUSE
            pause, busy = cost / SHARE, time.process_time() - worked
            # Where others have the processor too, a run is slowed by what is drawn while it works, and not while they do.
            if IDLE * waited < busy < pause and waited < max(LONGEST_PAUSE, pause):
                continue
            began = time.thread_time()
            try:
                self._live.refresh()
            except OSError as failure:
                self._fail(failure)
            cost, worked, waited = time.thread_time() - began, time.process_time(), 0.0

    def _draw(self) -> Frame:
        campaign = self._campaign
        if campaign is None:
            return Frame([Text("preparing the world ...", style="dim")])
        try:
            glimpse = glimpse_of(campaign)
            self._news.take(glimpse)
            size, news = self._console.size, steady(lambda: [*self._news.lines], list[str]())
            return frame_of(glimpse, self._news.history, news, size.width, size.height)
        except Exception as failure:
            self._fail(failure)
            return Frame([])

    def _fail(self, failure: Exception) -> None:
        """Draw no more: the run goes on, whatever becomes of the view."""
        self._failure = failure
        self._over.set()


class _Lines(StringIO):
    """Takes in what is written to it, line by line."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self._say = say
        self._kept: deque[str] = deque(maxlen=_KEPT)
        self._open = ""
        self._count = 0

    def write(self, text: str) -> int:
        """Take in some letters."""
        *lines, self._open = (self._open + text).split("\n")
        for line in lines:
            self._count += 1
            self._kept.append(line)
            self._say(Text.from_ansi(line).plain)
        return len(text)

    def rest(self) -> str:
        """Return what was written, or the last of it."""
        lines = [*self._kept, *([self._open] if self._open else [])]
        lost = self._count - len(self._kept)
        told = [f"({lost:,} earlier lines are left out)"] if lost else []
        return "".join(f"{line}\n" for line in (*told, *lines))
