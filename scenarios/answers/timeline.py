"""When answers were begun and given, as far as a file says, in microseconds of a campaign."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bus.clock import SECOND
from scenarios.answers.table import LONGEST, Answers
from scenarios.errors import BadInput, brief

_LATEST = int(LONGEST) * SECOND


class Timeline(NamedTuple):
    """When each answer was begun and given.

    Attributes:
        times: what the file says of times, as a log's header has it.
        starts: when it was begun, in microseconds; shape (answers,).
        ends: when it was given; shape (answers,).
        moments: every beginning (2 * row) and every end (2 * row + 1), in order; shape (2 * answers,). At one instant, what was
            begun before ends first, and what takes no time ends where it began; else the order is that of the file.
    """

    times: Literal["starts", "durations", "order"]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    moments: NDArray[np.int64]


def timeline(answers: Answers) -> Timeline:
    """Return the timeline of a file.

    Where it says when answers were begun, they were; one of which it does not say so followed the worker's answer before it in the
    file. Where it says only how long they took, each worker's followed one another from 0. Where it says nothing, time counts them,
    from 1. An answer whose duration is not known takes none.

    Raises:
        BadInput: a worker's answers take more than a century together.
    """
    if any(start is not None for start in answers.starts):
        times: Literal["starts", "durations", "order"] = "starts"
    elif any(duration is not None for duration in answers.durations):
        times = "durations"
    else:
        ticks = np.arange(1, len(answers.tasks) + 1, dtype=np.int64)
        return Timeline("order", ticks, ticks, _in_order(ticks, ticks))
    starts, ends = _one_after_the_other(answers)
    return Timeline(times, starts, ends, _in_order(starts, ends))


def _one_after_the_other(answers: Answers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    starts, ends = np.empty((2, len(answers.tasks)), dtype=np.int64)
    free: dict[str, int] = {}
    for row, (worker, start, duration) in enumerate(zip(answers.workers, answers.starts, answers.durations, strict=True)):
        begun = free.get(worker, 0) if start is None else round(start * SECOND)
        ended = begun + round((duration or 0.0) * SECOND)
        if ended > 2 * _LATEST:
            raise BadInput(f"{answers.where(row)}: by then, the answers of {brief(worker)} have taken more than a century")
        starts[row], ends[row], free[worker] = begun, ended, ended
    return starts, ends


def _in_order(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.int64]:
    rows = np.arange(len(starts), dtype=np.int64)
    halves = np.concatenate([2 * rows, 2 * rows + 1])
    takes_none = np.concatenate([np.ones(len(starts), dtype=np.bool_), starts == ends])
    return halves[np.lexsort((halves, takes_none, np.concatenate([starts, ends])))]
