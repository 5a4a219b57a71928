"""What people see of a run while it goes on: a live line."""

from collections.abc import Callable

from rich.console import Console
from rich.live import Live
from rich.text import Text

from bus.duration import format_duration
from scenarios.campaign import Campaign


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
        campaign = self._campaign
        if campaign is None:
            return Text("preparing the world ...", style="dim")
        if campaign.repeating:
            return Text(f"repeating the past: {campaign.events:,} of {campaign.recorded:,} events", style="dim")
        coordinator, stop = campaign.coordinator, campaign.scenario.stop
        parts = [
            f"labels {coordinator.register.resolved:,}" + (f" of {stop.labels:,}" if stop.labels else ""),
            f"answers {coordinator.people.answers.total():,}",
            f"money {coordinator.people.work.ledger.committed:,.2f}" + (f" of {stop.budget:,.2f}" if stop.budget else ""),
            f"simulated {format_duration(campaign.seconds)}" + (f" of {format_duration(stop.time)}" if stop.time else ""),
        ]
        if campaign.evaluator.curve:
            parts.append(f"accuracy {campaign.evaluator.curve[-1].accuracy:.3f}")
        return Text("  ".join(parts))
