"""A comparison in sentences: what is real, what is not yet, and on which terms policies were compared."""

from collections.abc import Iterator

from scenarios.compare.verdict import Comparison, Difference, Standing, Verdict
from scenarios.measures.phrases import listed, more_or_less
from scenarios.measures.unit import SHARE
from scenarios.statistics.estimate import Interval
from scenarios.statistics.paired import MOST_PAIRS

_CLOSE = 0.01
"""By how much money or time may differ, as a share, and still be called equal."""


def sentences(comparison: Comparison, name: str) -> Iterator[tuple[Verdict, str]]:
    """Yield what there is to say of a policy beside the one that it is compared with: a verdict, and on what."""
    mine = [each for each in comparison.differences if each.name == name and not _is_no_news(comparison, each)]
    found = {verdict: [each for each in mine if each.verdict == verdict] for verdict in ("real", "not yet", "the same", "no pairs")}
    if found["real"]:
        clauses = [clause(each, "" if place else comparison.against) for place, each in enumerate(found["real"])]
        yield "real", f"{name} {listed(clauses)}"
    if found["not yet"]:
        yield "not yet", "; ".join(map(_unsure, found["not yet"]))
    if found["the same"]:
        yield "the same", f"{listed([each.measure.title for each in found['the same']])}: in every pair of runs"
    if found["no pairs"]:
        yield "no pairs", f"{listed([each.measure.title for each in found['no pairs']])}: no seed has it for both"


def clause(difference: Difference, against: str = "") -> str:
    """Return what a policy does more or less than another, such as "costs 31 % more than majority".

    Args:
        difference: the difference.
        against: the other; empty if it need not be said again.
    """
    interval = Interval(difference.low, difference.high) if difference.half_width > 0 else None
    return more_or_less(difference.measure, difference.paired.mean, interval, difference.ratio, against)


def _is_no_news(comparison: Comparison, difference: Difference) -> bool:
    """Return whether it could not have been otherwise: the same in every run of all, or something that neither of them does."""
    key = difference.measure.key
    does = (each.means[key].mean for each in comparison.standings if each.name in (difference.name, comparison.against))
    return comparison.value(difference.measure) is not None or not any(does)


def _unsure(difference: Difference) -> str:
    """Return a difference that is not yet real, between what it lies, and how many seeds would tell."""
    unit, pairs = difference.measure.unit, difference.paired
    points = " points" if unit is SHARE else ""
    digits = unit.fineness([pairs.mean], [difference.half_width])
    if pairs.pairs == 1:
        return f"{difference.measure.title} ({unit.written(pairs.mean, digits, '+')}{points} in the one pair there is)"
    low, high = (unit.written(value, digits, "+") for value in (difference.low, difference.high))
    text = f"{difference.measure.title} ({low} to {high}{points}"
    if pairs.mean == 0:
        return f"{text})"
    seeds = f"more than {MOST_PAIRS:,}" if difference.needed is None else f"about {_rounded(difference.needed):,}"
    return f"{text}; if it is {unit.written(pairs.mean, digits, '+')}, {seeds} seeds would tell)"


def terms(comparison: Comparison) -> list[str]:
    """Return on which terms policies were compared: at equal numbers of labels, money and time, or not."""
    equal = {
        key: _equal(comparison, key, close) for key, close in (("labels", 0.0), ("cost", _CLOSE), ("simulated_seconds", _CLOSE))
    }
    words = {"labels": "numbers of labels", "cost": "money", "simulated_seconds": "time"}
    yes, no = ([words[key] for key, value in equal.items() if value is wanted] for wanted in (True, False))
    parts = [f"at equal {listed(yes)}" if yes else "", f"not at equal {listed(no, 'or')}" if no else ""]
    told = [f"Compared {', but '.join(part for part in parts if part)}."] if yes or no else []
    if equal["labels"] and equal["cost"] is False:
        told[0] += " A `stop.budget` that all of them reach, and no `stop.labels` before it, compares at equal money."
    if equal["labels"] is False:
        told.append(
            f"They ended with different numbers of labels ({', '.join(map(_ended, comparison.standings))}): what is right of them "
            "is right of different items, and a model that learnt from more labels has an advantage that is not its policy's."
        )
    elif len({tuple(sorted(each.stopped_by)) for each in comparison.standings if each.runs}) > 1:
        told.append(f"They stopped for different reasons: {', '.join(map(_ended, comparison.standings))}.")
    missing = sum(bool(row["error"]) for row in comparison.rows)
    if missing:
        runs = "run" if missing == 1 else "runs"
        told.append(
            f"{missing:,} {runs} of {len(comparison.rows):,} failed, and {'its' if missing == 1 else 'their'} pairs do not count."
        )
    return told


def reading(comparison: Comparison) -> str:
    """Return how the table is to be read."""
    seeds = comparison.seeds
    if seeds < 2:
        return "One seed is one draw of luck: there is no interval, and nothing can be told. --seeds 20 is a good start."
    if not comparison.tests:
        return "All pairs are equal, and there is nothing to test."
    count = "1 difference was" if comparison.tests == 1 else f"{comparison.tests} differences were"
    text = (
        f"{count} tested, on pairs of runs with the same seed (paired t, Holm): at most 1 comparison in 20 calls anything real "
        f"that is chance. Intervals of differences are of {100 * (1 - comparison.error):.3g} % for that, those of means of 95 %."
    )
    if all(each.verdict != "not yet" for each in comparison.differences):
        return text
    return (
        f"{text} So many seeds would tell: 4 times in 5, if difference and spread are what they look like now. "
        "Choose a number and keep to it: who adds seeds until something is real finds more than there is."
    )


def _equal(comparison: Comparison, key: str, close: float) -> bool | None:
    """Return whether all ended with the same, to within a share; None if nobody knows."""
    some = [each for each in comparison.differences if each.measure.key == key and each.paired.pairs]
    if not some:
        return None
    return all(each.paired.alike or (each.ratio is not None and abs(each.ratio - 1) < close) for each in some)


def _ended(standing: Standing) -> str:
    labels = standing.means.get("labels")
    reasons = ", ".join(
        f"{reason} {count}" if len(standing.stopped_by) > 1 else reason for reason, count in standing.stopped_by.items()
    )
    return f"{standing.name} {labels.mean:,.4g} by {reasons}" if labels and standing.runs else f"{standing.name} never"


def _rounded(count: int) -> int:
    """Return a number to two digits, upwards: it is an estimate."""
    unit = int(10 ** max(0, len(str(count)) - 2))
    return -(-count // unit) * unit
