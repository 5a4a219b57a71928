"""An open item, as a fold of events knows it."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from agents.messages import Label


class Vote(NamedTuple):
    """An accepted answer: who gave it, what it says, when, and by which event; and how sure they say they are, if they do."""

    annotator: str
    label: Label
    time: int
    seq: int
    confidence: float | None = None
    chances: tuple[float, ...] | None = None


def vote_of(annotator: str, answer: dict[str, Any]) -> Vote:
    """Return the vote of the event of an answer."""
    body = answer["body"]
    chances = body.get("chances")
    said = body.get("confidence"), None if chances is None else tuple(chances)
    return Vote(annotator, body["label"], answer["t"], answer["seq"], *said)


@dataclass(slots=True)
class OpenItem:
    """An item that was requested and has no label yet.

    Attributes:
        seq: the last event towards its label.
        requested: when it was requested, in microseconds.
        version: the model that scored it; 0 for none.
        score: how it was scored.
        resolved_before: labels that there were when it was requested.
        asked: how often each annotator has been asked.
        votes: accepted answers, in order.
        under_way: who has a live task of it, in order of assignment.
        declined: who had no answer to give, or could not tell.
        labelled: whether it has a label, and was opened again for one more answer.
        reopened: whether it was opened again at all.
        session: whether people are talking it over.
        statements: what members of its session held in each round, in the order in which they said so.
        tier: how far up it is of an escalation, from 0.
    """

    seq: int
    requested: int
    version: int
    score: float
    resolved_before: int
    asked: dict[str, int] = field(default_factory=dict)
    votes: list[Vote] = field(default_factory=list)
    under_way: dict[str, None] = field(default_factory=dict)
    declined: dict[str, None] = field(default_factory=dict)
    labelled: bool = False
    reopened: bool = False
    session: bool = False
    statements: list[tuple[int, Vote]] = field(default_factory=list)
    tier: int = 0

    def fall_silent(self) -> None:
        """Forget what was said in its session, which began with answers that are void now, and how far up it was."""
        self.session, self.tier = False, 0
        self.statements.clear()

    def is_closed_by(self, revision: int) -> bool:
        """Return whether a label closes it: one that is revised while a request for one more answer is on its way does not."""
        return revision == 0 or self.reopened
