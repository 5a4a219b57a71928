"""Which labelled items are asked again: scores against the formulas, standings, and the selector's part."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from agents.estimator import Model
from agents.inference.activelab import activelab
from agents.inference.answers import AnswerTable, Floats
from agents.items import UNKNOWN, Items
from agents.messages import (
    AnswersCounted,
    Item,
    ItemClosed,
    ItemReopened,
    ItemRequested,
    ItemResolved,
    PoolExhausted,
)
from agents.selector.relabel import ActiveLab, AnswersView, Fixed, LabelUncertainty, Relabel, label_uncertainty
from agents.selector.selector import Selector
from agents.selector.standings import Standings
from agents.selector.strategies.chance import InOrder
from agents.selector.tally import Tally
from agents.selector.view import PoolView
from bus.bus import MessageBus
from bus.chance import Chance
from bus.clock import run
from tests.agents.restarts import after_a_restart
from tests.agents.selector.test_selector import Office
from tests.bus.samples import Recorder


@given(st.integers(0, 30), st.integers(0, 30))
@settings(deadline=None, max_examples=50)
def test_label_uncertainty_is_the_tail_of_the_beta_distribution(one: int, other: int) -> None:
    lead, second = max(one, other), min(one, other)
    (found,) = label_uncertainty(np.array([lead]), np.array([second]))
    assert found == pytest.approx(min(beta.cdf(0.5, one + 1, other + 1), beta.sf(0.5, one + 1, other + 1)))


@given(
    st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=10, max_size=10),
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from([0.0, 0.5, 1.0])), max_size=40),
    st.integers(1, 10),
    st.integers(1, 12),
)
@settings(deadline=None, max_examples=150)
def test_standings_are_those_of_a_list_that_is_sorted_each_time(
    first: list[float], entries: list[tuple[int, float]], takes: int, block: int
) -> None:
    luck = np.linspace(0.9, 0.1, 10)
    scores = np.array(first)
    standings = Standings(scores, np.ones(10, np.bool_), luck, block)
    allowed = np.ones(10, np.bool_)
    for take in range(takes):
        for row, score in entries[take::takes]:
            scores[row] = score
            standings.enter(row, score)
        row = min(np.flatnonzero(allowed), key=lambda row: (-scores[row], luck[row]))
        assert standings.take(allowed) == (row, scores[row])
        allowed[row] = False


class Believer(Model):
    """A model that believes what a table says."""

    def __init__(self, table: Floats) -> None:
        self._table = table

    def probabilities(self, features: Floats) -> Floats:
        return self._table


@given(st.integers(0, 999), st.booleans())
@settings(deadline=None, max_examples=40)
def test_activelab_scores_are_those_of_a_table_of_all_answers_and_items(seed: int, known: bool) -> None:
    generator = np.random.Generator(np.random.PCG64(seed))
    items = Items(tuple(range(12)), np.zeros((12, 1)))
    view = PoolView(items, Believer(generator.dirichlet([0.5] * 3, 12)), 1, Chance(0).keyed("luck"))
    tally, given, people = Tally(items), [], {}
    tally.start("abc")
    if known:
        tally.know(3, "b")
    for row in generator.permutation(12)[: generator.integers(0, 13)].tolist():
        # The later takes the place of the earlier; it may be that of nobody, all being void.
        for _ in range(2):
            names = [f"w-{person}" for person in generator.permutation(4)[: generator.integers(0, 4)]]
            labels = generator.integers(0, 3, len(names)).tolist()
            tally.count(row, names, ["abc"[label] for label in labels])
            given_by = [people.setdefault(name, len(people)) for name in names]
        given += [(row, person, label) for person, label in zip(given_by, labels, strict=True)]
    gold = np.where(known & (np.arange(12) == 3), 1, UNKNOWN)
    whole = AnswerTable(range(12), [*people], "abc", *np.array(given, np.intp).reshape(-1, 3).T, gold, view.probabilities)
    for rows in (np.arange(12), np.array([1, 3, 8])):
        ones = AnswersView(rows, tally.answers[rows], tally.lead[rows], tally.second[rows], view.probabilities[rows], tally, view)
        assert ActiveLab().scores(ones) == pytest.approx(1.0 - activelab(whole)[rows], abs=1e-9)


class Desk(Office):
    """An office whose selector asks again."""

    def __init__(self, relabel: Relabel, items: int = 4, in_flight: int = 1, quota: int | None = None) -> None:
        self._relabel = relabel
        self._votes: dict[Item, list[int]] = {}
        super().__init__(items, in_flight, InOrder(), quota=quota)

    def another(self, bus: MessageBus) -> Selector:
        return Selector("selector", bus, self.views, *self._dials, self._relabel)

    async def settle(self, item: Item, label: int = 0, nobody: bool = False) -> None:
        """Open an item again if it was asked for again, and let it have one more answer, or none."""
        had = self._votes.setdefault(item, [])
        kept = tuple((f"w-{number}", each, 0, 1) for number, each in enumerate(had))
        before = [ItemReopened(item=item, kept=kept, voided=())] * bool(had)
        had += [] if nobody else [label]
        names = tuple(f"w-{number}" for number in range(len(had)))
        revision = self.revisions(item)
        await self.say(
            *before,
            AnswersCounted(item=item, annotators=names, labels=tuple(had)),
            ItemResolved(item=item, label=label, votes=len(had), revision=revision),
        )

    def revisions(self, item: Item) -> int:
        return sum(event.body.item == item for event in self.record.of(ItemResolved))


async def test_each_gets_a_second_answer_before_any_gets_a_third() -> None:
    desk = Desk(Fixed(share=0.5, most=3))
    await desk.start()
    while not desk.record.of(PoolExhausted):
        await desk.settle(desk.asked[-1])
    asked = desk.asked
    assert sorted(asked) == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert [item in asked[:place] for place, item in enumerate(asked)][:8] == [False, True] * 4
    await desk.end()


async def test_doubtful_votes_are_asked_about_first() -> None:
    desk = Desk(LabelUncertainty(share=0.0, most=9), items=3)
    await desk.start()
    for label in (0, 0, 0):
        await desk.settle(desk.asked[-1], label)
    # The pool is empty: what was kept for new items goes to those that have a label.
    first = desk.asked[-1]
    await desk.settle(first, 1)
    assert desk.asked[-1] == first, "one vote against one is the most doubtful"
    await desk.end()


async def test_an_item_to_which_nobody_is_left_is_not_asked_for_again() -> None:
    desk = Desk(Fixed(share=1.0, most=9), items=1)
    await desk.start()
    await desk.settle(0)
    assert desk.asked == [0, 0]
    await desk.settle(0, nobody=True)
    assert desk.asked == [0, 0]
    assert len(desk.record.of(PoolExhausted)) == 1
    await desk.end()


async def test_answers_that_became_void_say_nothing_of_people_while_their_item_is_open() -> None:
    desk = Desk(Fixed(share=1.0, most=9), items=1)
    await desk.start()
    await desk.settle(0)
    await desk.settle(0, 1)
    assert desk.selector._relabelling is not None
    tally = desk.selector._relabelling._tally
    assert (tally.total, tally.lead[0], tally.second[0]) == (2, 1, 1)
    await desk.say(ItemReopened(item=0, kept=(("w-0", 0, 0, 1),), voided=(("w-1", 1, 0, 1),)))
    assert (tally.total, tally.lead[0], tally.second[0]) == (1, 1, 0)
    await desk.end()


async def test_what_an_authority_has_decided_is_not_asked_for_again() -> None:
    desk = Desk(Fixed(share=1.0, most=9), items=2)
    await desk.start()
    await desk.say(
        AnswersCounted(item=0, annotators=("w-0",), labels=(0,)),
        ItemResolved(item=0, label=0, votes=1, revision=0),
        ItemClosed(item=0),
    )
    assert desk.asked == [0, 1]
    await desk.end()


async def test_a_label_that_is_revised_while_it_is_asked_for_again_is_no_answer_to_that() -> None:
    desk = Desk(Fixed(share=1.0, most=9), items=1)
    await desk.start()
    await desk.settle(0)
    assert desk.asked == [0, 0]
    await desk.say(ItemResolved(item=0, label=1, votes=1, revision=1))
    assert desk.asked == [0, 0]
    await desk.settle(0)
    assert desk.asked == [0, 0, 0]
    await desk.end()


async def test_new_items_wait_where_as_many_as_are_wanted_are_under_way() -> None:
    desk = Desk(Fixed(share=0.5, most=2), items=9, in_flight=4, quota=3)
    await desk.start()
    assert desk.asked == [0, 1, 2], "a fourth is not wanted, and nothing has a label"
    await desk.settle(1)
    assert desk.asked == [0, 1, 2, 1]
    await desk.end()


@pytest.mark.parametrize("relabel", [Fixed(share=0.4, most=3), LabelUncertainty(most=4)], ids=lambda each: each.kind)
def test_a_selector_that_goes_down_at_any_event_goes_on_as_if_it_had_not(relabel: Relabel) -> None:
    async def history() -> tuple[Recorder, Desk]:
        desk = Desk(relabel, items=6, in_flight=2)
        await desk.start(seeds=(2,))
        while not desk.record.of(PoolExhausted):
            waiting = [item for item in desk.asked if desk.asked.count(item) > desk.revisions(item)]
            await desk.settle(waiting[0], label=len(desk.asked) % 2)
        await desk.end()
        return desk.record, desk

    record, desk = run(history())
    assert len(record.of(ItemRequested)) > 10
    for cut in range(1, len(record) + 1):
        made: list[Selector] = []

        def make(bus: MessageBus, made: list[Selector] = made) -> Selector:
            made.append(desk.another(bus))
            return made[0]

        assert run(after_a_restart(make, record, cut)) == record[cut:], cut
        assert made[0].staleness == desk.selector.staleness
