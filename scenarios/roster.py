"""A roster: the names that the agents of a scenario will have."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from itertools import chain

from bus.table import nearest

_NUMBER = re.compile("[1-9][0-9]{0,6}")

_SHOWN = 20
"""So many people of a group are looked at for a name that is near."""


class Roster:
    """Services by their names, and people by those of their groups: "worker-1", "worker-2", ...

    Args:
        services: agents that are no people.
        groups: the name of each group, and how many people are in it.
    """

    def __init__(self, services: Sequence[str], groups: Iterable[tuple[str, int]]) -> None:
        self.services = services
        self._sizes = {f"{name}-": size for name, size in groups}

    def is_person(self, name: str) -> bool:
        """Return whether an annotator will be called so."""
        group, number = name[: name.rfind("-") + 1], name[name.rfind("-") + 1 :]
        return bool(_NUMBER.fullmatch(number)) and int(number) <= self._sizes.get(group, 0)

    def refuse_stranger(self, where: str, name: str, *others: str) -> None:
        """Raise ValueError if no agent will have a name, and it is none of the others that may stand there."""
        if name not in self.services and name not in others and not self.is_person(name):
            raise ValueError(f"{where}: there is no agent {name!r}; {self._nearest(name, others)}")

    def refuse_pattern(self, where: str, pattern: str, *others: str) -> None:
        """Raise ValueError if no agent's name will fit a pattern, nor any other that may stand there."""
        if not any(fnmatchcase(name, pattern) for name in chain(self.services, others, self._people())):
            raise ValueError(f"{where}: no agent's name fits {pattern!r}; {self._nearest(pattern, others)}")

    def _nearest(self, name: str, others: Sequence[str]) -> str:
        return nearest(name, [*self.services, *others, *self._people(_SHOWN)])

    def _people(self, most: int | None = None) -> Iterator[str]:
        for group, size in self._sizes.items():
            for number in range(1, (size if most is None else min(size, most)) + 1):
                yield f"{group}{number}"
