"""After a reaction: people do not begin on a task when it is assigned to them."""

from collections.abc import Set
from typing import Annotated, ClassVar

from agents.annotator.case import Case
from agents.annotator.latencies.average import average
from agents.annotator.latencies.harder_slower import HarderSlower
from agents.annotator.latencies.plain import PLAIN, AnyPlainLatency
from agents.annotator.latency import Latency
from agents.annotator.people import PeopleChoice
from agents.annotator.record import Record, Recording
from agents.messages import Item
from bus.chance import Luck
from bus.duration import LONGEST


class AfterReaction(Latency):
    """The time from the assignment of a task to its beginning, and then that of the work; the two do not depend on each other."""

    kind: ClassVar[str] = "after-reaction"

    reaction: AnyPlainLatency
    """How long it takes the person to begin."""
    work: Annotated[Latency, PeopleChoice("latency", *PLAIN, HarderSlower)]
    """How long the work takes then."""

    def recording(self, noise: Recording | None) -> Recording | None:
        """Return where the times of the work are recorded."""
        return self.work.recording(noise)

    def bound(self, record: Record, items: Set[Item] | None) -> "AfterReaction":
        """Return the same with a person's recorded times."""
        return self.model_copy(update={"work": self.work.bound(record, items)})

    def seconds(self, case: Case, luck: Luck) -> float:
        """Draw both, the reaction first."""
        return min(self.reaction.seconds(case, luck) + self.work.seconds(case, luck), LONGEST)

    def within(self, seconds: float) -> float:
        """Return the distribution function of the sum, to within 1e-4."""
        if seconds < 0:
            return 0.0
        return average(lambda reaction: self.work.within(seconds - reaction), self.reaction.within, 0.0, seconds)
