"""The contract net with honest bids is the supermarket model: W = sum over i of lambda^((d^i - d) / (d - 1)), for many people.

Mitzenmacher, The power of two choices in randomized load balancing (2001); Vvedenskaya, Dobrushin and Karpelevich (1996).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.annotator.bidding import Bidding
from agents.annotator.bids.overclaiming import Overclaiming
from agents.annotator.latencies.exponential import ExponentialTime
from agents.coordinator.allocations.contract_net import ContractNet
from agents.messages import AnswerSubmitted, TaskAssigned
from agents.negotiation import CallForProposals, Proposed
from bus.clock import SECOND
from bus.message import Envelope
from tests.published.arrivals import Book, Worker, crowd, poisson, serve

Floats = NDArray[np.float64]

MEAN_ONE = ExponentialTime(mean=1.0)


def supermarket(load: float, choices: int) -> float:
    """Return the mean time in a system of many servers of mean service time 1, each arrival joining the shortest of some queues."""
    if choices == 1:
        return 1 / (1 - load)
    return sum(load ** ((choices**i - choices) / (choices - 1)) for i in range(1, 12))


def times(load: float, choices: int, count: int, people: int) -> Floats:
    """Return how many seconds each item was open, without the first tenth: then the queues are not what they come to yet."""
    book = Book()
    allocation = ContractNet(candidates=choices)
    serve(poisson(load * people, count), crowd(people, Worker(MEAN_ONE)), book.note, allocation=allocation)
    labelled = book.labelled
    return labelled.sojourns[np.argsort(labelled.item)][count // 10 :] / SECOND


def error(values: Floats, batches: int = 20) -> float:
    """Return the standard error of the mean of values of which those near to each other hang together, by batch means."""
    means = [batch.mean() for batch in np.array_split(values, batches)]
    return float(np.std(means, ddof=1) / np.sqrt(batches))


def test_the_formula_gives_the_published_values():
    assert supermarket(0.7, 1) == pytest.approx(3.3333, abs=5e-5)
    assert [supermarket(load, 2) for load in (0.7, 0.9, 0.95, 0.99)] == pytest.approx([1.6145, 2.6141, 3.383, 5.432], abs=6e-4)
    assert [supermarket(load, 3) for load in (0.7, 0.9, 0.95, 0.99)] == pytest.approx([1.3568, 2.0279, 2.5351, 3.8578], abs=6e-4)


@pytest.mark.parametrize("choices", [1, 2, 3])
def test_each_task_takes_three_messages_a_candidate_and_one(choices):
    kinds: Counter[str] = Counter()
    net = ContractNet(candidates=choices)
    serve(poisson(40, 500), crowd(50, Worker(MEAN_ONE)), lambda event: kinds.update([event.kind]), allocation=net)
    others = ("item-requested", "item-resolved", "pool-exhausted", "campaign-ended")
    assert sum(count for kind, count in kinds.items() if kind not in others) == (3 * choices + 1) * 500


class Queues:
    """Counts the tasks that each person has, and looks at every award."""

    def __init__(self) -> None:
        self.tasks: Counter[str] = Counter()
        self.called: dict[int, list[str]] = defaultdict(list)
        self.numbers: dict[object, int] = {}
        self.lengths: list[tuple[int, list[int]]] = []

    def note(self, event: Envelope) -> None:
        body = event.body
        if isinstance(body, CallForProposals):
            self.called[body.tender].append(event.recipient)
            self.numbers[body.item] = body.tender
        elif isinstance(body, Proposed):
            bid = (self.tasks[event.sender] + 1) * np.log(2) * SECOND
            assert abs(body.eta - bid) < 1, "a bid says how long the queue is"
        elif isinstance(body, TaskAssigned):
            self.lengths.append((self.tasks[event.recipient], [self.tasks[name] for name in self.called[self.numbers[body.item]]]))
            self.tasks[event.recipient] += 1
        elif isinstance(body, AnswerSubmitted):
            self.tasks[event.sender] -= 1


@pytest.mark.parametrize("choices", [2, 3, "all"])
def test_every_task_goes_to_the_shortest_queue_of_those_who_were_called(choices):
    queues = Queues()
    serve(poisson(9, 600), crowd(10, Worker(MEAN_ONE)), queues.note, allocation=ContractNet(candidates=choices))
    assert len(queues.lengths) == 600
    assert all(length == min(lengths) for length, lengths in queues.lengths)
    assert max(length for length, _ in queues.lengths) > 0, "they are not idle all the time"


def test_every_wait_in_somebodys_queue_is_that_of_lindley():
    book = Book()
    serve(poisson(8, 800), crowd(10, Worker(MEAN_ONE)), book.note, allocation=ContractNet(candidates=2))
    tasks = book.tasks
    for person in range(len(book.names)):
        theirs = np.flatnonzero(tasks.person == person)
        ended = 0
        for task in theirs[np.argsort(tasks.arrived[theirs], kind="stable")]:
            assert tasks.began[task] == max(tasks.arrived[task], ended)
            ended = tasks.ended[task]


@pytest.mark.parametrize("choices", [1, 2, 3])
def test_at_a_load_of_seven_tenths_waiting_is_that_of_the_supermarket(choices):
    waited = times(0.7, choices, 9000, 50)
    # Fifty people are not infinitely many: that is worth the three per cent.
    assert abs(waited.mean() - supermarket(0.7, choices)) < 4 * error(waited) + 0.03 * supermarket(0.7, choices)


@pytest.mark.slow
@pytest.mark.parametrize(("load", "choices"), [(0.9, 2), (0.9, 3), (0.95, 2), (0.95, 3), (0.7, 1)])
def test_two_hundred_people_wait_as_infinitely_many_would(load, choices):
    waited = times(load, choices, 100_000, 200)
    # At 95 % queues take long to change, which batches do not show: independent simulations of this length differ by 8 %.
    apart = 0.02 if load < 0.95 else 0.08
    assert abs(waited.mean() - supermarket(load, choices)) < 4 * error(waited) + apart * supermarket(load, choices)


def test_two_choices_gain_much_and_a_third_little():
    one, two, three = (times(0.9, choices, 9000, 50).mean() for choices in (1, 2, 3))
    assert one - two > 5 * (two - three) > 0


def mixed(bids: Sequence[Bidding], reputation: bool) -> Floats:
    """Return how long items were open where a quarter of the people, who are slow, bid in that way, and the others honestly."""
    slow = Worker(ExponentialTime(mean=2.0), bids=tuple(bids))
    people = {**crowd(30, Worker(MEAN_ONE)), **{f"boaster-{number}": slow for number in range(10)}}
    book = Book()
    allocation = ContractNet(candidates=2, reputation=reputation)
    serve(poisson(0.85 * 35, 9000), people, book.note, allocation=allocation)
    return book.labelled.sojourns[900:] / SECOND


def test_who_claims_too_much_wins_too_often_and_their_reputation_takes_that_back():
    honest, cursed, mended = mixed((), False), mixed([Overclaiming(factor=4)], False), mixed([Overclaiming(factor=4)], True)
    assert cursed.mean() - honest.mean() > 4 * np.hypot(error(cursed), error(honest)), "the winner's curse"
    assert cursed.mean() - mended.mean() > 4 * np.hypot(error(cursed), error(mended))
    assert abs(mended.mean() - honest.mean()) < (cursed.mean() - honest.mean()) / 3
