"""Sentences: what a study found, in words, with intervals."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scenarios.findings.headline import Head, head
from scenarios.findings.names import spoken
from scenarios.findings.overview import dials_told, order_told, plain, turns_told, worth_told
from scenarios.findings.peers import none_of, peers_told
from scenarios.findings.quantities import Quantity, quantity
from scenarios.findings.remarks import FEW_SEEDS
from scenarios.findings.reversal import reversal_told
from scenarios.findings.terms import beside, terms
from scenarios.findings.turns import Turn, leads, turns
from scenarios.findings.wording import better, difference, part, seeds, sentence, signed, some, subject
from scenarios.measures.phrases import listed
from scenarios.study.results import Results

if TYPE_CHECKING:
    from scenarios.findings.contrasts import Contrast
    from scenarios.findings.findings import Findings

MOST = 6
"""Sentences that a first paragraph has at most."""


def sentences(results: Results, found: "Findings") -> list[str]:
    """Return what a study found, the most important first; at most six sentences."""
    if not found.quantities or found.quantities[0].key != results.measure:
        return [_nothing(results)]
    turned = _turned(results, found)
    if turned:
        return [sentence(each) for each in [*turned, *worth_told(found), *dials_told(results, found)][:MOST]]
    first = head(results, found)
    if first is None:
        told = [*plain(results, found), *dials_told(results, found)]
    else:
        told = [*_compared(results, found, first), *worth_told(found), *dials_told(results, found), *order_told(results, found)]
    return [sentence(each) for each in told[:MOST]]


def opening(results: Results, found: "Findings") -> int:
    """Return how many of the sentences go together as the first: the headline, and where it is otherwise."""
    if not found.quantities or found.quantities[0].key != results.measure:
        return 1
    turning = _turning(results, found)
    if turning:
        return len([*reversal_told(found, turning)])
    first = head(results, found)
    return 1 if first is None else 1 + len([*_places(found, first)])


def _turning(results: Results, found: "Findings") -> list[Turn]:
    """Return the levels that turn, if that is what the study is first told by; else none."""
    own = found.quantities[0]
    turning = turns(results, own, found.names, found.contrasts_by(own.key))
    return turning if turning and leads(own, turning, found.pooled_by(own.key)) else []


def _turned(results: Results, found: "Findings") -> list[str]:
    """Return who wins where, if who does best somewhere is worse than the baseline elsewhere; else nothing."""
    turning = _turning(results, found)
    if not turning:
        return []
    levels = {each.level for each in turning}
    rest = [each for each in found.pooled_by(found.quantities[0].key) if each.level not in levels]
    return [*reversal_told(found, turning), *peers_told(found, rest, "over all settings, ")]


def _compared(results: Results, found: "Findings", first: Head) -> Iterator[str]:
    """Yield how levels differ by the contrast that a study is first told by."""
    yield _headline(results, found, first)
    yield from _places(found, first)
    yield from _target(results, found, first)
    if first.contrast.real:
        there = "in the first of these settings, " if first.contrast.place is not None and first.scattered else ""
        yield from peers_told(found, first.peers, there)
    yield from turns_told(found)


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
        told = terms(found, contrast)
        rest = f"; it {listed(told)}" if told else ""
        if better(found.quantities[0], contrast) or not first.peers:
            return f"{name} {difference(measure, contrast, against)}{scope}{rest}"
        # Who does best is told first: so here nobody does better.
        there, count = f"{scope.removeprefix(', ')}, " if scope else "", len(first.peers) + 1
        if all(each.real for each in first.peers):
            nobody = f"{against} beats {'both' if count == 2 else f'all {count}'} others beyond chance"
        else:
            nobody = f"{none_of(count)} beats {against} beyond chance"
        return f"{there}{nobody}; the worst of them, {name}, {difference(measure, contrast)}{rest}"
    if contrast.paired.alike:
        who = "all levels" if first.peers else f"{name} and {against}"
        return f"{who} come to the same in every pair of runs: nothing differs in {subject(measure)}{scope}"
    much = f"{signed(measure, contrast)}, {seeds(contrast.paired.pairs)}"
    few = " in so few seeds" if contrast.paired.pairs < FEW_SEEDS else ""
    if contrast.shows:
        return (
            f"{name} by itself differs from {against} in {subject(measure)}{scope} ({much}), but not by more than the largest of "
            "so many differences would by chance"
        )
    if first.peers:
        nobody = f"{none_of(len(first.peers) + 1)} differs from {against} in {subject(measure)}"
        largest = f"the largest difference is that of {name} ({much})"
        return f"{nobody} by more than chance would show{few}{scope}; {largest}"
    return f"{name} and {against} do not differ in {subject(measure)} by more than chance would show{few}{scope} ({much})"


def _scope(results: Results, found: "Findings", contrast: "Contrast") -> str:
    """Return where a contrast is told of, with a comma before it; "" where there is one place only."""
    if contrast.place is not None:
        where = found.names.where[contrast.place]
        return f", {where}" if where else ""
    if contrast.places < 2:
        # Of several places only one may have come to anything.
        only = [each for each in found.contrasts_by(contrast.quantity) if each.level == contrast.level and each.paired.pairs]
        where = found.names.where[only[0].place or 0] if len(only) == 1 else ""
        return f", {where}" if where else ""
    others = [path for path in results.told() if path != results.compared]
    whole = len(others) == 1 and contrast.places == len(results.levels(others[0]))
    return f", over the {contrast.places} " + (
        f"levels of {spoken(found.names.dials[others[0]])}" if whole else "settings of the other dials"
    )


def _places(found: "Findings", first: Head) -> Iterator[str]:
    """Yield what is otherwise at other places."""
    own, where = found.quantities[0], found.names.where
    some_there = [each for each in first.elsewhere if each.paired.pairs > 1 and each.place is not None]
    alone = first.contrast.place is None and len(some_there) < 2
    if not some_there or alone or not first.contrast.real:
        return
    if not first.scattered:
        yield _everywhere(found, first, some_there)
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
        # What may well be as large as it is over all is not nothing.
        if any(each.interval.low <= first.contrast.paired.mean <= each.interval.high for each in silent):
            count = first.contrast.paired.pairs
            many = "so few seeds" if count < FEW_SEEDS else seeds(count)
            yield f"{places}, the difference is not told from chance by {many} {told}"
        else:
            yield f"{places}, it {verb} nothing that would show {told}"
    if first.contrast.place is not None and alike:
        ends = sorted(alike, key=lambda each: each.paired.mean)
        low, high = (own.measure.unit.written(each.paired.mean, own.measure.unit.digits[0], "+") for each in (ends[0], ends[-1]))
        further = "1 further setting" if len(alike) == 1 else f"{len(alike)} further settings"
        yield f"at {further} the difference goes the same way" + (f", from {low} to {high}" if low != high else f" ({low})")


def _everywhere(found: "Findings", first: Head, there: list["Contrast"]) -> str:
    """Return from where to where a difference goes that shows at every place, or at none."""
    measure, where = found.quantities[0].measure, found.names.where
    ends = sorted(there, key=lambda each: each.paired.mean)[:: max(len(there) - 1, 1)]
    told = [part(measure, each) for each in ends]
    low, high = (f"{much} {where[each.place or 0]}" for much, each in zip((told[0], told[-1]), (ends[0], ends[-1]), strict=True))
    span = "alike" if told[0] == told[-1] else f"from {low} to {high}"
    count = len(there)
    if not all(each.shows for each in there):
        none = "at neither of the 2" if count == 2 else f"at none of the {count}"
        return f"{none} by itself is the difference told from chance: {span if span != 'alike' else f'{told[0]} at each'}"
    every = "at both of them" if count == 2 else "at each of them"
    return f"that shows {every}{' ' if span == 'alike' else ': '}{span}"


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
    # A plural is set to what it "are".
    verb = next((each for each in (" is ", " are ") if each in places[0]), "")
    first = f"{places[0].partition(verb)[0]}{verb}" if verb else "where "
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
    contrast = beside(found, first.contrast, own.key)
    if contrast is not None and contrast.real:
        name, against = found.names.compared[contrast.level], found.names.compared[contrast.against]
        yield f"{name} {difference(own.measure, contrast, against)}"
