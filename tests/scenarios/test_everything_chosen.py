"""Campaigns in which all that bears on the choice of items is drawn: whatever is combined, they end well, and are repeated."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from agents.component import Trust, Unusable
from agents.estimator import Model, ModelShelf
from agents.messages import ModelPublished
from bus.message import Envelope
from bus.replay import LogReader
from scenarios.campaign import Campaign
from scenarios.errors import BadInput
from scenarios.header import header_of
from scenarios.history.course import Course
from scenarios.loading import make
from scenarios.logfile import log_name
from scenarios.run import Origin, prepare, resume, run, verify
from scenarios.summary import Summary, summary_of
from tests.scenarios.audit import audit
from tests.scenarios.everything import scenarios, write_data

ROOT = Path(__file__).parents[2]


class Outcome(NamedTuple):
    """How a campaign went.

    Attributes:
        refused: why there was none, or why it broke off; empty if it ended.
        log: what was written.
    """

    refused: str
    log: bytes


def outcome(tables: dict[str, Any], folder: Path, cut: float | None = None) -> Outcome:
    """Run a campaign, audit it, and run it again: to verify its log, and, cut at that share of its lines, to resume it."""
    try:
        scenario = make(tables, "scenario", {}, Trust()).completed()
        prepare(scenario, Origin(folder))
    except BadInput as error:
        return Outcome(f"refused: {error}", b"")
    said: list[Envelope] = []
    published: dict[int, Model] = {}
    campaigns: list[Campaign] = []

    def listen(campaign: Campaign) -> None:
        campaigns.append(campaign)
        record, shelf = campaign._bus._record, campaign._cast._models

        def note(envelope: Envelope) -> None:
            said.append(envelope)
            if shelf is not None and isinstance(envelope.body, ModelPublished):
                published[envelope.body.version] = shelf.get(envelope.body.version)
            record(envelope)

        campaign._bus._record = note

    with TemporaryDirectory() as place:
        log = Path(place) / log_name(scenario)
        try:
            summary = run(scenario, Path(place), origin=Origin(folder), on_start=listen)
        except Unusable as error:
            return Outcome(f"broke off: {error}", log.read_bytes())
        remember(campaigns[0]._cast._models, published)
        audit(campaigns[0], said)
        assert plain(read(log)) == plain(summary)
        whole = log.read_bytes()
        if cut is not None:
            assert verify(log, Trust(), folder).footer is not None
            lines = whole.splitlines(keepends=True)
            log.write_bytes(b"".join(lines[: max(1, int(len(lines) * cut))]))
            again, _ = resume(log, Trust(), folder)
            assert again == summary
            assert log.read_bytes() == whole
    return Outcome("", whole)


def read(log: Path) -> Summary:
    """Return what a log amounts to."""
    course = Course(LogReader(log))
    course.go_to(None)
    return summary_of(course, header_of(course.reader))


def plain(summary: Summary) -> dict[str, Any]:
    """Return what a campaign and its log agree on; the log does not tell who never had a task, nor when labels were heard of."""
    told = summary.model_dump()
    told["annotators"] = {work[0]: work for work in told["annotators"] if work[1] or work[2]}
    return {**told, "stays": sorted(told["stays"]), "staleness": None}


def remember(shelf: ModelShelf | None, models: dict[int, Model]) -> None:
    """Put all models that were published back on the shelf, which forgets where nothing can go wrong: an audit looks at them."""
    if shelf is not None:
        shelf.kept = len(models)
        for version, model in models.items():
            shelf.put(version, model)


def digests(drawn: Sequence[dict[str, Any]], folder: Path) -> Iterator[str]:
    """Yield a digest of the log of each campaign."""
    for tables in drawn:
        yield blake2b(outcome(tables, folder).log, digest_size=16).hexdigest()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data(tmp_path_factory.mktemp("data"))


CUTS = st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])


def ends_well(tables: dict[str, Any], folder: Path, cut: float) -> None:
    """Check that a campaign ends and is repeated, or that there is a sentence which says why not."""
    refused = outcome(tables, folder, cut).refused
    event(refused.partition(":")[0] or "ended")
    assert not refused or len(refused.split()) > 4


@settings(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
@given(scenarios(), CUTS)
def test_whatever_is_combined_a_campaign_ends_well_and_is_repeated(folder: Path, tables: dict[str, Any], cut: float) -> None:
    ends_well(tables, folder, cut)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=[*HealthCheck])
@given(scenarios(), CUTS)
def test_a_thousand_campaigns_of_all_sorts_end_well_and_are_repeated(folder: Path, tables: dict[str, Any], cut: float) -> None:
    ends_well(tables, folder, cut)


def drawn(count: int) -> list[dict[str, Any]]:
    """Return so many scenarios."""
    found: list[dict[str, Any]] = []

    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck])
    @given(scenarios())
    def draw(tables: dict[str, Any]) -> None:
        found.append(tables)

    draw()
    return found


@pytest.mark.slow
def test_campaigns_of_all_sorts_are_the_same_whatever_the_hash_seed(folder: Path) -> None:
    scenarios = json.dumps(drawn(100))
    said = [
        subprocess.run(
            [sys.executable, "-m", __name__, str(folder)],
            input=scenarios,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert len({*said[0]}) > 50, "most are no refusals"


if __name__ == "__main__":
    for digest in digests(json.load(sys.stdin), Path(sys.argv[1])):
        print(digest, flush=True)
