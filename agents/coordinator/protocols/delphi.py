"""Delphi: anonymous rounds."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from agents.coordinator.crowd import Answer
from agents.coordinator.opinion import Chances, mean, opinion
from agents.coordinator.protocol import Protocol
from agents.coordinator.session import Session
from agents.messages import Voice


class Delphi(Protocol):
    """Anonymous rounds: each is shown what the others hold, and not who holds it (Dalkey and Helmer, 1963).

    With people whom nothing moves it is the majority, vote for vote; with people who only conform, it moves towards the majority of
    the first answers, and is no better.
    """

    kind: ClassVar[str] = "delphi"

    feedback: Literal["counts", "mean", "median"] = "counts"
    """What is shown of the others: how many give each label; or the mean or the median of how probable they say each class is."""
    reasons: bool = False
    """Whether the reasons of the others are shown too."""
    changed: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the members up to which changing their labels counts as nobody moving, so that it is over."""

    def views(self, session: Session) -> Mapping[str, Sequence[Voice]]:
        """Return the labels of the others, or one voice that stands for them all."""
        if len(session.members) < 2:
            return {}
        return self._counts(session.members) if self.feedback == "counts" else self._summaries(session)

    def has_moved(self, before: Sequence[Answer], after: Sequence[Answer]) -> bool:
        """Return whether more than the share have changed their labels."""
        changed = sum(one.label != other.label for one, other in zip(before, after, strict=True))
        return changed > self.changed * len(after)

    def _counts(self, members: Sequence[Answer]) -> Mapping[str, Sequence[Voice]]:
        # Sorted, so that the order does not tell whose is which.
        labels = sorted((member.label for member in members), key=str)
        voices: list[Voice] = [(None, label, None, None, 1.0) for label in labels]
        views = {}
        for member in members:
            own = labels.index(member.label)
            views[member.annotator] = (*voices[:own], *voices[own + 1 :])
        return views

    def _summaries(self, session: Session) -> Mapping[str, Sequence[Voice]]:
        classes = session.crowd.classes
        opinions = [opinion(member, classes) for member in session.members]
        weight, luck, views = len(opinions) - 1.0, session.luck("feedback"), {}
        for seat, member in enumerate(session.members):
            others = opinions[:seat] + opinions[seat + 1 :]
            shown = mean(others) if self.feedback == "mean" else _medians(others)
            leading = [index for index, chance in enumerate(shown) if chance == max(shown)]
            label = classes[leading[luck.below(len(leading))]]
            views[member.annotator] = ((None, label, None, shown, weight),)
        return views


def _medians(opinions: Sequence[Chances]) -> tuple[float, ...]:
    """Return the median for each class, so scaled that they add up to 1; the mean, where all of them are 0."""
    medians = [median(each) for each in zip(*opinions, strict=True)]
    total = sum(medians)
    return tuple(each / total for each in medians) if total else mean(opinions)
