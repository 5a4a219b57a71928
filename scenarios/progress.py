"""What people see of a run while it goes on: a live line."""

from collections.abc import Callable
from threading import Event, Thread

from rich.console import Console
from rich.live import Live
from rich.text import Text

from bus.duration import format_duration
from scenarios.campaign import Campaign
from scenarios.watch.glimpse import steady

PAUSE = 10.0
"""Real seconds between two lines where there is no terminal."""


class Progress:
    """A live line on stderr, drawn by a thread of its own from figures that the agents keep anyway."""

    def __init__(self, console: Console) -> None:
        self._campaign: Campaign | None = None
        self._live = Live(console=console, get_renderable=self._line, refresh_per_second=5, transient=True)

    def __enter__(self) -> Callable[[Campaign], None]:
        self._live.start()
        return self._watch

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def _watch(self, campaign: Campaign) -> None:
        self._campaign = campaign

    def _line(self) -> Text:
        return line_of(self._campaign)


class ProgressLines:
    """A line of text on stderr now and then, for who watches without a terminal.

    Args:
        console: where to.
        pause: real seconds between two lines.
    """

    def __init__(self, console: Console, pause: float = PAUSE) -> None:
        self._console, self._pause = console, pause
        self._campaign: Campaign | None = None
        self._over = Event()
        self._thread = Thread(target=self._write_on, name="progress", daemon=True)

    def __enter__(self) -> Callable[[Campaign], None]:
        self._thread.start()
        return self._watch

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self, campaign: Campaign) -> None:
        self._campaign = campaign

    def _write_on(self) -> None:
        while not self._over.wait(self._pause):
            self._console.print(line_of(self._campaign).plain, markup=False, highlight=False, soft_wrap=True)


def line_of(campaign: Campaign | None) -> Text:
    """Return how far a campaign has come, in a line; None is one whose world is not there yet."""
    if campaign is None:
        return Text("preparing the world ...", style="dim")
    if campaign.repeating:
        return Text(f"repeating the past: {campaign.events:,} of {campaign.recorded:,} events", style="dim")
    coordinator, stop = campaign.coordinator, campaign.scenario.stop
    parts = [
        f"labels {coordinator.register.resolved:,}" + (f" of {stop.labels:,}" if stop.labels else ""),
        f"answers {steady(coordinator.people.answers.total, 0):,}",
        f"money {coordinator.people.work.ledger.committed:,.2f}" + (f" of {stop.budget:,.2f}" if stop.budget else ""),
        f"simulated {format_duration(campaign.seconds)}" + (f" of {format_duration(stop.time)}" if stop.time else ""),
    ]
    if campaign.evaluator.curve:
        parts.append(f"accuracy {campaign.evaluator.curve[-1].accuracy:.3f}")
    return Text("  ".join(parts))
