"""Reversal: what is said of a level that beats the baseline at some settings and loses to it at others."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scenarios.findings.contrasts import Contrast
from scenarios.findings.names import spoken
from scenarios.findings.terms import terms
from scenarios.findings.turns import Side, Turn
from scenarios.findings.wording import better, certainty, differing, ratio, sides, signed, some
from scenarios.measures.measure import Measure
from scenarios.measures.phrases import listed

if TYPE_CHECKING:
    from scenarios.findings.findings import Findings

MOST_ALIKE = 2
"""Further levels that turn of which it is told."""


def reversal_told(found: "Findings", turns: Sequence[Turn]) -> Iterator[str]:
    """Yield who wins where: of the first of the levels that turn, and of the others in a word."""
    first, *others = turns
    yield _turn(found, first)
    yield from _between(found, first)
    if others:
        yield _likewise(found, others)


def _turn(found: "Findings", turn: Turn) -> str:
    name, against = found.names.compared[turn.level], found.names.compared[turn.gain.contrast.against]
    on = "the setting" if turn.dial is None else spoken(found.names.dials[turn.dial])
    over_all = next(each for each in found.pooled_by(found.quantities[0].key) if each.level == turn.level)
    told = terms(found, over_all)
    return (
        f"whether {name} is better than {against} depends on {on}: {_side(found, turn.gain)}; {_side(found, turn.loss)}"
        f"{f'; over all settings, it {listed(told)}' if told else ''}"
    )


def _side(found: "Findings", side: Side) -> str:
    measure, contrast = found.quantities[0].measure, side.contrast
    return f"{side.where}, it {differing(measure, contrast)} ({sides(measure, contrast)}; {_sure(measure, contrast)})"


def _sure(measure: Measure, contrast: Contrast) -> str:
    """Return how sure a difference is; if the ratio has been told, the difference too, of which the interval is."""
    if not ratio(measure, contrast):
        return certainty(measure, contrast)
    amount = f"{signed(measure, contrast).partition(',')[0].lstrip('+-')} {'more' if contrast.paired.mean > 0 else 'less'}"
    return f"{amount}, {certainty(measure, contrast)}"


def _between(found: "Findings", turn: Turn) -> Iterator[str]:
    """Yield what is at the other values of the dial."""
    own = found.quantities[0]
    known = [each for each in turn.between if each.contrast.tested]
    real = [each for each in known if each.contrast.real]
    groups = [
        ("also better", [each for each in real if better(own, each.contrast)]),
        ("also worse", [each for each in real if not better(own, each.contrast)]),
    ]
    told = [f"{word} {_at(found, who)}" for word, who in groups if who]
    even = [each for each in known if not each.contrast.real]
    if told:
        yield f"it is {', and '.join(told)}{f'; the two are not told apart {_at(found, even)}' if even else ''}"
    elif even:
        yield f"the two are not told apart {_at(found, even)}"


def _at(found: "Findings", sides: Sequence[Side]) -> str:
    measure = found.quantities[0].measure
    return some([f"{each.where} ({signed(measure, each.contrast)})" for each in sides])


def _likewise(found: "Findings", others: Sequence[Turn]) -> str:
    """Return which other levels turn, with where they gain most and lose most."""
    measure, name = found.quantities[0].measure, found.names.compared
    told = [f"{name[each.level]}: {_short(measure, each.gain)}, {_short(measure, each.loss)}" for each in others[:MOST_ALIKE]]
    rest = len(others) - MOST_ALIKE
    return f"the same goes for {'; '.join([*told, *([f'and {rest} more'] if rest > 0 else [])])}"


def _short(measure: Measure, side: Side) -> str:
    return f"{sides(measure, side.contrast).partition(' against ')[0]} {side.where} ({signed(measure, side.contrast)})"
