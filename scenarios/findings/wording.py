"""Wording: a contrast, an estimate or a name as a sentence has it."""

import math
from collections.abc import Sequence

from scenarios.findings.contrasts import Contrast
from scenarios.findings.quantities import Quantity
from scenarios.measures.measure import Measure
from scenarios.measures.phrases import MULTIPLE, listed, more_or_less, percent, times
from scenarios.measures.unit import SHARE
from scenarios.statistics.estimate import Estimate

LONGEST_LIST = 4
"""Names that a sentence lists at most."""

_SUBJECTS = {
    "accuracy": "how accurate the model is",
    "label_accuracy": "how many labels are right",
    "labels": "how many labels there are",
    "answers": "how many answers are asked for",
    "cost": "what it costs",
    "simulated_seconds": "how long it takes",
}

_PARTS = {
    "answers": ("asks for {} of the answers", "that {} asks for"),
    "cost": ("costs {} of", "what {} costs"),
    "simulated_seconds": ("takes {} of the time", "that {} takes"),
}
"""What is told in parts of what another takes."""

_WHOLES = {"answers": " the answers", "cost": " the money", "simulated_seconds": " the time"}

_EQUAL = 0.02
"""By how much, as a share, two prices may differ and still be called the same."""


def subject(measure: Measure) -> str:
    """Return a measure as what something matters to, or what levels differ in."""
    return _SUBJECTS.get(measure.key, f"the {measure.title}")


def difference(measure: Measure, contrast: Contrast, against: str = "") -> str:
    """Return a difference that shows: "is 8.1 points more accurate than random (95 % interval 7.2 to 9.0, 10 seeds)".

    Of what has a zero, such as time, it begins with the ratio: "takes 33 % of the time that barrier takes (41m less, ...)".
    """
    phrase = measure.more if contrast.paired.mean > 0 else measure.less
    amount = measure.unit.written(abs(contrast.paired.mean), _digits(measure, contrast))
    told = ratio(measure, contrast, against)
    if told:
        return f"{told} ({amount} {'more' if contrast.paired.mean > 0 else 'less'}, {certainty(measure, contrast)})"
    return f"{phrase.format(amount)}{f' than {against}' if against else ''} ({certainty(measure, contrast)})"


def differing(measure: Measure, contrast: Contrast) -> str:
    """Return a difference that shows without how sure it is: "is 8.1 points more accurate"."""
    phrase = measure.more if contrast.paired.mean > 0 else measure.less
    return ratio(measure, contrast) or phrase.format(measure.unit.written(abs(contrast.paired.mean), _digits(measure, contrast)))


def ratio(measure: Measure, contrast: Contrast, against: str = "") -> str:
    """Return how many times as much, or which part, a level takes of what another does; "" of what has no zero."""
    if measure.key not in _PARTS or contrast.ratio is None or not contrast.ratio > 0:
        return ""
    if contrast.ratio > 1:
        return more_or_less(measure, contrast.paired.mean, None, contrast.ratio, against)
    part, whole = _PARTS[measure.key]
    if against or measure.key == "cost":
        part = f"{part} {whole.format(against or 'the other')}"
    return part.format(percent(contrast.ratio))


def certainty(measure: Measure, contrast: Contrast) -> str:
    """Return how sure a difference is: its interval, and of how many seeds."""
    count = seeds(contrast.paired.pairs)
    if contrast.paired.pairs < 2:
        return f"{count}, and no interval"
    told = bounds(measure, contrast, plain=True)
    low, _, high = told.partition(" to ")
    return f"in every pair, {count}" if low == high else f"95 % interval {told}, {count}"


def signed(measure: Measure, contrast: Contrast, brackets: bool = False) -> str:
    """Return a difference with its sign, and its interval, in brackets if that reads better: "+0.2 points, -0.4 to +0.8"."""
    digits = _digits(measure, contrast)
    mean = measure.unit.written(contrast.paired.mean, digits, "+")
    unit = " points" if measure.unit is SHARE else ""
    told = bounds(measure, contrast) if math.isfinite(contrast.interval.low) else ""
    low, _, high = told.partition(" to ")
    if low == high:
        return f"{mean}{unit}"
    return f"{mean}{unit} ({told})" if brackets else f"{mean}{unit}, {told}"


