"""Findings: all that a study says, as plain data and in words."""

from typing import NamedTuple

from scenarios.findings.contrasts import Contrast, contrasts, pooled
from scenarios.findings.dials import DialEffect, Interaction, dial_effects, interactions
from scenarios.findings.names import Names, names
from scenarios.findings.order import Order, order
from scenarios.findings.quantities import Quantity, quantities, quantity
from scenarios.findings.remarks import remarks
from scenarios.findings.sentences import opening, sentences
from scenarios.findings.worth import Worth, every_worth
from scenarios.study.results import Results


class Findings(NamedTuple):
    """What a study says. Levels and places are numbers: of `Results.levels` of the compared dial, and of `Results.places`.

    Attributes:
        names: what people call dials, levels and places.
        quantities: by what levels are compared, the study's own measure first; empty if no run came to anything.
        baseline: the level that the others are compared with; None if nothing is compared.
        contrasts: each other level beside it, at each place, by each quantity; by quantity, then place, then level.
        pooled: the same over all places. Of a study with one place they say what `contrasts` does.
        order: the levels by their ranks in the study's measure; None where fewer than two have figures at one place.
        worth: the Pareto fronts of cost against the measure: over all places first, then place by place, where there are several
            but not very many; without those where all levels cost the same.
        worth_in_time: the same of cost, measure and simulated time.
        effects: what the other dials do to the measure, the one that matters most first.
        interactions: whether they change how levels differ.
        sentences: a first paragraph: what was found, in words, with intervals; the most important first.
        opening: how many of the sentences go together as the first: the headline, and where it is otherwise.
        remarks: what to know before one believes it: runs that failed, few seeds, what does not count.
    """

    names: Names
    quantities: tuple[Quantity, ...]
    baseline: int | None
    contrasts: tuple[Contrast, ...]
    pooled: tuple[Contrast, ...]
    order: Order | None
    worth: tuple[Worth, ...]
    worth_in_time: tuple[Worth, ...]
    effects: tuple[DialEffect, ...]
    interactions: tuple[Interaction, ...]
    sentences: tuple[str, ...]
    opening: int
    remarks: tuple[str, ...]

    def contrasts_by(self, key: str) -> list[Contrast]:
        """Return the contrasts at places by one quantity."""
        return [each for each in self.contrasts if each.quantity == key]

    def pooled_by(self, key: str) -> list[Contrast]:
        """Return the contrasts over all places by one quantity."""
        return [each for each in self.pooled if each.quantity == key]


def findings(results: Results) -> Findings:
    """Return what the results of a study say.

    Args:
        results: of any study: whatever failed, however few seeds there are, and whether or not anything is varied.
    """
    found = quantities(results)
    own = quantity(found, results.measure)
    compared = results.compared
    plain = Findings(
        names=names(results),
        quantities=tuple(found),
        baseline=None if compared is None else results.levels(compared).index(results.baseline()),
        contrasts=tuple(each for one in found for each in contrasts(results, one)),
        pooled=tuple(each for one in found for each in pooled(results, one)),
        order=order(results, own) if own else None,
        worth=tuple(every_worth(results, found)),
        worth_in_time=tuple(every_worth(results, found, with_time=True)),
        effects=tuple(dial_effects(results, own)) if own else (),
        interactions=tuple(interactions(results, own)) if own else (),
        sentences=(),
        opening=1,
        remarks=(),
    )
    return plain._replace(
        sentences=tuple(sentences(results, plain)), opening=opening(results, plain), remarks=tuple(remarks(results, plain))
    )
