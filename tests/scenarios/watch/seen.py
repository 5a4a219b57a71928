"""Campaigns at chosen moments, as those see them who watch."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bus.journal import Journal
from bus.message import Envelope
from scenarios.campaign import Campaign
from scenarios.loading import load
from scenarios.run import run
from scenarios.summary import Summary
from scenarios.watch.glimpse import Glimpse, glimpse_of
from tests.scenarios.campaigns import write


def at_events(patch: pytest.MonkeyPatch, deed: Callable[[int], None]) -> None:
    """Do something after each event, whose number it is told."""
    append = Journal.append

    def appending(journal: Journal, envelope: Envelope) -> None:
        append(journal, envelope)
        deed(envelope.seq)

    patch.setattr(Journal, "append", appending)


def watched(text: str, folder: Path, patch: pytest.MonkeyPatch, moments: Sequence[int]) -> tuple[list[Glimpse], Summary]:
    """Run a scenario; return glimpses of it at so many events and one of its end, and what it amounts to."""
    campaigns: list[Campaign] = []
    glimpses: list[Glimpse] = []

    def look(number: int) -> None:
        if number in moments:
            glimpses.append(glimpse_of(campaigns[0]))

    at_events(patch, look)
    summary = run(load(write(folder, text)).scenario, logs=None, on_start=campaigns.append)
    return [*glimpses, glimpse_of(campaigns[0])], summary
