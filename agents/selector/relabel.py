"""Relabel or new: whether a request is for an item that has no label yet, or for one more answer to one that has.

A label that rests on one more answer is right more often, and that answer teaches the model no new item: which is worth more
depends on people, on learner and on pool (Sheng, Provost and Ipeirotis, 2008; Lin, Mausam and Weld, 2014).
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator
from scipy.special import betainc

from agents.component import Choice, Component
from agents.inference.activelab import sureness
from agents.inference.answers import Floats
from agents.selector.tally import Counts, Tally
from agents.selector.view import PoolView

FREE: Literal["free"] = "free"
"""Instead of a share: items with and without a label stand on one scale, and whichever has the higher score is asked for."""

Share = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True)
class AnswersView:
    """What is known of items.

    Attributes:
        rows: which items of the pool these are; shape (items,).
        answers, lead, second: each item's answers, votes of its most frequent label, and of the next one; shape (items,) each.
        probabilities: the newest model's class probabilities; shape (items, classes). None where nobody looks at them.
        tally: all answers to the whole pool.
        pool: the whole pool, by the newest model.
    """

    rows: NDArray[np.intp]
    answers: Counts
    lead: Counts
    second: Counts
    probabilities: Floats | None
    tally: Tally
    pool: PoolView


class Relabel(Component):
    """Gives items a score: the higher, the sooner there is to be one more answer."""

    needs_model: ClassVar[bool] = False
    by_item: ClassVar[bool] = True
    """Whether an item's score depends on its own answers only, beside the model: then it alone is scored anew when it gets one."""

    share: Share | Literal["free"] = 0.5
    """Share of the requests that ask again; "free" if items with and without a label compete by score."""
    most: Annotated[int, Field(ge=2)] | None = None
    """Answers an item gets at most; left out, as many as there are annotators."""

    @field_validator("share", mode="before")
    @classmethod
    def _is_share(cls, share: object) -> object:
        if share != FREE and not (isinstance(share, int | float) and 0 <= share <= 1):
            raise ValueError(f"a share is a number from 0 to 1, or {FREE!r}, but it is {share!r}")
        return share

    def is_stale(self, new: int, total: int) -> bool:
        """Return whether all items are to be scored anew when so many of all answers have come since the last time."""
        return False

    @abstractmethod
    def scores(self, view: AnswersView) -> Floats:
        """Return a score for each item of the view; shape (items,)."""


class Fixed(Relabel):
    """Round robin: the item with the fewest answers gets the next (Sheng, Provost and Ipeirotis, 2008)."""

    kind: ClassVar[str] = "fixed"

    def scores(self, view: AnswersView) -> Floats:
        """Return minus the number of answers."""
        return -view.answers.astype(np.float64)


class LabelUncertainty(Relabel):
    """The item whose votes leave most doubt, by the tail of a Beta distribution (Sheng, Provost and Ipeirotis, 2008)."""

    kind: ClassVar[str] = "label-uncertainty"

    def scores(self, view: AnswersView) -> Floats:
        """Return how probable it is that the label is not the more frequent one after all; see label_uncertainty."""
        return label_uncertainty(view.lead, view.second)


class ModelUncertainty(Relabel):
    """The item of which the model is least sure, whatever its votes (Sheng, Provost and Ipeirotis, 2008)."""

    kind: ClassVar[str] = "model-uncertainty"
    needs_model: ClassVar[bool] = True

    def scores(self, view: AnswersView) -> Floats:
        """Return one less the greatest class probability; see model_uncertainty."""
        assert view.probabilities is not None
        return model_uncertainty(view.probabilities)


class LabelAndModel(Relabel):
    """The geometric mean of label and model uncertainty (Sheng, Provost and Ipeirotis, 2008)."""

    kind: ClassVar[str] = "label-and-model"
    needs_model: ClassVar[bool] = True

    def scores(self, view: AnswersView) -> Floats:
        """Return the root of their product."""
        assert view.probabilities is not None
        return np.sqrt(label_uncertainty(view.lead, view.second) * model_uncertainty(view.probabilities))


class ActiveLab(Relabel):
    """The item whose label is least sure by people and model together, with answers or without (Goh and Mueller, 2023)."""

    kind: ClassVar[str] = "activelab"
    needs_model: ClassVar[bool] = True
    by_item: ClassVar[bool] = False

    share: Share | Literal["free"] = FREE
    """Share of the requests that ask again; "free" if items with and without a label compete by score."""
    stale: Annotated[float, Field(gt=0, le=1)] = 0.02
    """New answers, as a share of all, after which items are scored anew; with a new model they are in any case."""

    def is_stale(self, new: int, total: int) -> bool:
        """Return whether they are more than that share."""
        return new > self.stale * total

    def scores(self, view: AnswersView) -> Floats:
        """Return one less ActiveLab's score.

        What people and model are worth follows from the items that have answers: what this costs goes by their number, and for
        the others by one sum over classes.
        """
        rows, table = view.tally.table(view.pool.probabilities)
        found = sureness(table)
        told = np.zeros(len(view.pool.items), np.bool_)
        told[rows] = True
        scores = np.empty(len(view.rows))
        others = ~told[view.rows]
        scores[~others] = 1.0 - found.scores[np.searchsorted(rows, view.rows[~others])]
        scores[others] = 1.0 - found.without_answers(view.pool.lags[view.rows[others]])
        return scores


def label_uncertainty(lead: Counts, second: Counts) -> Floats:
    """Return how probable it is that the less frequent of two labels is the right one; shape (items,).

    Sheng, Provost and Ipeirotis (2008), 5.2: with p and n votes for and against, and before them any share of votes as likely as
    any other, the share of votes for is distributed as Beta(p + 1, n + 1); the score is the tail beyond one half, on the side
    of the minority. It is 1/2 without votes, and falls as one label gains. Of more than two classes, the two that lead count: where
    all shares of votes are as likely, those two share their part in just this way.

    Args:
        lead, second: votes of the most frequent label, and of the next; shape (items,) each.
    """
    return np.asarray(betainc(lead + 1.0, second + 1.0, 0.5))


def model_uncertainty(probabilities: Floats) -> Floats:
    """Return one less the greatest class probability; shape (items,).

    Sheng, Provost and Ipeirotis (2008), 5.3, who have two classes: the distance from certainty, 0.5 - |p - 0.5|.
    """
    return np.asarray(1.0 - probabilities.max(axis=1))


AnyRelabel = Annotated[
    Relabel,
    Choice("way to choose between relabelling and new items", Fixed, LabelUncertainty, ModelUncertainty, LabelAndModel, ActiveLab),
]
