"""A convocation: what the Learner remembers of the members that it called on."""

from collections.abc import Mapping

from agents.committee import MemberTrained
from agents.estimator import Committee, Model, ModelShelf
from bus.message import Envelope


class Convocation:
    """Who is to train for a version, and who has.

    Args:
        shelves: where each member puts its models, by its name.
        patience: simulated microseconds that members are waited for; None for as long as it takes.
    """

    def __init__(self, shelves: Mapping[str, ModelShelf], patience: int | None) -> None:
        self.members = tuple(shelves)
        self.patience = patience
        self._shelves = shelves
        self._version = 0
        self._there: dict[str, Model] = {}

    def begin(self, version: int) -> None:
        """Take note that members are called on for a version."""
        self._version, self._there = version, {}

    def note(self, envelope: Envelope) -> None:
        """Take note of who has trained; for an earlier version it comes too late."""
        body = envelope.body
        if isinstance(body, MemberTrained) and body.version == self._version:
            self._there[envelope.sender] = self._shelves[envelope.sender].get(body.version)

    @property
    def is_complete(self) -> bool:
        """Whether all members have trained."""
        return len(self._there) == len(self.members)

    @property
    def present(self) -> tuple[str, ...]:
        """Who has trained, in the order of the members."""
        return tuple(member for member in self.members if member in self._there)

    def model(self) -> Model:
        """Return the committee of those who have."""
        return Committee([self._there[member] for member in self.present])
