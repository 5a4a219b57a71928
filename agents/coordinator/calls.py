"""Calls: who is wanted at which rounds."""

from collections.abc import Callable, Mapping

from agents.coordinator.round import Round


class Calls:
    """Rounds that lack members, oldest first for each member."""

    def __init__(self) -> None:
        self._rounds: dict[str, dict[Round, None]] = {}

    def __bool__(self) -> bool:
        return bool(self._rounds)

    @property
    def rounds(self) -> list[Round]:
        """The rounds that lack members."""
        return [*dict.fromkeys(each for rounds in self._rounds.values() for each in rounds)]

    def add(self, each: Round) -> None:
        """Call those whom a round lacks, and those too of whom nothing is heard: they may be back before it is over."""
        for name in each.wanted:
            self._rounds.setdefault(name, {})[each] = None

    def remove(self, each: Round) -> None:
        """Call nobody to a round any more."""
        for name in each.wanted:
            if each in self._rounds.get(name, ()):
                self._strike_out(name, each)

    def next(self, idle: Mapping[str, None], affords: Callable[[str, Round], bool]) -> tuple[Round, str] | None:
        """Return the next round and member, of those who are idle, and call them to it no more; None if none of them is called.

        Args:
            idle: people without a task.
            affords: whether there is money for what somebody says in a round.
        """
        rounds = self._rounds
        # Plain loops, and over the fewer: this is asked for each task, by whoever has become idle.
        for name in idle if len(idle) < len(rounds) else [*rounds]:
            if name not in rounds or name not in idle:
                continue
            for each in rounds[name]:
                if affords(name, each):
                    self._strike_out(name, each)
                    return each, name
        return None

    def _strike_out(self, name: str, each: Round) -> None:
        rounds = self._rounds[name]
        del rounds[each]
        if not rounds:
            del self._rounds[name]
