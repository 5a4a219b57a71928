"""A selector whose labels come late, partly, revised, or not at all, by a strategy that goes by what is labelled and pending."""

from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.messages import Item, ItemBilled, ItemGivenUp, ItemReopened, ItemRequested, ItemResolved, PoolExhausted
from agents.selector.pending import Pending
from agents.selector.pendings.ignore import Ignore
from agents.selector.pendings.kriging_believer import KrigingBeliever
from agents.selector.pendings.local_penalisation import LocalPenalisation
from agents.selector.selector import Selector
from agents.selector.shortlist import Scores
from agents.selector.strategies.combinations import WeightedSum
from agents.selector.strategies.cost_aware import CostAware
from agents.selector.strategies.k_center import KCenter
from agents.selector.strategies.narrowing import Filter, Subsample
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView
from bus.bus import MessageBus
from bus.clock import SECOND, run
from tests.agents.restarts import after_a_restart
from tests.agents.selector.test_selector import Office
from tests.bus.samples import Recorder


class Known(Strategy):
    """The distance from the nearest item that is labelled or pending, less a little if its label is 1, more if it has none."""

    kind: ClassVar[str] = "known"
    needs_model: ClassVar[bool] = False
    changes: ClassVar[bool] = True

    def scores(self, view: PoolView) -> Scores:
        """Return the distances; of several nearest labels the greatest counts."""
        points = view.items.features[:, 0]
        rows = [*view.pool.covered]
        if not rows:
            return np.zeros(len(points))
        apart = np.abs(points[:, np.newaxis] - points[rows])
        nearest = apart.min(axis=1)
        says = np.where(apart == nearest[:, np.newaxis], view.labels[rows], -1).max(axis=1)
        return np.asarray(nearest - 0.25 * says)


STRATEGIES: dict[str, Strategy] = {
    "known": Known(),
    "k-center": KCenter(),
    "filter": Filter(by=KCenter(), best=4, then=Known()),
    "subsample": Subsample(of=Filter(by=Known(), best=5, then=KCenter()), number=6),
    "weighted-sum": WeightedSum(parts=(Known(), KCenter()), scale="rank"),
    "cost-aware": CostAware(of=KCenter(), refit=2),
}
PENDINGS: dict[str, Pending] = {"ignore": Ignore(), "near": LocalPenalisation(), "believer": KrigingBeliever()}


class Bureau(Office):
    """An office of which the test knows what became of each item, and which heeds what is under way."""

    def __init__(self, items: int, in_flight: int, strategy: Strategy, pending: Pending) -> None:
        self._pending = pending
        self.revisions: dict[Item, int] = {}
        self.labels: dict[Item, int] = {}
        self.gone: list[Item] = []
        super().__init__(items, in_flight, strategy)

    def another(self, bus: MessageBus) -> Selector:
        return Selector("selector", bus, self.views, *self._dials, None, self._pending)

    async def label(self, *items: Item, as_class: int) -> None:
        """Let items have that label, at one instant, whether they have one or not."""
        bodies = []
        for item in items:
            revision = self.revisions[item] = self.revisions.get(item, -1) + 1
            self.labels[item] = as_class
            bodies.append(ItemBilled(item=item, price=0.5 + int(item) % 3, time=SECOND * (2 + int(item) % 5)))
            bodies.append(ItemResolved(item=item, label=as_class, votes=1, revision=revision))
        await self.say(*bodies)

    async def void(self, item: Item) -> None:
        """Let an item lose its label."""
        del self.labels[item]
        await self.say(ItemReopened(item=item, kept=(), voided=(("w-1", 0, 0, 1),)))

    async def give_up(self, item: Item) -> None:
        """Let an item get no label."""
        self.gone.append(item)
        await self.say(ItemGivenUp(item=item, reason="nobody knows"))

    @property
    def open(self) -> list[Item]:
        return [item for item in dict.fromkeys(self.asked) if item not in self.labels and item not in self.gone]


async def a_campaign(items: int, in_flight: int, strategy: Strategy, pending: Pending, draw: Any) -> Bureau:
    """Return what happens where labels come as is drawn, until all items have ended."""
    bureau = Bureau(items, in_flight, strategy, pending)
    await bureau.start()
    voids = 0
    while bureau.open:
        # An item that lost its label is open beside those for which there was room.
        assert len(bureau.open) <= in_flight + voids
        await one_event(bureau, draw)
        voids += len(bureau.open) > in_flight
    await bureau.end()
    return bureau


