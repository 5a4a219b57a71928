"""What a run amounts to: one object, for people's eyes and for programs."""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from agents.messages import Label, StoppedBy


class Point(NamedTuple):
    """A model version on the learning curve: the labels it was trained on, and how good it is on held-out items."""

    labels: int
    accuracy: float
    macro_f1: float
    log_loss: float


class Work(NamedTuple):
    """What one annotator did: answers accepted, answers that came too late, share of the time spent at work."""

    name: str
    answers: int
    late: int
    busy: float


class Summary(BaseModel):
    """The outcome of a run; times in seconds, money in units of the user's currency, None where there is nothing to measure."""

    model_config = ConfigDict(frozen=True)

    name: str
    seed: int
    stopped_by: StoppedBy
    accuracy: float | None
    """Accuracy of the last model on held-out items; None without a learner."""
    macro_f1: float | None
    log_loss: float | None
    labels: int
    """Resolved items; seed labels are not among them."""
    label_accuracy: float | None
    """Share of the resolved labels that are right."""
    label_accuracy_by_class: dict[Label, float | None]
    answers: int
    """Answers accepted."""
    late: int
    """Answers that came after their lease or cancellation."""
    expired: int
    """Leases that ran out."""
    given_up: int
    """Items that were open when the campaign ended."""
    cost: float
    simulated_seconds: float
    unanimous: float | None
    """Share of the items with several answers on which all agreed."""
    alpha: float | None
    """Krippendorff's alpha of the answers."""
    staleness: float | None
    """Labels that came, on average, between the scoring of an item and its own label."""
    events: int
    log: str | None
    curve: tuple[Point, ...]
    annotators: tuple[Work, ...]
