"""One more voter for a tie, on a real bus: as long as somebody is left."""

from agents.coordinator.policies.majority import Majority
from agents.messages import ItemResolved
from tests.agents.coordinator.desk import Desk, always

ONE_MORE = Majority(size=2, ties="one-more")


async def test_a_tie_that_nobody_is_left_to_break_is_broken_all_the_same():
    desk = Desk({"a": always("yes"), "b": always("no")}, ONE_MORE)
    await desk.run(*range(40))
    assert [event.body.votes for event in desk.record.of(ItemResolved)] == [2] * 40
    assert 5 < list(desk.labels.values()).count("yes") < 35
