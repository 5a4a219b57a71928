"""Phrases: a difference, a share or a list as a sentence has it."""

from collections.abc import Sequence

from scenarios.measures.measure import Measure
from scenarios.statistics.estimate import Interval

MULTIPLE = 1.5
"""Ratio from which on something is so many times as much, and not so many per cent more."""


def more_or_less(measure: Measure, mean: float, interval: Interval | None, ratio: float | None, against: str = "") -> str:
    """Return what one does more or less than another, such as "costs 31 % more than majority".

    Args:
        measure: by what they differ.
        mean: by how much.
        interval: of the difference; None if it is not to be told.
        ratio: of the means; None if it makes no sense.
        against: the other; empty if it need not be said again.
    """
    if measure.multiple and ratio is not None and ratio >= MULTIPLE:
        return measure.multiple.format(times(ratio)) + (f" as {against}" if against else "")
    phrase = measure.more if mean > 0 else measure.less
    than = f" than {against}" if against else ""
    if measure.multiple and ratio is not None:
        return phrase.format(percent(abs(ratio - 1))) + than
    digits = measure.unit.fineness([mean], [interval.half_width if interval else 0.0])
    amount = measure.unit.written(abs(mean), digits)
    return phrase.format(amount) + than + (f" ({_bounds(measure, interval, digits)})" if interval else "")


def _bounds(measure: Measure, interval: Interval, digits: int) -> str:
    low, high = sorted((abs(interval.low), abs(interval.high)))
    return f"{measure.unit.written(low, digits)} to {measure.unit.written(high, digits)}"


def times(ratio: float) -> str:
    """Return a ratio as a sentence has it before "times"."""
    return f"{ratio:.{1 if ratio < 10 else 0}f}"


def percent(share: float) -> str:
    """Return a share in per cent, as fine as it deserves."""
    return f"{100 * share:.{0 if share >= 0.0995 else 1}f} %" if share >= 0.0005 else "under 0.1 %"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Return parts, one or more, as a sentence lists them."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}"
