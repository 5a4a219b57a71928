"""The report of a run, made of its log."""

from collections.abc import Callable
from pathlib import Path

from agents.component import Trust
from scenarios.export.reading import Progress, unwatched
from scenarios.report.campaign.agreement import agreement
from scenarios.report.campaign.calibration import calibration
from scenarios.report.campaign.confusion import confusion
from scenarios.report.campaign.drawing import worded
from scenarios.report.campaign.evidence import Evidence, evidence_of
from scenarios.report.campaign.findings import findings, remarks
from scenarios.report.campaign.learning import learning
from scenarios.report.campaign.money import money
from scenarios.report.campaign.negotiation import negotiation
from scenarios.report.campaign.queues import queues
from scenarios.report.campaign.scorecards import scorecards
from scenarios.report.campaign.staleness import staleness
from scenarios.report.campaign.stopping import stopping
from scenarios.report.campaign.timetable import timetable
from scenarios.report.document import Report, Section

_SECTIONS: tuple[Callable[[Evidence], Section | None], ...] = (
    learning,
    calibration,
    agreement,
    confusion,
    scorecards,
    timetable,
    queues,
    staleness,
    negotiation,
    money,
    stopping,
)
"""What makes the sections, in their order; each is left out where it has nothing to show."""

CAREFUL = Trust(everything=False)
"""Nothing is imported that a log names."""


def report_of_log(path: Path, trust: Trust = CAREFUL, folder: Path | None = None, progress: Progress = unwatched) -> Report:
    """Return the report of a run, or of answers that were imported.

    The log is read from its start to its end. Nothing of its scenario is run; its data are made anew, where they can be, to know
    what is true of the items.

    Args:
        path: the log.
        trust: what the scenario in it may import to have its data made anew.
        folder: where the paths of its data start; None for where they started then.
        progress: told how many bytes of the log have been read; it is read twice.

    Raises:
        CorruptLog: the log is damaged.
        OSError: it cannot be read.
    """
    evidence = evidence_of(path, trust, folder, progress)
    sections = tuple(section for make in _SECTIONS if (section := make(evidence)) is not None)
    title = worded(evidence.header.name, 200)
    return Report(title, _subtitle(evidence), findings(evidence), remarks(evidence), sections)


def _subtitle(evidence: Evidence) -> str:
    header = evidence.header
    what = "A run" if header.origin == "simulated" else "Recorded answers"
    version, log = worded(header.parley), worded(evidence.path.name)
    return f"{what}, seed {header.seed}, {evidence.summary.events:,} events, Parley {version}; log {log}"