async def one_event(bureau: Bureau, draw: Any) -> None:
    """Let something happen."""
    what = draw(st.sampled_from(["label", "label", "label", "revise", "void", "give up", "model"]))
    as_class = draw(st.integers(0, 1))
    labelled = [*bureau.labels]
    if what == "revise" and labelled:
        await bureau.label(draw(st.sampled_from(labelled)), as_class=as_class)
    elif what == "void" and labelled:
        await bureau.void(draw(st.sampled_from(labelled)))
    elif what == "give up":
        await bureau.give_up(draw(st.sampled_from(bureau.open)))
    elif what == "model" and isinstance(bureau._pending, Ignore):
        await bureau.publish(1 + len(bureau.record))
    else:
        some = draw(st.lists(st.sampled_from(bureau.open), min_size=1, unique=True))
        await bureau.label(*some, as_class=as_class)


@pytest.mark.parametrize("pending", [*PENDINGS])
@pytest.mark.parametrize("strategy", [*STRATEGIES])
@given(st.integers(1, 12), st.integers(1, 4), st.data())
@settings(max_examples=8, deadline=None)
def test_nothing_is_asked_twice_and_nothing_is_forgotten_however_labels_come(
    strategy: str, pending: str, items: int, in_flight: int, data: st.DataObject
) -> None:
    bureau = run(a_campaign(items, in_flight, STRATEGIES[strategy], PENDINGS[pending], data.draw))
    assert sorted(bureau.asked) == [*range(items)]
    assert len(bureau.record.of(PoolExhausted)) == 1


@given(st.integers(2, 14), st.integers(1, 4), st.data())
@settings(max_examples=40, deadline=None)
def test_each_request_is_the_best_by_what_is_labelled_and_pending_at_that_very_instant(
    items: int, in_flight: int, data: st.DataObject
) -> None:
    bureau = run(a_campaign(items, in_flight, Known(), Ignore(), data.draw))
    check_requests(bureau.record, items)


def check_requests(record: Recorder, items: int) -> None:
    """Check each batch of requests against books of the test's own."""
    labels: dict[int, int] = {}
    covered: set[int] = set()
    gone: set[int] = set()
    batch: list[int] = []
    for event in record:
        body: Any = event.body
        if isinstance(body, ItemRequested):
            batch.append(body.item)
            continue
        if batch:
            left = [row for row in range(items) if row not in covered | gone]
            ranked = sorted(left, key=lambda row: (-score(row, covered, labels), row))
            assert batch == ranked[: len(batch)]
            covered |= {*batch}
            batch = []
        if isinstance(body, ItemResolved):
            labels[body.item] = body.label
        elif isinstance(body, ItemReopened):
            del labels[body.item]
        elif isinstance(body, ItemGivenUp):
            labels.pop(body.item, None)
            covered.remove(body.item)
            gone.add(body.item)


def score(row: int, covered: set[int], labels: dict[int, int]) -> float:
    """Return what the strategy `Known` makes of an item."""
    if not covered:
        return 0.0
    nearest = min(abs(row - other) for other in covered)
    says = {labels.get(other, -1) for other in covered if abs(row - other) == nearest}
    return nearest - 0.25 * max(says)


@pytest.mark.parametrize("pending", ["ignore", "near"])
@pytest.mark.parametrize("strategy", [*STRATEGIES])
def test_a_selector_that_goes_down_at_any_event_goes_on_as_if_it_had_not(strategy: str, pending: str) -> None:
    async def live() -> Bureau:
        bureau = Bureau(10, 3, STRATEGIES[strategy], PENDINGS[pending])
        await bureau.start()
        place = 0
        while bureau.open:
            place += 1
            if place == 4:
                await bureau.label(next(iter(bureau.labels)), as_class=1)
            elif place == 5:
                await bureau.void(next(iter(bureau.labels)))
            elif place in (3, 7):
                await bureau.give_up(bureau.open[-1])
            else:
                await bureau.label(*bureau.open[: 1 + place % 2], as_class=place % 2)
        await bureau.end()
        return bureau

    bureau = run(live())
    history = bureau.record
    assert len(history.of(ItemRequested)) == 10
    for cut in range(1, len(history) + 1):
        if {event.sender for event in history[cut - 1 : cut + 1]} == {"selector"}:
            # What was chosen at once, and is broken off, is chosen anew by what is pending by then.
            continue
        made: list[Selector] = []

        def make(bus: MessageBus, made: list[Selector] = made) -> Selector:
            made.append(bureau.another(bus))
            return made[0]

        since = run(after_a_restart(make, history, cut))
        assert since == history[cut:], cut
        assert made[0].staleness == bureau.selector.staleness


async def test_a_label_that_becomes_void_counts_as_pending_again_and_is_waited_for() -> None:
    bureau = Bureau(5, 1, Known(), Ignore())
    await bureau.start()
    first = bureau.asked[0]
    await bureau.label(first, as_class=0)
    assert len(bureau.asked) == 2
    await bureau.void(first)
    await bureau.label(bureau.asked[1], as_class=0)
    assert len(bureau.asked) == 2, "the place is taken by the item that lost its label"
    await bureau.label(first, as_class=1)
    assert len(bureau.asked) == 3
    await bureau.end()
