"""Overview: what a study says beside its headline: what is worth its price, what the other dials do, who ranks where."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scenarios.findings.dials import DialEffect
from scenarios.findings.names import several, spoken
from scenarios.findings.wording import figure, some, subject
from scenarios.statistics.estimate import ERROR
from scenarios.study.results import Results

if TYPE_CHECKING:
    from scenarios.findings.findings import Findings

_SHARE = 0.05
"""The share of the variance from which on a dial is told of."""

_MOST_DIALS = 2


def plain(results: Results, found: "Findings") -> Iterator[str]:
    """Yield what a study comes to that compares nothing: its mean; or the best of its points."""
    own = found.quantities[0]
    points = {at: mean for at, mean in enumerate(results.estimates(own.key)) if own.values[at]}
    best = (max if own.greater_is_better else min)(points, key=lambda at: points[at].mean)
    mean = figure(own.measure, points[best], "95 % interval ", len(own.values[best]))
    if len(results.points) == 1:
        yield f"{own.measure.title}: {mean}"
        return
    settings = [found.names.states[path][results.levels(path).index(results.points[best][path])] for path in results.told()]
    yield (
        f"{own.measure.title}: the best of {len(results.points):,} settings comes to {mean}, where {' and '.join(settings)}; "
        "the best of many looks better than it is"
    )


def worth_told(found: "Findings") -> Iterator[str]:
    """Yield which levels are worth their price, of three or more."""
    whole = next((each for each in found.worth if each.place is None), None)
    if whole is None or len(whole.levels) < 3:
        return
    name, front = found.names.compared, whole.on_front
    beaten = [level for level in whole.levels if level not in front]
    if not beaten:
        yield f"each of the {len(whole.levels)} levels is worth its price: none is both better and cheaper than another"
        return
    if len(front) == 1:
        yield f"{name[front[0]]} alone is worth its price: every other level costs as much or more, and is no better"
        return
    yield (
        f"{some([name[level] for level in front])} are worth their price; {some([name[level] for level in beaten])} "
        f"{'is' if len(beaten) == 1 else 'are'} not: something else is at least as good, and costs no more"
    )


def turns_told(found: "Findings") -> Iterator[str]:
    """Yield on which dial it depends who is best, of three levels or more; the one that it depends on most."""
    turns = [each for each in found.interactions if each.real and each.turns and len(found.names.compared) > 2]
    if not turns:
        return
    turn = min(turns, key=lambda each: each.p_holm)
    levels = found.names.at[turn.dial]
    best: dict[int, list[str]] = {}
    for level, winner in zip(levels, turn.winners, strict=True):
        if winner is not None:
            best.setdefault(winner, []).append(level)
    told = [f"{found.names.compared[winner]} {some(where, 'or')}" for winner, where in best.items()]
    yield f"which is best on average depends on {spoken(found.names.dials[turn.dial])}: {'; '.join(told)}"


def dials_told(results: Results, found: "Findings") -> Iterator[str]:
    """Yield what the other dials do, those that most goes with, if chance does not explain it."""
    own = found.quantities[0]
    telling = [each for each in found.effects if each.share >= _SHARE and _shows(each)]
    for each in telling[:_MOST_DIALS]:
        dial = spoken(found.names.dials[each.dial])
        matters = "matter" if several(dial) else "matters"
        if each.lowest is None or each.highest is None:
            over = f"over {sum(1 for values in own.values if values)} settings"
            yield f"{dial} {matters} to {subject(own.measure)}: {over}, their ranks correlate by {each.correlation:+.2f}"
            continue
        at = found.names.at[each.dial]
        low, high = figure(own.measure, each.means[each.lowest]), figure(own.measure, each.means[each.highest])
        yield f"{dial} {matters} to {subject(own.measure)}: {low} {at[each.lowest]}, {high} {at[each.highest]}"


def _shows(effect: DialEffect) -> bool:
    if effect.lowest is None:
        return math.isfinite(effect.correlation)
    return effect.interval.low > 0


def order_told(results: Results, found: "Findings") -> Iterator[str]:
    """Yield who ranks first, and who cannot be told apart from it; of three levels or more."""
    if found.order is None or len(found.order.levels) < 3 or not found.order.ranking.friedman.chi2 > 0:
        return
    order, ranking = found.order, found.order.ranking
    name = {at: found.names.compared[level] for at, level in enumerate(order.levels)}
    ranks = ranking.mean_ranks
    best = min(range(len(ranks)), key=ranks.__getitem__)
    what = f"{ranking.blocks} {'settings' if order.blocks == 'places' else 'seeds'}"
    if ranking.friedman.p > ERROR:
        yield (
            f"by ranks over the {what}, levels do not differ by more than chance would show (mean ranks {min(ranks):.1f} to "
            f"{max(ranks):.1f}; Friedman, p = {ranking.friedman.p:.2f})"
        )
        return
    alike = sorted({at for group in ranking.groups if best in group for at in group if at != best}, key=ranks.__getitem__)
    # Ranks know less than differences do: so nobody is said not to differ whom these tell apart.
    others = [f"{name[at]} ({ranks[at]:.1f})" for at in alike]
    beside = f"; ranks alone do not tell it from {some(others)}" if alike else ", before all others"
    distance = f"critical distance {ranking.distance:.1f}" if math.isfinite(ranking.distance) else "Wilcoxon and Holm"
    yield f"by mean ranks over the {what}, {name[best]} is first ({ranks[best]:.1f}){beside} ({distance})"
