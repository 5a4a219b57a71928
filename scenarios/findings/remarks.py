"""Remarks: what to know of a study before one believes what it found."""

from typing import TYPE_CHECKING

from scenarios.study.results import Results

if TYPE_CHECKING:
    from scenarios.findings.findings import Findings


def remarks(results: Results, found: "Findings") -> list[str]:
    """Return what to know before one believes a study, the most serious first."""
    return []
