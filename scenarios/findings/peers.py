"""Peers: how the other levels stand beside the baseline, in one sentence."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scenarios.findings.contrasts import Contrast
from scenarios.findings.wording import LONGEST_LIST, better, signed, some

if TYPE_CHECKING:
    from scenarios.findings.findings import Findings


class _Verdict(NamedTuple):
    """What is said of one level, of many of some more, of two or more that are all; each with a place for the baseline."""

    one: str
    many: str
    every: str


_BETTER = _Verdict("is better than {against}", "are better than {against}", "{all} are better than {against}")
_WORSE = _Verdict("is worse than {against}", "are worse than {against}", "{all} are worse than {against}")
_ALONE = _Verdict(
    "would differ from {against} if it were the only one compared",
    "would each differ from {against} if it were the only one compared",
    "{each} would differ from {against} if it were the only one compared",
)
_ALIKE = _Verdict(
    "does not differ from {against} by more than chance would show",
    "do not differ from {against} by more than chance would show",
    "{none} differs from {against} by more than chance would show",
)


def peers_told(found: "Findings", peers: Sequence[Contrast], where: str = "") -> Iterator[str]:
    """Yield how what is left of the levels stands beside the baseline, in one sentence; nothing if nothing is left.

    Args:
        found: what the study says.
        peers: the contrasts of the levels, with the same baseline.
        where: what holds of all of it, with a comma and a blank after it.
    """
    own = found.quantities[0]
    groups = {
        _BETTER: [each for each in peers if each.real and better(own, each)],
        _WORSE: [each for each in peers if each.real and not better(own, each)],
        _ALONE: [each for each in peers if each.shows and not each.real],
        _ALIKE: [each for each in peers if not each.shows],
    }
    told = [(verdict, who) for verdict, who in groups.items() if who]
    if len(told) > 1:
        yield f"{where}of the {len(peers)} others, {'; '.join(_group(found, verdict, who) for verdict, who in told)}"
    elif len(peers) == 1:
        yield f"{where}{_group(found, *told[0])}"
    elif peers:
        yield f"{where}{_every(found, *told[0])}"


def none_of(count: int) -> str:
    """Return words for none of so many other levels, two or more."""
    return "neither of the 2 others" if count == 2 else f"none of the {count} others"


def _group(found: "Findings", verdict: _Verdict, who: Sequence[Contrast]) -> str:
    against = found.names.compared[who[0].against]
    if len(who) == 1:
        return f"{found.names.compared[who[0].level]} {verdict.one.format(against=against)}{_difference(found, who[0])}"
    return f"{len(who)} {verdict.many.format(against=against)}: {_levels(found, who, verdict)}"


def _every(found: "Findings", verdict: _Verdict, who: Sequence[Contrast]) -> str:
    count = len(who)
    others = "both others" if count == 2 else f"all {count} others"
    words = {"all": others, "each": f"each of the {count} others", "none": none_of(count)}
    return f"{verdict.every.format(against=found.names.compared[who[0].against], **words)}: {_levels(found, who, verdict)}"


def _levels(found: "Findings", contrasts: Sequence[Contrast], verdict: _Verdict) -> str:
    """Return names of levels with their differences, the largest first; of many that do not differ the first alone."""
    ordered = sorted(contrasts, key=lambda each: -abs(each.paired.mean))
    told = [f"{found.names.compared[each.level]}{_difference(found, each)}" for each in ordered]
    if len(told) > LONGEST_LIST and verdict in (_ALONE, _ALIKE):
        return f"the largest difference is that of {told[0]}"
    return some(told)


def _difference(found: "Findings", contrast: Contrast) -> str:
    return f" ({signed(found.quantities[0].measure, contrast)})" if contrast.paired.pairs else ""
