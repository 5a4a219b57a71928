"""Sentences: what a study found, in words, with intervals."""

from typing import TYPE_CHECKING

from scenarios.study.results import Results

if TYPE_CHECKING:
    from scenarios.findings.findings import Findings


def sentences(results: Results, found: "Findings") -> list[str]:
    """Return what a study found, the most important first; at most six sentences."""
    return []
