"""Addresses: what workers of the real world are called on a bus and in a log, where not every name can stand."""

import json
from collections.abc import Iterable

from bus.bus import BUS
from bus.message import EVERYONE

RESERVED = frozenset({BUS, EVERYONE, "campaign", "coordinator", "selector", "learner", "evaluator"})
"""Names that mean somebody else."""


def addresses(workers: Iterable[str]) -> dict[str, str]:
    """Return an address for each worker, in order of first appearance: their own name, wherever it can be one.

    Quotes, backslashes and control characters become underscores, and a name that means somebody else is put behind "worker-". What
    is then somebody's name already gets a number, as in "ann-2"; who could keep their own name keeps it.
    """
    names = [*dict.fromkeys(workers)]
    taken = {name for name in names if _possible(name) == name}
    found: dict[str, str] = {}
    for name in names:
        possible = _possible(name)
        if possible != name:
            number, wanted = 1, possible
            while possible in taken:
                number += 1
                possible = f"{wanted}-{number}"
            taken.add(possible)
        found[name] = possible
    return found


def _possible(name: str) -> str:
    clean = "".join(letter if json.dumps(letter, ensure_ascii=False) == f'"{letter}"' else "_" for letter in name)
    return f"worker-{clean}" if clean in RESERVED else clean
