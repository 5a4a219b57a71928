"""Promises: what people bid, and what came of it."""

from agents.messages import Item, Label


class _Record:
    """What is known of one person: time promised and taken, over so many tasks; answers, and those that agree with the label."""

    __slots__ = ("agreed", "judged", "promised", "taken", "tasks")

    def __init__(self) -> None:
        self.promised = self.taken = 0
        self.tasks = self.judged = self.agreed = 0


class Promises:
    """Remembers promises until they are kept or broken.

    Args:
        prior: tasks of which it is assumed that they were done in the time that was promised, and well.
    """

    def __init__(self, prior: float) -> None:
        self._prior = prior
        self._records: dict[str, _Record] = {}
        self._made: dict[Item, dict[tuple[str, int], tuple[int, int]]] = {}
        self._answers: dict[Item, dict[str, Label]] = {}

    def _of(self, name: str) -> _Record:
        record = self._records.get(name)
        if record is None:
            record = self._records[name] = _Record()
        return record

    def punctuality(self, name: str) -> float:
        """Return the time that somebody promises as a share of the time that they take: 1 if they keep their word.

        It is the ratio of the sums, tasks of the prior being as long as the average one, and kept.
        """
        record = self._records.get(name)
        if record is None or not record.promised:
            return 1.0
        before = self._prior * record.promised / record.tasks
        return (before + record.promised) / (before + record.taken)

    def trust(self, name: str) -> float:
        """Return the share of somebody's answers that agree with the label: the mean of a beta distribution.

        Its prior is that of so many answers all of which agree.
        """
        record = self._records.get(name)
        return 1.0 if record is None else (self._prior + record.agreed) / (self._prior + record.judged)

    def make(self, name: str, item: Item, attempt: int, eta: int, time: int) -> None:
        """Note that somebody promises to be done after so many microseconds."""
        self._made.setdefault(item, {})[name, attempt] = (eta, time)

    def end(self, name: str, item: Item, attempt: int, time: int) -> None:
        """Note that they are done, or that it has taken too long; a second time, that is nothing."""
        promises = self._made.get(item)
        made = None if promises is None else promises.pop((name, attempt), None)
        if made is not None:
            record = self._of(name)
            record.promised += made[0]
            record.taken += time - made[1]
            record.tasks += 1

    def hear(self, item: Item, name: str, label: Label) -> None:
        """Note what somebody answered."""
        self._answers.setdefault(item, {})[name] = label

    def settle(self, item: Item, label: Label) -> None:
        """Judge the answers to an item by its label, the first one that it gets; what was called off is no promise any more."""
        self._made.pop(item, None)
        for name, answer in self._answers.pop(item, {}).items():
            record = self._of(name)
            record.judged += 1
            record.agreed += answer == label

    def forget(self, name: str) -> None:
        """Strike out what somebody answered: it is void."""
        for answers in self._answers.values():
            answers.pop(name, None)
