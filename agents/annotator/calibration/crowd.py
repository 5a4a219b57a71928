"""A crowd that is fitted to a real log."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from agents.annotator.calibration.communities import Communities, communities_of
from agents.annotator.calibration.concord import Pairs
from agents.annotator.calibration.effect import fit_effect
from agents.annotator.calibration.hardness import Effect, base_of
from agents.annotator.calibration.posterior import log_evidence
from agents.annotator.calibration.repeats import repeating
from agents.annotator.calibration.truths import Truths, doubted, first_truths
from agents.component import Unusable
from agents.inference.answers import AnswerTable, Floats, Indices
from agents.messages import Label
from bus.chance import Chance

DRAWN, MOST_DRAWS = 2000, 10
"""People who are drawn, about, and how often at most, to see how far a simulated crowd agrees."""


LARGEST = 2**27
"""Entries of everybody's confusion matrices together, at most: a gigabyte."""


class Persons(NamedTuple):
    """People as a simulation needs them.

    Attributes:
        confusion: probability of each label over all items, by person and true class; shape (people, classes, classes).
        base: what it is on an item of mean ease: the matrix of the noise `item-effect`; same shape.
        spread: by how much a standard deviation of ease raises the log odds of the truth, by true class; shape (people, classes).
    """

    confusion: Floats
    base: Floats
    spread: Floats


@dataclass(frozen=True, eq=False)
class FittedCrowd:
    """What a log tells about those who answered.

    Attributes:
        people: their names.
        classes: the classes.
        load: how many answers each gave; shape (people,).
        counts: answers by person, true class and label, as expected; shape (people, classes, classes).
        communities: how confusion matrices are spread over people.
        effect: the terms of the item effect.
        spread: everybody's own spread, by true class; shape (people, classes).
        own: what everybody's own spread adds to the log-likelihood beyond what their skill makes of it (nats).
        repeat: how often somebody who answers an item again says what they said before without thinking anew.
        truths: what is known, or thought, of the items' classes.
    """

    people: tuple[str, ...]
    classes: tuple[Label, ...]
    load: Indices
    counts: Floats
    communities: Communities
    effect: Effect
    spread: Floats
    own: float
    repeat: float
    truths: Truths

    @property
    def prior(self) -> Floats:
        """The share of each class among the items; shape (classes,)."""
        return self.truths.prior

    @cached_property
    def mean(self) -> Persons:
        """The people as they most likely are: what they have in common is too much, as nobody is far from the rest."""
        return self.persons_of(self.communities.mean(self.counts))

    def drawn(self, stream: np.random.Generator) -> Persons:
        """Return the people as they may be: drawn from what is known about each, so that they differ as much as real ones."""
        return self.persons_of(self.communities.drawn(self.counts, stream))

    def persons_of(self, confusion: Floats) -> Persons:
        """Return people with these confusion matrices, and their own spreads; shape (people, classes, classes)."""
        return Persons(confusion, base_of(confusion, self.spread, self.effect), self.spread)


def fit_crowd(table: AnswerTable, truth: Indices | None = None, seed: int = 0) -> FittedCrowd:
    """Return the crowd that a log of answers tells of.

    Args:
        table: the answers; repeated ones of a person to an item too, and people with one answer, or none.
        truth: index of the true class of each item, UNKNOWN where it is not known; shape (items,). None where nothing is known.
        seed: of what is drawn on the way.

    Raises:
        Unusable: there are too many classes for a confusion matrix each.
    """
    people, classes = len(table.people), len(table.classes)
    if people * classes**2 > LARGEST:
        raise Unusable(f"{people} people and {classes} classes are too many for a confusion matrix each: put rare classes together")
    truths = first_truths(table, truth)
    crowd = _fitted(table, truths, seed)
    if truths.known.all():
        return crowd
    # Only who knows how people err together knows how much their consensus is worth.
    mean = crowd.mean
    truths = doubted(truths, log_evidence(table, mean.base, mean.spread, crowd.effect), truth)
    return _fitted(table, truths, seed, crowd.effect) if truths.doubt else replace(crowd, truths=truths)


def _fitted(table: AnswerTable, truths: Truths, seed: int, terms: Effect | None = None) -> FittedCrowd:
    """Return the crowd, given what is thought of the items, and the terms of the item effect if they are known."""
    weights = truths.weights
    counts = counts_of(table, weights)
    communities = communities_of(counts)
    mean, stream = communities.mean(counts), Chance(seed).stream("calibration")
    # Of few people, one draw says little about the next.
    draws = [communities.drawn(counts, stream) for _ in range(int(np.clip(DRAWN // max(len(counts), 1), 1, MOST_DRAWS)))]
    found = fit_effect(Pairs(table, weights), mean, draws, terms)
    base = base_of(mean, found.spread, found.effect)
    return FittedCrowd(
        tuple(table.people),
        table.classes,
        table.answers_of_person,
        counts,
        communities,
        found.effect,
        found.spread,
        found.gain,
        repeating(table, weights, base, found.spread, found.effect),
        truths,
    )


def counts_of(table: AnswerTable, posterior: Floats) -> Floats:
    """Return answers by person, true class and label, as expected; shape (people, classes, classes).

    Args:
        table: the answers.
        posterior: probability of each class; a row of zeros for an item that does not count; shape (items, classes).
    """
    counts = np.zeros((len(table.people), len(table.classes), len(table.classes)))
    persons, labels = table.pairs
    counts[persons, :, labels] = table.to_pairs(posterior)
    return counts
