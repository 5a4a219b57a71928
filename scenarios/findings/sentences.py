"""Sentences: what a study found, in words, with intervals."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scenarios.findings.headline import Head, head, same
from scenarios.findings.overview import dials_told, order_told, plain, turns_told, worth_told
from scenarios.findings.quantities import Quantity, quantity
from scenarios.findings.wording import better, difference, price, seeds, sentence, signed, some, subject
from scenarios.measures.phrases import listed
from scenarios.study.results import Results

if TYPE_CHECKING:
    from scenarios.findings.contrasts import Contrast
    from scenarios.findings.findings import Findings

MOST = 6
"""Sentences that a first paragraph has at most."""

PRICES = ("cost", "simulated_seconds", "labels")
"""By what it is told on which terms a level is better."""


def sentences(results: Results, found: "Findings") -> list[str]:
    """Return what a study found, the most important first; at most six sentences."""
    if not found.quantities or found.quantities[0].key != results.measure:
        return [_nothing(results)]
    first = head(results, found)
    if first is None:
        told = [*plain(results, found), *dials_told(results, found)]
    else:
        told = [_headline(results, found, first), *_places(found, first), *_target(results, found, first), *_others(found, first)]
        told += [*turns_told(found), *worth_told(found), *dials_told(results, found), *order_told(results, found)]
    return [sentence(each) for each in told[:MOST]]


def _nothing(results: Results) -> str:
    if not results.rows:
        return "Nothing has been run yet."
    if not results.good:
        return f"Nothing was found: all {len(results.rows):,} runs failed." if len(results.rows) > 1 else "The one run failed."
    return f"Nothing was found: no run has a figure for the study's measure, {results.measure}."


def _headline(results: Results, found: "Findings", first: Head) -> str:
    contrast, measure = first.contrast, found.quantities[0].measure
    name, against = found.names.compared[contrast.level], found.names.compared[contrast.against]
    scope = _scope(results, found, contrast)
    if not contrast.paired.pairs:
        return f"{name} and {against} cannot be compared: no seed has a figure of both"
    if contrast.paired.pairs == 1:
        return f"of one pair of runs there is no interval, and nothing can be told yet ({name}: {signed(measure, contrast)})"
    if contrast.real:
        prices = [price(each.measure, _beside(found, contrast, each.key)) for each in found.quantities if each.key in PRICES]
        told = [each for each in prices if each and found.quantities[0].key not in PRICES]
        return f"{name} {difference(measure, contrast, against)}{scope}" + (f"; it {listed(told)}" if told else "")
    if contrast.paired.alike:
        who = "all levels" if first.peers else f"{name} and {against}"
        return f"{who} come to the same in every pair of runs: nothing differs in {subject(measure)}{scope}"
    much = f"{signed(measure, contrast)}, {seeds(contrast.paired.pairs)}"
    if contrast.shows:
        return (
            f"{name} differs most from {against} in {subject(measure)}{scope} ({much}), but not by more than the largest of so "
            "many differences would by chance"
        )
    if first.peers:
        return (
            f"none of the {len(first.peers) + 1} other levels differs from {against} in {subject(measure)} by more than chance "
            f"would show{scope}; the largest difference is that of {name} ({much})"
        )
    return f"{name} and {against} do not differ in {subject(measure)} by more than chance would show{scope} ({much})"


def _beside(found: "Findings", contrast: "Contrast", key: str) -> "Contrast | None":
    return same(found.pooled if contrast.place is None else found.contrasts, key, contrast)


def _scope(results: Results, found: "Findings", contrast: "Contrast") -> str:
    """Return where a contrast is told of, with a comma before it; "" where there is one place only."""
    if contrast.place is not None:
        where = found.names.where[contrast.place]
        return f", {where}" if where else ""
    if contrast.places < 2:
        return ""
    others = [path for path in results.told() if path != results.compared]
    whole = len(others) == 1 and contrast.places == len(results.levels(others[0]))
    return f", over the {contrast.places} " + (
        f"levels of {found.names.dials[others[0]]}" if whole else "settings of the other dials"
    )


def _places(found: "Findings", first: Head) -> Iterator[str]:
    """Yield what is otherwise at other places."""
    own, where = found.quantities[0], found.names.where
    some_there = [each for each in first.elsewhere if each.paired.pairs > 1 and each.place is not None]
    if not some_there:
        return
    if not first.scattered:
        if first.contrast.real:
            ends = sorted(some_there, key=lambda each: each.paired.mean)
            low, high = (f"{signed(own.measure, each, True)} {where[each.place or 0]}" for each in (ends[0], ends[-1]))
            yield f"that shows at each of them: from {low} to {high}"
        return
    yield from _against(own, found, first, some_there)
    alike = [each for each in some_there if each.shows and better(own, each) == better(own, first.contrast)]
    silent = [each for each in some_there if not each.shows]
    verb = "gains" if better(own, first.contrast) else "loses"
    if first.contrast.place is None and alike:
        most = max(alike, key=lambda each: abs(each.paired.mean))
        yield f"it {verb} most {where[most.place or 0]} ({signed(own.measure, most)})"
    if silent:
        widest = max(silent, key=lambda each: abs(each.paired.mean))
        told = (
            f"({signed(own.measure, widest)})" if len(silent) == 1 else f"(the largest difference: {signed(own.measure, widest)})"
        )
        places = _and([where[each.place or 0] for each in silent])
        if len(silent) > 1 and any(" and " in where[each.place or 0] for each in silent):
            places = f"at {len(silent)} of {len(first.elsewhere) + (first.contrast.place is not None)} settings"
        yield f"{places}, it {verb} nothing that would show {told}"
    if first.contrast.place is not None and alike:
        ends = sorted(alike, key=lambda each: each.paired.mean)
        low, high = (own.measure.unit.written(each.paired.mean, own.measure.unit.digits[0], "+") for each in (ends[0], ends[-1]))
        further = "1 further setting" if len(alike) == 1 else f"{len(alike)} further settings"
        yield f"at {further} the difference goes the same way" + (f", from {low} to {high}" if low != high else f" ({low})")


def _against(own: Quantity, found: "Findings", first: Head, elsewhere: list["Contrast"]) -> Iterator[str]:
    """Yield where a level does the opposite."""
    turned = [each for each in elsewhere if each.real and better(own, each) != better(own, first.contrast)]
    if turned:
        worst = max(turned, key=lambda each: abs(each.paired.mean))
        further = "1 further setting" if len(turned) == 2 else f"{len(turned) - 1} further settings"
        more = f", and likewise at {further}" if len(turned) > 1 else ""
        yield f"{found.names.where[worst.place or 0]}, it {difference(own.measure, worst)}{more}"


def _and(places: list[str]) -> str:
    """Return the ends of sentences, each of which begins with "where", as the beginning of one."""
    first = places[0].partition(" is ")[0] + " is "
    shared = first if all(each.startswith(first) and " and " not in each for each in places) else "where "
    return some([places[0], *(each.removeprefix(shared) for each in places[1:])], "or")


def _target(results: Results, found: "Findings", first: Head) -> Iterator[str]:
    """Yield by how much sooner the target is reached."""
    if results.target is None or not any(row["curve"] for row in results.good):
        return
    own = quantity(found.quantities, "target_labels")
    if own is None:
        yield f"no run reached the target of {results.target:g}"
        return
    contrast = _beside(found, first.contrast, own.key)
    if contrast is not None and contrast.real:
        name, against = found.names.compared[contrast.level], found.names.compared[contrast.against]
        yield f"{name} {difference(own.measure, contrast, against)}"


def _others(found: "Findings", first: Head) -> Iterator[str]:
    """Yield how the other levels stand beside the baseline, in one sentence."""
    if not first.peers or not first.contrast.real:
        return
    own, name = found.quantities[0], found.names.compared
    there = "in the first of these settings, " if first.contrast.place is not None and first.scattered else ""
    groups = [
        (
            "is",
            "are",
            f"better than {name[first.contrast.against]}",
            [each for each in first.peers if each.real and better(own, each)],
        ),
        (
            "is",
            "are",
            f"worse than {name[first.contrast.against]}",
            [each for each in first.peers if each.real and not better(own, each)],
        ),
    ]
    alone = [each for each in first.peers if each.shows and not each.real]
    groups.append(("differs", "differ", f"from {name[first.contrast.against]} each by itself, but not among so many", alone))
    rest = [each for each in first.peers if not each.shows]
    groups.append(("does", "do", f"not differ from {name[first.contrast.against]} by more than chance would show", rest))
    told = [each for each in groups if each[3]]
    if len(first.peers) == 1:
        verb, _, what, who = told[0]
        yield f"{there}{name[who[0].level]} {verb} {what} ({signed(own.measure, who[0])})"
        return
    clauses = [f"{len(who)} {verb if len(who) == 1 else verbs} {what}: {_levels(found, who)}" for verb, verbs, what, who in told]
    yield f"{there}of the {len(first.peers)} other levels, {'; '.join(clauses)}"


def _levels(found: "Findings", contrasts: "list[Contrast]") -> str:
    """Return names of levels with their differences, the largest first."""
    own = found.quantities[0]
    ordered = sorted(contrasts, key=lambda each: -abs(each.paired.mean) if each.paired.pairs else 0.0)
    return some(
        [
            f"{found.names.compared[each.level]} ({signed(own.measure, each)})"
            if each.paired.pairs
            else found.names.compared[each.level]
            for each in ordered
        ]
    )
