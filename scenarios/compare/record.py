"""A comparison for programs: one object, with everything in it."""

import math
from typing import Any

from scenarios.compare.contest import COLUMNS, Contest
from scenarios.compare.verdict import Comparison, Difference, Standing
from scenarios.compare.wording import terms
from scenarios.statistics.estimate import ERROR


def record(contest: Contest, comparison: Comparison, settings: dict[str, Any]) -> dict[str, Any]:
    """Return a comparison as plain tables; what is not defined is None.

    Args:
        contest: who took part.
        comparison: what came of it.
        settings: what was set for all, by path.
    """
    return {
        "scenario": contest.name,
        "set": settings,
        "seeds": sorted({row["seed"] for row in comparison.rows}),
        "against": comparison.against,
        "level": 1 - ERROR,
        "tests": comparison.tests,
        "interval_level": 1 - comparison.error,
        "policies": [
            {**_standing(standing), "set": contender.settings}
            for standing, contender in zip(comparison.standings, contest.contenders, strict=True)
        ],
        "differences": [_difference(each, comparison.against) for each in comparison.differences],
        "terms": terms(comparison),
        "failures": [{key: row[key] for key in ("policy", "seed", "error")} for row in comparison.failures],
        "runs": [{key: row[key] for key in COLUMNS} for row in comparison.rows],
    }


def _standing(standing: Standing) -> dict[str, Any]:
    means = {
        key: {"mean": _number(mean), "low": _number(mean - half), "high": _number(mean + half)}
        for key, (mean, half) in standing.means.items()
    }
    return {"name": standing.name, "runs": standing.runs, "stopped_by": dict(sorted(standing.stopped_by.items())), "means": means}


def _difference(difference: Difference, against: str) -> dict[str, Any]:
    paired = difference.paired
    low, high = paired.interval()
    return {
        "policy": difference.name,
        "against": against,
        "measure": difference.measure.key,
        "pairs": paired.pairs,
        "mean": _number(paired.mean),
        "spread": _number(paired.spread),
        "low": _number(difference.low),
        "high": _number(difference.high),
        "low_alone": _number(low),
        "high_alone": _number(high),
        "p": _number(difference.p),
        "p_alone": None if paired.alike else _number(paired.p),
        "ratio": difference.ratio,
        "verdict": difference.verdict,
        "seeds_needed": difference.needed,
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
