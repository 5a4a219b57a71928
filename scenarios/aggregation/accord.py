"""How much people agree, at what it costs to count votes."""

from typing import NamedTuple

from agents.inference.agreement import fleiss_kappa
from agents.inference.answers import AnswerTable


class Agreement(NamedTuple):
    """How much people agree; None where that is not defined.

    Attributes:
        alpha: Krippendorff's alpha for nominal data (Krippendorff, 1970).
        kappa: Fleiss' kappa (Fleiss, 1971).
        pairwise: share of the pairs of answers to an item that agree, over all such pairs.
    """

    alpha: float | None
    kappa: float | None
    pairwise: float | None


def agreement_of(table: AnswerTable) -> Agreement:
    """Return how much the people of a table agree, by items that have two answers or more.

    Alpha is written out for nominal data: it takes memory by items and classes, however many classes there are.
    """
    votes = table.votes[table.answers_of_item > 1]
    if not len(votes):
        return Agreement(None, None, None)
    sizes, totals = votes.sum(axis=1), votes.sum(axis=0)
    agreeing = (votes * (votes - 1)).sum(axis=1)
    pairwise = float(agreeing.sum() / (sizes * (sizes - 1)).sum())
    count = float(sizes.sum())
    expected = count * (count - 1) - float((totals * (totals - 1)).sum())
    alpha = 1 - (count - float((agreeing / (sizes - 1)).sum())) * (count - 1) / expected if expected else None
    return Agreement(alpha, fleiss_kappa(table), pairwise)
