"""Queues: the questions that wait for certain people."""

from collections.abc import Collection

from agents.coordinator.request import Request


class Queues:
    """A queue of questions for each person, oldest first. A question may stand in several: it may want several answers."""

    def __init__(self) -> None:
        self._queues: dict[str, dict[Request, None]] = {}
        self._owners: dict[Request, dict[str, None]] = {}

    def __contains__(self, request: Request) -> bool:
        return request in self._owners

    @property
    def people(self) -> Collection[str]:
        """Those for whom anything waits."""
        return self._queues.keys()

    def of(self, name: str) -> Collection[Request]:
        """Return what waits for somebody."""
        return self._queues.get(name, {}).keys()

    def owners(self, request: Request) -> Collection[str]:
        """Return for whom a question waits."""
        return self._owners.get(request, {}).keys()

    def length(self, name: str) -> int:
        """Return how many questions wait for somebody."""
        return len(self._queues.get(name, ()))

    def longest_first(self) -> list[str]:
        """Return those for whom anything waits, the one with most of it first."""
        return sorted(self._queues, key=self.length, reverse=True)

    def add(self, request: Request, name: str) -> None:
        """Let a question wait for somebody."""
        self._queues.setdefault(name, {})[request] = None
        self._owners.setdefault(request, {})[name] = None

    def remove(self, request: Request, name: str) -> None:
        """Let a question wait for somebody no more, if it does."""
        if name not in self._owners.get(request, ()):
            return
        del self._owners[request][name]
        if not self._owners[request]:
            del self._owners[request]
        del self._queues[name][request]
        if not self._queues[name]:
            del self._queues[name]

    def drop(self, request: Request) -> None:
        """Let a question wait for nobody."""
        for name in [*self.owners(request)]:
            self.remove(request, name)
