"""People who cannot tell: paid, counted, no vote, and the item goes to another."""

import pytest

from agents.coordinator.crowd import NOBODY_LEFT
from agents.coordinator.policies.majority import Majority
from agents.coordinator.screening.gold import Gold
from agents.coordinator.screening.skill_test import PassMark
from agents.messages import AbstentionSubmitted, AnswerLate, GoldAnswered
from bus.clock import SECOND
from tests.agents.coordinator.desk import CANNOT_TELL, Desk, always
from tests.agents.coordinator.sayings import given_up


async def test_an_item_of_which_somebody_cannot_tell_is_asked_of_another_at_once_and_both_are_paid():
    desk = Desk({"a": always(CANNOT_TELL, 2), "b": always("yes", 3)}, prices={"a": 1.0, "b": 1.0}, budget=2.0)
    assert await desk.run("x") == "pool"
    assert desk.assigned == [(0, "a", "x", 0), (2, "b", "x", 0)]
    assert desk.labels == {"x": "yes"}
    people = desk.coordinator.people
    assert (people.abstained, people.declined, people.answers) == (1, 0, {"b": 1})
    assert people.work.ledger.committed == 2.0
    assert people.worked == {"a": 2 * SECOND, "b": 3 * SECOND}


async def test_an_abstention_is_no_vote():
    desk = Desk({"a": always(CANNOT_TELL), "b": always("yes"), "c": always("yes")}, Majority(size=2))
    await desk.run("x")
    (resolved,) = [event.body for event in desk.record if event.kind == "item-resolved"]
    assert (resolved.label, resolved.votes) == ("yes", 2)


async def test_what_follows_an_abstention_follows_from_that():
    desk = Desk({"a": always(CANNOT_TELL, 2), "b": always("yes", 3)})
    await desk.run("x")
    (abstained,) = desk.record.of(AbstentionSubmitted)
    assert next(event for event in desk.record if event.recipient == "b").cause == abstained.seq


async def test_who_could_not_tell_is_not_asked_about_that_item_again():
    desk = Desk({"a": always(CANNOT_TELL, 1), "b": lambda _item, attempt: ((100.0, 1.0)[attempt], "yes")}, lease=10)
    await desk.run("x", linger=200)
    assert [(name, attempt) for _, name, _, attempt in desk.assigned] == [("a", 0), ("b", 0), ("b", 1)]


@pytest.mark.parametrize("size", [1, 2])
async def test_an_item_of_which_nobody_can_tell_is_given_up_with_a_reason_and_the_campaign_ends(size):
    people = {"a": always(CANNOT_TELL, 1), "b": always(CANNOT_TELL, 2), "c": always(None, 3)}
    desk = Desk(people, Majority(size=size))
    assert await desk.run("x", "y") == "pool"
    assert {item: reason for _, item, reason in given_up(desk)} == {"x": NOBODY_LEFT, "y": NOBODY_LEFT}
    assert desk.coordinator.open_items == 0


async def test_an_abstention_that_comes_after_its_lease_is_late_and_not_paid():
    desk = Desk({"a": always(CANNOT_TELL, 20), "b": always("yes", 1)}, prices={"a": 1.0}, lease=10)
    await desk.run("x", linger=50)
    assert len(desk.record.of(AnswerLate)) == 1
    assert (desk.coordinator.people.abstained, desk.coordinator.people.work.ledger.committed) == (0, 0)


async def test_a_budget_that_abstentions_use_up_ends_the_campaign():
    desk = Desk({"a": always(CANNOT_TELL), "b": always("yes")}, prices={"a": 1.0, "b": 1.0}, budget=1.0)
    assert await desk.run("x") == "budget"
    assert desk.labels == {}


async def test_a_gold_question_of_which_somebody_cannot_tell_is_not_scored_and_not_asked_of_them_again():
    gold, known = Gold(test=PassMark(questions=4, right=4)), {"g": "yes", "h": "no"}
    desk = Desk(
        {"ann": lambda item, _: (1.0, CANNOT_TELL if item in known else "yes")}, prices={"ann": 0.5}, gold=gold, known=known
    )
    await desk.run(1, 2)
    assert sorted(item for _, _, item, _ in desk.assigned if item in known) == ["g", "h"]
    assert not desk.record.of(GoldAnswered)
    assert desk.labels == {1: "yes", 2: "yes"}
    assert desk.coordinator.people.work.ledger.committed == 2.0
