"""Headline: the contrast that a study is first told by."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from scenarios.findings.contrasts import Contrast
from scenarios.findings.dials import compares
from scenarios.findings.quantities import Quantity
from scenarios.findings.wording import better
from scenarios.study.results import Results

if TYPE_CHECKING:
    from scenarios.findings.findings import Findings


class Head(NamedTuple):
    """The contrast that a study is first told by, and what stands beside it.

    Attributes:
        contrast: at a place, or over all of them.
        peers: the contrasts of the other levels there, of those that two seeds or more compare.
        elsewhere: that of the same level at each place but this one; if it is over all places, at every one.
        scattered: whether it shows at some places and not at others, or the other way round.
    """

    contrast: Contrast
    peers: tuple[Contrast, ...]
    elsewhere: tuple[Contrast, ...]
    scattered: bool


def head(results: Results, found: "Findings") -> Head | None:
    """Return the contrast that a study is first told by; None if nothing is compared anywhere.

    It is of the level that does best beside the baseline, of those that chance does not explain; or else worst; or else differs
    most. It is over all places, if chance does not explain it there, and at none it is the other way round; else at the place where
    it is largest.
    """
    own = found.quantities[0]
    at_places, over_all = found.contrasts_by(own.key), found.pooled_by(own.key)
    if not over_all or not compares(results):
        return None
    places = {each.place for each in at_places}
    chosen = _foremost(own, over_all if len(places) > 1 else at_places)
    mine = [each for each in at_places if each.level == chosen.level]
    scattered = len(places) > 1 and _scattered(own, mine)
    if not chosen.real and any(each.real for each in at_places):
        # Over all places nothing shows, but somewhere something does.
        chosen, scattered = _foremost(own, at_places), len(places) > 1
        mine = [each for each in at_places if each.level == chosen.level]
    elif scattered and any(each.real and better(own, each) != better(own, chosen) for each in mine):
        chosen = _foremost(own, mine)
    scope = over_all if chosen.place is None else [each for each in at_places if each.place == chosen.place]
    peers = tuple(each for each in scope if each.level != chosen.level and each.paired.pairs > 1)
    return Head(chosen, peers, tuple(each for each in mine if each.place != chosen.place), scattered)


def same(contrasts: Sequence[Contrast], key: str, of: Contrast) -> Contrast | None:
    """Return the contrast of the same level at the same place by another quantity; None if there is none."""
    return next((each for each in contrasts if (each.quantity, each.level, each.place) == (key, of.level, of.place)), None)


def _foremost(own: Quantity, contrasts: Sequence[Contrast]) -> Contrast:
    def standing(each: Contrast) -> tuple[int, float]:
        if not each.paired.pairs:
            return 0, 0.0
        tier = 1 + each.shows if not each.real else 4 if better(own, each) else 3
        return tier, abs(each.paired.mean)

    return max(contrasts, key=standing)


def _scattered(own: Quantity, contrasts: Sequence[Contrast]) -> bool:
    known = [each for each in contrasts if each.paired.pairs > 1]
    return len({(each.shows, better(own, each)) if each.shows else (False, False) for each in known}) > 1
