"""When people are there, and what becomes of tasks that they take."""

from typing import NamedTuple

from agents.annotator.bucket import Bucket
from agents.component import Component
from agents.messages import Item
from bus.chance import Keyed


class Past(NamedTuple):
    """A person's comings and goings, and what they did meanwhile; instants in microseconds.

    Attributes:
        epoch: the campaign's beginning, from Monday 0:00 UTC on.
        visits: how often they came.
        there: whether they are there.
        first: when they came first; 0 if they never did.
        came: when they came last.
        left: when they left last; the present, for those who are about to leave.
        answers: answers they have given.
        position: answers they have given since they came last.
    """

    epoch: int = 0
    visits: int = 0
    there: bool = False
    first: int = 0
    came: int = 0
    left: int = 0
    answers: int = 0
    position: int = 0


class Span(NamedTuple):
    """Whether somebody is there, and the instant up to which that stays so if they do nothing meanwhile; None for ever."""

    there: bool
    until: int | None


class Lapse(NamedTuple):
    """How a task is left undone.

    Attributes:
        after: the share of the work that is done before.
        says: whether it is given back then; else nothing is heard until its lease ends.
        pause: seconds after the lease until they look for work again.
    """

    after: float
    says: bool
    pause: float


ALWAYS = Span(True, None)


class Availability(Component):
    """One reason why somebody may not be there, or not do what they took. Several compose: they are there when all let them be."""

    def at(self, now: int, past: Past, luck: Keyed) -> Span:
        """Return whether they are there at an instant, as far as this goes, and up to when.

        Args:
            now: the instant, in microseconds; it may be to come.
            past: what there was before, nothing having happened since.
            luck: this person's draws for this component; to be keyed by a number, such as that of the visit.
        """
        return ALWAYS

    def is_strict(self) -> bool:
        """Return whether a task that is under way when they leave is given back; else they finish it first."""
        return False

    def longest(self) -> float | None:
        """Return the seconds that a stay takes at most, those being its end by which a task is given back; None for no limit."""
        return None

    def lapse(self, item: Item, attempt: int, luck: Keyed) -> Lapse | None:
        """Return how a task is left undone; None if it is done."""
        return None

    def is_silent(self) -> bool:
        """Return whether there may be tasks that are left without a word, so that only their lease tells."""
        return False

    def sets_out(self, now: int) -> int:
        """Return the instant, from `now` on, at which work is begun for which nothing else is missing."""
        return now

    def hands_in(self, done: int) -> int:
        """Return the instant at which an answer is given that is ready at `done`."""
        return done

    def buckets(self) -> tuple[Bucket, ...]:
        """Return what their work draws from, full; each is theirs alone."""
        return ()

    def draught(self, item: Item, attempt: int, luck: Keyed) -> tuple[int, ...]:
        """Return what an answer draws from each of the buckets, in microseconds of its refilling."""
        return ()
