"""How levels stand by their ranks: the diagram of critical differences."""

import math
from functools import partial

from scenarios.report.document import Picture, Section, Table
from scenarios.report.pictures.ranks import Ranked, ranks
from scenarios.report.study.scale import probability
from scenarios.report.study.view import View

_LEAST, _MOST = 3, 60
"""Levels from which on ranks say more than one difference, and up to which a figure shows them."""


def standing(view: View) -> Section | None:
    """Return the mean ranks of the levels, and who is not told apart; None of two levels, or where nobody can be ranked."""
    order, own = view.found.order, view.own
    if order is None or own is None or len(order.levels) < _LEAST or math.isnan(order.ranking.distance):
        return None
    found = order.ranking
    names = [view.found.names.compared[level] for level in order.levels]
    ranked = [Ranked(name, rank) for name, rank in zip(names, found.mean_ranks, strict=True)]
    groups = [(found.mean_ranks[group[0]], found.mean_ranks[group[-1]]) for group in found.groups]
    base = view.found.baseline
    against = view.found.names.compared[base] if base in order.levels and base is not None else None
    best = sorted(ranked, key=lambda each: each.rank)
    what = "places" if order.blocks == "places" else "seeds"
    caption = (
        f"Mean ranks by {own.measure.title} over {found.blocks} {what}, 1 the best. Bars join those whose mean ranks differ by "
        "less than the critical difference (CD) of Nemenyi's test at 5 %: they are not told apart (Dem\u0161ar, 2006)."
    )
    alt = f"Mean ranks, of which a difference of {found.distance:.2f} is significant: " + (
        ", ".join(f"{each.name} {each.rank:.2f}" for each in best[:8]) + (", and more" if len(best) > 8 else "")
    )
    picture = Picture("critical-difference", caption, partial(ranks, ranked, found.distance, groups, against), f"{alt}.", wide=True)
    drawn = [picture] if len(ranked) <= _MOST else []
    return Section("Who ranks first", _says(view), (*drawn, _table(view)))


def _says(view: View) -> tuple[str, ...]:
    order = view.found.order
    assert order is not None
    test = order.ranking.friedman
    differ = "differ" if test.p <= order.ranking.error else "do not differ"
    said = [f"By Friedman's test, in the form of Iman and Davenport, the ranks {differ} (p {_worded(test.p)})."]
    if order.blocks == "seeds":
        said.append("Ranks are of seeds: what is found holds at these places, and need not hold at others.")
    if order.ranking.dropped:
        said.append(f"{order.ranking.dropped} {order.blocks} in which somebody lacks a figure do not count.")
    return tuple(said)


def _worded(p: float) -> str:
    text = probability(p)
    return text if text.startswith("<") else f"= {text}"


def _table(view: View) -> Table:
    order = view.found.order
    assert order is not None
    found = order.ranking
    places = sorted(range(len(order.levels)), key=lambda at: found.mean_ranks[at])
    rows = tuple(
        (
            view.found.names.compared[order.levels[at]],
            f"{found.mean_ranks[at]:.2f}",
            str(sum(p > found.error for p in found.p[at]) - 1),
            probability(found.p[places[0]][at]) if at != places[0] else "-",
        )
        for at in places
    )
    return Table(
        "Mean ranks",
        (view.found.names.dials[view.results.compared or ""], "mean rank", "others not told apart from it", "p against the first"),
        rows,
        (1, 2, 3),
    )
