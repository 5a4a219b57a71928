"""How people change as they work."""

from agents.annotator.experience import Moment
from agents.component import Component
from bus.chance import Keyed


class Change(Component):
    """What work does to a person. Several changes add up."""

    def skill(self, moment: Moment, luck: Keyed) -> float:
        """Return by how much the log odds of a right answer are shifted; 0 as they were hired.

        Args:
            moment: how they stand.
            luck: this person's draws for this change; to be keyed by a number, such as that of the session.
        """
        return 0.0

    def pace(self, moment: Moment, luck: Keyed) -> float:
        """Return the factor on the time of their answers; 1 as they were hired."""
        return 1.0

    def is_told(self) -> bool:
        """Return whether it matters that a person is told which of their answers to gold questions are right."""
        return False
