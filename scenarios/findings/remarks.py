"""Remarks: what to know of a study before one believes what it found."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scenarios.findings.quantities import Quantity, seeds_tried
from scenarios.measures.unit import SHARE
from scenarios.study.results import Results

if TYPE_CHECKING:
    from scenarios.findings.findings import Findings

FEW_SEEDS = 5
"""Seeds below which intervals are told to be shaky."""


def remarks(results: Results, found: "Findings") -> list[str]:
    """Return what to know before one believes a study, the most serious first."""
    own = next((each for each in found.quantities if each.key == results.measure), None)
    return [*_failed(results), *_missing(results), *_few(results), *_imprecise(results, own), *_dropped(found), *_family(found)]


def _failed(results: Results) -> Iterator[str]:
    failed = len(results.rows) - len(results.good)
    if failed:
        of = f"{failed:,} of {len(results.rows):,} runs failed"
        yield f"{of}; their pairs do not count, and if they failed for a reason, what is left is a selection."


def _missing(results: Results) -> Iterator[str]:
    """Yield how many runs have not been made."""
    missing = sum(max(results.seeds - len(seeds), 0) for seeds in seeds_tried(results))
    if missing:
        yield f"The study was broken off: {missing:,} of its {results.seeds * len(results.points):,} runs are missing."


def _few(results: Results) -> Iterator[str]:
    counts = [len(results.of(point)) for point in range(len(results.points))]
    most = max(counts, default=0)
    if most == 1:
        yield "One seed is one draw of luck: there is no interval, and nothing can be told. --seeds 20 is a good start."
    elif 1 < most < FEW_SEEDS:
        yield f"{most} seeds are few: intervals are wide, and lean on the spread being a normal one."


def _imprecise(results: Results, own: Quantity | None) -> Iterator[str]:
    if results.precision is None or own is None:
        return
    halves = [each.half_width for each in results.estimates(results.measure)]
    wide = [half for half in halves if half > results.precision]
    if wide:
        unit = own.measure.unit
        digits = unit.fineness([results.precision], [results.precision])
        points = " points" if unit is SHARE else ""
        yield (
            f"The precision that was asked for, {unit.written(results.precision, digits)}{points} to either side, is not reached "
            f"at {len(wide)} of {len(halves)} settings; the widest interval has {unit.written(max(wide), digits)}."
        )


def _dropped(found: "Findings") -> Iterator[str]:
    if found.order is not None and found.order.ranking.dropped:
        ranking = found.order.ranking
        what = "settings" if found.order.blocks == "places" else "seeds"
        yield f"{ranking.dropped} of {ranking.dropped + ranking.blocks} {what} lack a level, and do not count in ranks."
    if not found.quantities:
        return
    own = found.contrasts_by(found.quantities[0].key)
    lost = sum(each.dropped for each in own)
    if lost:
        yield f"{lost:,} of {lost + sum(each.paired.pairs for each in own):,} pairs lack one of both runs, and do not count."


def _family(found: "Findings") -> Iterator[str]:
    tested = sum(each.tested for each in found.contrasts_by(found.quantities[0].key)) if found.quantities else 0
    if tested > 1:
        yield (
            f"{tested} differences were tested, on pairs of runs with the same seed (paired t, Holm): at most 1 study in 20 calls "
            "any of them real that is chance. Intervals are of 95 %, each for itself."
        )
