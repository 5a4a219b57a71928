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
class Talk:
    """What a log tells of the sessions about an item.

    Attributes:
        opened: sessions that were opened.
        adjourned: those that are over.
        since: the last round before the session that was opened last.
        turn: the last round to which anybody was called.
        began: when that was, in microseconds.
        missing: who was called to it, and says nothing any more in it.
    """

    opened: int = 0
    adjourned: int = 0
    since: int = 0
    turn: int = 0
    began: int = 0
    missing: list[str] = field(default_factory=list)


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
        talk: what else there is to know of its sessions; None if there was none.
        tier: the tier of an escalation to which it has gone up; 0 if it has not.
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
    talk: Talk | None = None
    tier: int = 0

    def fall_silent(self) -> None:
        """Forget what was said in its session, which began with answers that are void now, and how far up it was."""
        self.session, self.tier = False, 0
        self.talk = None
        self.statements.clear()

    def begin_session(self) -> None:
        """Note that people begin to talk it over."""
        talk = self.talk = self.talk or Talk()
        talk.opened += 1
        talk.since, self.session = talk.turn, True

    def end_session(self) -> None:
        """Note that they have done so."""
        if self.session and self.talk is not None:
            self.talk.adjourned += 1
        self.session = False

    def call(self, turn: int, time: int) -> None:
        """Note that somebody is called to a round, at that time."""
        if self.talk is not None and turn > self.talk.turn:
            self.talk.turn, self.talk.began, self.talk.missing = turn, time, []

    def miss(self, name: str, turn: int) -> None:
        """Note that somebody says nothing any more in a round to which they were called."""
        if self.talk is not None and turn == self.talk.turn:
            self.talk.missing.append(name)

    def is_closed_by(self, revision: int) -> bool:
        """Return whether a label closes it: one that is revised while a request for one more answer is on its way does not."""
        return revision == 0 or self.reopened
