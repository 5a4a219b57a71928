"""Accounts: what a campaign keeps of its events as they are recorded, beside what its agents know."""

from collections.abc import Callable, Mapping, Sequence

from agents.event import event_of
from agents.judgement import Evaluation, reprice
from agents.messages import AnnotatorCame, AnnotatorLeft, CampaignEnded, ModelEvaluated
from agents.person import Stays
from agents.state import State
from bus.message import Envelope

Record = Callable[[Envelope], None]
"""Is called with every event, in order."""


def with_state(state: State, record: Record) -> Record:
    """Return what records an event, and has a state take it in."""

    def fold(envelope: Envelope) -> None:
        state.apply(event_of(envelope))
        record(envelope)

    return fold


def with_stays(stays: Mapping[str, Stays], record: Record) -> Record:
    """Return what records an event, and keeps account of who is there, by name, until the campaign is over."""
    is_over = False

    def attend(envelope: Envelope) -> None:
        nonlocal is_over
        body = envelope.body
        if isinstance(body, CampaignEnded):
            is_over = True
        elif is_over:
            pass
        elif isinstance(body, AnnotatorCame):
            stays[envelope.sender].come(body.number, envelope.time)
        elif isinstance(body, AnnotatorLeft):
            stays[envelope.sender].leave(body.number, envelope.time, body.until)
        record(envelope)

    return attend


class Curve:
    """A learning curve that grows: each evaluated model, with what had been spent when the instant of its evaluation was over.

    Args:
        spent: returns what has been spent, in millionths.

    Attributes:
        evaluations: so far; the cost of the last instant's is -1 until that is over.
    """

    def __init__(self, spent: Callable[[], int]) -> None:
        self._spent = spent
        self.evaluations: list[Evaluation] = []

    def drawn_by(self, record: Record) -> Record:
        """Return what records an event, and draws the curve on."""

        def draw(envelope: Envelope) -> None:
            if self.evaluations and self.evaluations[-1].time < envelope.time:
                self._price()
            record(envelope)
            if isinstance(envelope.body, ModelEvaluated):
                self.evaluations.append(Evaluation(**envelope.body.model_dump(), time=envelope.time, cost=-1))

        return draw

    def priced(self) -> Sequence[Evaluation]:
        """Return the curve as if this instant were over."""
        if self.evaluations:
            self._price()
        return self.evaluations

    def _price(self) -> None:
        last = self.evaluations[-1]
        if last.cost < 0:
            reprice(self.evaluations, last.time, self._spent())
