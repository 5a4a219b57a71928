"""CROWDLAB: a model's class probabilities count as one more opinion, by how good it is."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from agents.component import Unusable
from agents.inference.answers import AnswerTable, Floats, Indices
from agents.inference.inference import TIED, Inference, Inferred, clamp
from agents.items import UNKNOWN

LEAST = 1e-6
"""What a person or a model weighs that is no better than naming the most common class every time."""


@dataclass(frozen=True, eq=False)
class Weighed(Inferred):
    """What CROWDLAB finds.

    Attributes:
        weight: what each person's answer weighs; shape (people,).
        model_weight: what the model's probabilities weigh.
        agreement: how often an answer is the consensus of its item.
    """

    weight: Floats | None = None
    model_weight: float = 0.0
    agreement: float = 0.0


class Crowdlab(Inference):
    """The weighted mean of what a model and people say, each by how much they agree with others (Goh et al., 2022)."""

    kind: ClassVar[str] = "crowdlab"

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Weighed:
        """Return posteriors and weights. There is nothing to improve on: a start makes no difference.

        Section 3 of Goh, Tkachenko and Mueller (2022). Weights come from items with several answers: of a person, from how often
        others who answered an item say the same; of the model, from how often its most probable class is the consensus, and
        from how many answers an item has on average. Each is one less the error, divided by the error of naming the most common
        class every time. What is known counts as the consensus.

        Raises:
            Unusable: the table has no model's probabilities.
        """
        if table.probabilities is None:
            raise Unusable("crowdlab needs a model's class probabilities for the items, and there are none")
        return weigh(table, table.probabilities)


def weigh(table: AnswerTable, probabilities: Floats) -> Weighed:
    """Return what CROWDLAB finds with these probabilities of a model; shape (items, classes)."""
    model = _distributions(probabilities)
    weight, model_weight, agreement = _weights(table, model, _several(table))
    classes = len(table.classes)
    elsewhere = (1.0 - agreement) / max(classes - 1, 1)
    said = np.bincount(table.item * classes + table.label, weight[table.person], model.size).reshape(model.shape)
    # Each answer says its label with probability `agreement`, and any other with what is left.
    posterior = model_weight * model + agreement * said + elsewhere * (said.sum(axis=1, keepdims=True) - said)
    posterior /= posterior.sum(axis=1, keepdims=True)
    return Weighed(table, clamp(posterior, table), weight=weight, model_weight=model_weight, agreement=agreement)


def _distributions(probabilities: Floats) -> Floats:
    """Return rows that sum to 1; those that sum to nothing are evenly spread."""
    total = probabilities.sum(axis=1, keepdims=True)
    even = np.full_like(probabilities, 1.0 / probabilities.shape[1], dtype=np.float64)
    return np.asarray(np.divide(probabilities, total, out=even, where=total > 0), np.float64)


def _several(table: AnswerTable) -> Indices:
    """Return the items that say something of people and model: those with several answers, and known ones that have any."""
    answers = table.answers_of_item
    return np.flatnonzero((answers > 1) | ((answers > 0) & (table.gold != UNKNOWN)))


def consensus(table: AnswerTable, model: Floats) -> Floats:
    """Return the majority's label of each item: of those with as many votes, the one that the model finds most probable.

    Where that is a tie too, the label that fewer answers give in all, as the paper's authors do; what is left counts in shares.
    Known items have the known class. Rows sum to 1; shape (items, classes).
    """
    top = table.votes >= table.votes.max(axis=1, keepdims=True)
    for score in (model, -np.broadcast_to(table.votes.sum(axis=0), model.shape)):
        among = np.where(top, score, -np.inf)
        top &= among >= among.max(axis=1, keepdims=True) - TIED
    return clamp(top / top.sum(axis=1, keepdims=True), table)


def _weights(table: AnswerTable, model: Floats, several: Indices) -> tuple[Floats, float, float]:
    """Return what each person weighs, shape (people,), what the model weighs, and how often an answer is the consensus."""
    if not len(several):
        # Nobody can be compared with anybody: a person counts as much as the model, and is believed.
        return np.ones(len(table.people)), 1.0, 1.0
    agreed = consensus(table, model)
    counted = agreed[several]
    votes = table.votes[several]
    agreement = float(((votes * counted).sum(axis=1) / table.answers_of_item[several]).mean())
    error = max(1.0 - float(counted.mean(axis=0).max()), LEAST)
    favourite = model[several] >= model[several].max(axis=1, keepdims=True) - TIED
    right = float(((favourite * counted).sum(axis=1) / favourite.sum(axis=1)).mean())
    answered = table.answers_of_item[table.answers_of_item > 0]
    model_weight = max(1.0 - (1.0 - right) / error, LEAST) * float(np.sqrt(answered.mean()))
    return np.maximum(1.0 - (1.0 - _agreements(table)) / error, LEAST), model_weight, agreement


def _agreements(table: AnswerTable) -> Floats:
    """Return how often other answers to the items that each person answered say the same; shape (people,).

    A known class counts as one answer more. People who share no item with anybody have the mean of the others.
    """
    known = (table.gold != UNKNOWN)[table.item]
    same = table.votes[table.item, table.label] - 1.0 + (table.gold[table.item] == table.label)
    others = table.answers_of_item[table.item] - 1.0 + known
    people = len(table.people)
    compared = np.bincount(table.person, others, people)
    alike = np.bincount(table.person, same, people)
    seen = compared > 0
    shares = np.divide(alike, compared, out=np.zeros(people), where=seen)
    shares[~seen] = shares[seen].mean() if seen.any() else 1.0
    return shares
