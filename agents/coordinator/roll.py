"""The roll: who may be asked, and who of them waits for a task."""

from collections.abc import Iterable


class Roll:
    """Who is there.

    Args:
        names: the annotators.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.present: dict[str, None] = dict.fromkeys(names)
        """Annotators who may be asked, as far as is known."""
        self.idle: dict[str, None] = dict.fromkeys(self.present)
        """Those of them who have no task, longest idle first."""
        self._blocked: set[str] = set()

    def is_unexpected(self, name: str) -> bool:
        """Return whether it is news that somebody is there."""
        return name not in self.present and name not in self._blocked

    def free(self, name: str) -> None:
        """Note that somebody has no task any more."""
        self.idle[name] = None

    def block(self, name: str) -> None:
        """Ask nothing more of somebody, whatever is heard of them."""
        self._blocked.add(name)
        self.present.pop(name, None)
        self.idle.pop(name, None)