def part(measure: Measure, contrast: Contrast) -> str:
    """Return a difference as `signed` has it in brackets; of what has a zero, its ratio first: "57 % of the time (-10m, ...)"."""
    if not ratio(measure, contrast) or contrast.ratio is None:
        return signed(measure, contrast, True)
    told = f"{percent(contrast.ratio)} of" if contrast.ratio < MULTIPLE else f"{times(contrast.ratio)} times"
    return f"{told}{_WHOLES[measure.key]} ({signed(measure, contrast)})"


def bounds(measure: Measure, contrast: Contrast, plain: bool = False) -> str:
    """Return the ends of a difference's interval; if they are to be plain, without a sign where both have the same."""
    low, high, digits = *contrast.interval, _digits(measure, contrast)
    if plain and low * high > 0:
        low, high = sorted((abs(low), abs(high)))
        return f"{measure.unit.written(low, digits)} to {measure.unit.written(high, digits)}"
    return f"{measure.unit.written(low, digits, '+')} to {measure.unit.written(high, digits, '+')}"


def sides(measure: Measure, contrast: Contrast) -> str:
    """Return what both sides of a contrast come to: "92.2 % against 83.7 %"."""
    digits, sign = _digits(measure, contrast), " %" if measure.unit is SHARE else ""
    mine, theirs = (measure.unit.written(each.mean, digits) for each in (contrast.mine, contrast.theirs))
    return f"{mine}{sign} against {theirs}{sign}"


def figure(measure: Measure, estimate: Estimate, lead: str = "", count: int = 0) -> str:
    """Return a mean in its unit, with its 95 % interval where there is one: "84.1 % (82.0 to 86.2)".

    Args:
        measure: what it is of.
        estimate: the mean.
        lead: words before the interval.
        count: of how many seeds it is; 0 if that need not be said.
    """
    mean, half = estimate
    digits = measure.unit.fineness([mean], [half] if half > 0 else [])
    text = f"{measure.unit.written(mean, digits)}{' %' if measure.unit is SHARE else ''}"
    low, high = estimate.interval
    # No share is above one, whatever the spread.
    ends = (max(low, 0.0), min(high, 1.0)) if measure.unit is SHARE else (low, high)
    interval = f"{lead}{measure.unit.written(ends[0], digits)} to {measure.unit.written(ends[1], digits)}" if half > 0 else ""
    told = ", ".join(part for part in (interval, seeds(count) if count else "") if part)
    return f"{text} ({told})" if told else text


def price(measure: Measure, contrast: Contrast | None) -> str:
    """Return what a level takes more or less than another, such as "costs 3.0 times as much"; "" if that does not show."""
    if contrast is None or not contrast.real or contrast.ratio is None or abs(contrast.ratio - 1) < _EQUAL:
        return ""
    if measure.key == "labels":
        return (measure.more if contrast.paired.mean > 0 else measure.less).format(percent(abs(contrast.ratio - 1)))
    if measure.multiple:
        return more_or_less(measure, contrast.paired.mean, None, contrast.ratio)
    phrase = measure.more if contrast.paired.mean > 0 else measure.less
    return phrase.format(measure.unit.written(abs(contrast.paired.mean), _digits(measure, contrast)))


def better(quantity: Quantity, contrast: Contrast) -> bool:
    """Return whether a level does better than the one that it is compared with, by the sign of its difference."""
    return (contrast.paired.mean > 0) == quantity.greater_is_better


def seeds(count: int) -> str:
    """Return a number of seeds in words."""
    return "1 seed" if count == 1 else f"{count:,} seeds"


def some(parts: Sequence[str], word: str = "and") -> str:
    """Return parts as a sentence lists them, the rest of many as a number."""
    if len(parts) <= LONGEST_LIST:
        return listed(parts, word)
    return f"{', '.join(parts[: LONGEST_LIST - 1])} {word} {len(parts) - LONGEST_LIST + 1} more"


def sentence(text: str) -> str:
    """Return a text with a capital at its beginning and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."


def _digits(measure: Measure, contrast: Contrast) -> int:
    half = contrast.interval.half_width
    # What is left of sums that should be zero asks for no digits.
    return measure.unit.fineness([contrast.paired.mean], [half] if half > 1e-9 * abs(contrast.paired.mean) else [])
