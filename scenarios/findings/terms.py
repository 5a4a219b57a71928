"""Terms: on which terms a level is better: what else it takes, and what becomes of quality where a study is not about that."""

from typing import TYPE_CHECKING

from scenarios.findings.headline import same
from scenarios.findings.wording import difference, price, signed
from scenarios.measures.unit import SHARE
from scenarios.statistics.estimate import Interval

if TYPE_CHECKING:
    from scenarios.findings.contrasts import Contrast
    from scenarios.findings.findings import Findings

PRICES = ("cost", "simulated_seconds", "labels")
"""What a level may take more of than another."""

_ABOUT_PRICES = frozenset({*PRICES, "answers", "positions"})

_QUALITIES = {
    "accuracy": ("is as accurate", "accuracy"),
    "label_accuracy": ("has as many of its labels right", "labels right"),
}
"""What is told of a study that is about what it takes: the first of them that it has."""

_CLOSE = Interval(-0.05, 0.05)
"""Within what a difference of shares has to be known to be called none."""


def terms(found: "Findings", contrast: "Contrast") -> list[str]:
    """Return on which terms a level differs, such as "costs 3.0 times as much"; nothing of what does not show."""
    own = found.quantities[0].key
    told = [_quality(found, contrast)] if own in _ABOUT_PRICES else []
    prices = [each for each in found.quantities if each.key in PRICES and each.key != own]
    told += [price(each.measure, beside(found, contrast, each.key)) for each in prices]
    return [each for each in told if each]


def beside(found: "Findings", contrast: "Contrast", key: str) -> "Contrast | None":
    """Return the same contrast by another quantity; None if there is none."""
    return same(found.pooled if contrast.place is None else found.contrasts, key, contrast)


def _quality(found: "Findings", contrast: "Contrast") -> str:
    """Return whether quality is the same; "" if nobody knows."""
    own = next((each for each in found.quantities if each.key in _QUALITIES), None)
    of = None if own is None else beside(found, contrast, own.key)
    if own is None or of is None or of.paired.pairs < 2:
        return ""
    alike, noun = _QUALITIES[own.key]
    if of.paired.alike and of.paired.mean == 0:
        return alike
    if of.shows:
        return difference(own.measure, of)
    low, high = of.interval
    if _CLOSE.low <= low and high <= _CLOSE.high:
        widest = max(abs(low), abs(high))
        amount = SHARE.written(widest, SHARE.fineness([widest], [of.interval.half_width]))
        return f"{alike}, to within {amount} points"
    against = found.names.compared[of.against]
    return f"has not been told apart from {against} in {noun} ({signed(own.measure, of)})"
