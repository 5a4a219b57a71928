"""Event logs of answers that came from outside."""

from collections import Counter
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Policy
from bus.journal import FileWriter, Journal
from bus.message import Envelope
from scenarios.answers.retelling import Retelling
from scenarios.answers.table import Answers
from scenarios.answers.timeline import Timeline, timeline
from scenarios.header import PARLEY_VERSION, AnswerFile, Recorded
from scenarios.replacement import replacement

Watch = Callable[[Iterable[Envelope], int], Iterable[Envelope]]
"""Passes events on, knowing about how many there are."""


class Telling(NamedTuple):
    """How answers become a log.

    Attributes:
        name: what the import is called.
        policy: how labels are made; None for the majority of all answers to an item.
        seed: seed of ties.
    """

    name: str
    policy: Policy | None = None
    seed: int = 0


def write_log(path: Path, answers: Answers, telling: Telling, watch: Watch = lambda events, about: events) -> int:
    """Write the event log of answers, and return the number of events. The same answers and telling give the same bytes.

    Args:
        path: the log; it is replaced when the new one is whole, and not before.
        answers: the answers.
        telling: what to make of them.
        watch: passes events on, for a display of progress.

    Raises:
        BadInput: the log cannot be written, or a worker's answers take more than a century.
        Unusable: the policy cannot do with these answers.
    """
    times = timeline(answers)
    retelling = Retelling(answers, times, telling.policy, telling.seed)
    header = _header(answers, times, telling)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacement(path) as file:
        journal = Journal(FileWriter(file), header)
        for envelope in watch(retelling.events(), len(retelling)):
            journal.append(envelope)
        journal.finish({})
    return sum(journal.counts.values())


def _header(answers: Answers, times: Timeline, telling: Telling) -> dict[str, Any]:
    policy = telling.policy or Majority(size=most_people(answers))
    return Recorded(
        parley=PARLEY_VERSION,
        name=telling.name,
        seed=telling.seed,
        source=AnswerFile(file=answers.path.name, digest=digest_of(answers.path)),
        policy=TypeAdapter[Policy](AnyPolicy).dump_python(policy, mode="json"),
        times=times.times,
    ).model_dump()


def digest_of(path: Path) -> str:
    """Return 16 hexadecimal digits over the bytes of a file."""
    state = blake2b(digest_size=8)
    with path.open("rb") as file:
        while block := file.read(2**20):
            state.update(block)
    return state.hexdigest()


def most_people(answers: Answers) -> int:
    """Return how many different people answered an item at most."""
    rows = zip(answers.tasks, answers.workers, answers.labels, strict=True)
    pairs = dict.fromkeys((task, worker) for task, worker, label in rows if label is not None)
    return max(Counter(task for task, _ in pairs).values())
