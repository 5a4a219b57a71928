"""Choosing: the best of those who are free, or somebody better who is waited for."""

import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats

from agents.coordinator.allocation import Workforce
from agents.coordinator.allocations.choice import AnyAllocation
from agents.coordinator.allocations.choosing import Chooser, Desk
from agents.coordinator.allocations.epsilon_greedy import EpsilonGreedy
from agents.coordinator.allocations.proactive import Proactive
from agents.coordinator.allocations.thompson import Thompson, _beta, _log_gamma
from agents.coordinator.allocations.topics import ByTopic
from agents.coordinator.allocations.ucb1 import Ucb1
from agents.coordinator.policies.majority import Majority
from agents.coordinator.request import Request
from agents.coordinator.roll import Roll
from agents.coordinator.screening.gold import Gold
from bus.chance import Chance
from bus.faults import Faults
from tests.agents.coordinator import desk as desks
from tests.agents.coordinator.test_request import wanting
from tests.agents.samples import band, make

CHOOSERS = [Thompson(), Ucb1(), EpsilonGreedy(), ByTopic(), Proactive()]


class Standstill:
    """A clock on which no time passes."""

    now = 0


def router(chooser: Chooser, people: str = "abc", prices=None, topics=None, seed: int = 7) -> Desk:
    """Return a chooser at work among people who are all there."""
    costs = {name: (prices or {}).get(name, 0) for name in people}
    made = chooser.router(Workforce((*people,), costs, ("no", "yes"), Chance(seed), Standstill(), topics or {}))  # type: ignore[arg-type]
    assert isinstance(made, Desk)
    made.meet(Roll(people), lambda: None)
    return made


def question(item: object, votes: int = 1, people: int = 3) -> Request:
    request = wanting(votes, people=people)
    request.item = item  # type: ignore[assignment]
    return request


def teach(desk: Desk, name: str, right: int, wrong: int, item: str = "item") -> None:
    """Let somebody be right and wrong so often, of items whose labels are known."""
    for number in range(right + wrong):
        told = f"{item}-{name}-{number}"
        desk.hear(told, name, "yes" if number < right else "no")
        desk.settle(told, "yes")


def first(desk: Desk, *requests: Request, idle: str = "abc") -> tuple[object, str] | None:
    """Return the item and the person of the next pair."""
    found = desk.match(requests, dict.fromkeys(idle))
    return None if found is None else (found[0].item, found[1])


# Thompson sampling


@pytest.mark.parametrize(("a", "b"), [(1, 1), (0.5, 0.5), (3, 1.5), (40, 12), (0.05, 2), (900, 300)])
def test_draws_from_a_posterior_are_distributed_as_it_says(a, b):
    luck = Chance(11).keyed("beta")
    drawn = np.array([_beta(a, b, luck.luck(number)) for number in range(20_000)])
    assert drawn.min() >= 0 and drawn.max() <= 1
    assert drawn.mean() == pytest.approx(a / (a + b), abs=band(stats.beta(a, b).std(), 20_000))
    assert stats.kstest(drawn, stats.beta(a, b).cdf).pvalue > 6e-5


@pytest.mark.parametrize("shape", [1.0, 1.5, 0.4])
def test_gamma_variates_are_distributed_as_they_should(shape):
    luck = Chance(11).keyed("gamma")
    drawn = np.array([_log_gamma(shape, luck.luck(number)) for number in range(60_000)])
    assert stats.kstest(np.exp(drawn), stats.gamma(shape).cdf).pvalue > 6e-5


def test_each_is_asked_as_often_as_they_may_be_the_best():
    desk = router(Thompson(), "ab")
    teach(desk, "a", 6, 2)
    teach(desk, "b", 3, 3)
    x, y = stats.beta(7, 3), stats.beta(4, 4)
    grid = np.linspace(0, 1, 20_001)
    better = np.trapezoid(x.pdf(grid) * y.cdf(grid), grid)
    picked = Counter(first(desk, question(number, people=2), idle="ab")[1] for number in range(10_000))
    assert picked["a"] / 10_000 == pytest.approx(better, abs=band(math.sqrt(better * (1 - better)), 10_000))


def test_the_same_question_thought_over_again_has_the_same_answer():
    desk = router(Thompson())
    asked = question("x")
    assert len({first(desk, asked) for _ in range(20)}) == 1


# UCB1


def test_the_upper_bound_is_that_of_the_paper():
    desk = router(Ucb1())
    teach(desk, "a", 6, 2)
    teach(desk, "b", 1, 0)
    teach(desk, "c", 0, 3)
    scores = Ucb1().scores(desk, question("x"), "abc", 1.0)
    total = 12
    expected = [mean + math.sqrt(2 * math.log(total) / number) for mean, number in ((0.75, 8), (1.0, 1), (0.0, 3))]
    assert scores == pytest.approx(expected)


def test_whom_nothing_was_asked_yet_comes_first():
    desk = router(Ucb1())
    teach(desk, "a", 50, 0)
    teach(desk, "c", 50, 0)
    assert first(desk, question("x")) == ("x", "b")


def test_answers_that_are_not_judged_yet_count_as_asked_so_that_nobody_is_asked_again_and_again():
    """Nobody knows anything of three people whose answers are long in being judged."""

    def asked(chooser: Chooser) -> Counter[str]:
        desk, names = router(chooser), Counter[str]()
        for name in "abc":
            teach(desk, name, 2, 2)
        teach(desk, "a", 1, 0)
        for number in range(30):
            found = first(desk, question(number))
            names[found[1]] += 1
            desk.hear(number, found[1], "yes")
        return names

    assert asked(Ucb1(width=0.5, counts_pending=False)) == {"a": 30}
    assert min(asked(Ucb1(width=0.5)).values()) >= 5


# Epsilon-greedy


def test_a_share_of_the_questions_goes_to_anybody():
    desk = router(EpsilonGreedy(epsilon=0.3))
    teach(desk, "b", 20, 0)
    picked = Counter(first(desk, question(number))[1] for number in range(10_000))
    assert picked["b"] / 10_000 == pytest.approx(0.8, abs=band(0.4, 10_000))
    assert picked["a"] == pytest.approx(picked["c"], abs=4 * math.sqrt(2000))


# Gold, prices, fading


def test_by_gold_alone_labels_teach_nothing():
    desk = router(EpsilonGreedy(epsilon=0, reward="gold"))
    teach(desk, "b", 20, 0)
    desk.know("gold", "yes")
    desk.hear("gold", "c", "yes")
    assert first(desk, question("x")) == ("x", "c")


def test_with_thrift_somebody_cheap_may_be_better_than_somebody_good():
    for thrift, who in ((0, "a"), (0.2, "a"), (1, "b")):
        desk = router(EpsilonGreedy(epsilon=0, thrift=thrift), "ab", {"a": 200_000, "b": 100_000})
        teach(desk, "a", 90, 10)
        teach(desk, "b", 60, 40)
        assert first(desk, question("x", people=2), idle="ba") == ("x", who)


def test_who_fades_is_judged_by_what_they_did_last():
    for forgetting, who in ((1.0, "a"), (0.8, "b")):
        desk = router(EpsilonGreedy(epsilon=0, forgetting=forgetting), "ab")
        teach(desk, "a", 30, 0, "old")
        teach(desk, "b", 6, 4, "old")
        teach(desk, "a", 0, 8, "new")
        teach(desk, "b", 8, 0, "new")
        assert first(desk, question("x", people=2), idle="ab") == ("x", who)


# Waiting for somebody better


def test_the_best_of_the_free_is_asked_where_nobody_is_waited_for():
    desk = router(EpsilonGreedy(epsilon=0))
    teach(desk, "a", 9, 1)
    desk.roll.engage("a")
    assert first(desk, question("x"), idle="bc") == ("x", "b")


def test_so_many_questions_wait_for_somebody_better():
    desk = router(EpsilonGreedy(epsilon=0, waits=2))
    teach(desk, "a", 9, 1)
    desk.roll.engage("a")
    x, y, z = map(question, "xyz")
    assert first(desk, x, idle="bc") is None
    assert first(desk, x, y, idle="bc") is None
    assert first(desk, x, y, z, idle="bc") == ("z", "b")
    # Whom they wait for is free, and takes the oldest; then there is room for another to wait.
    desk.roll.free("a")
    assert first(desk, x, y, z, idle="abc") == ("x", "a")
    x.assign("a")
    desk.done(x)
    desk.roll.engage("a")
    assert first(desk, y, z, idle="bc") is None


def test_nobody_waits_for_somebody_worse_or_away_or_behind():
    desk = router(EpsilonGreedy(epsilon=0, waits=2))
    teach(desk, "a", 9, 1)
    teach(desk, "b", 9, 0)
    desk.roll.engage("a")
    assert first(desk, question("x"), idle="bc") == ("x", "b")
    desk.roll.engage("b")
    assert first(desk, question("x"), idle="c") is None
    for part in (desk.roll.fall_behind, desk.roll.lose):
        desk.roll.fall_behind("b")
        part("a")
        assert first(desk, question("x"), idle="c") == ("x", "c")


@pytest.mark.parametrize("patience", [None, 30, 3])
async def test_a_question_waits_for_the_best_no_longer_than_patience_lets_it(patience):
    chooser = EpsilonGreedy(epsilon=0, waits=1, patience=patience, reward="gold")
    replies = {"a": lambda item, _: ("yes", 1) if item == "gold" else ("yes", 50), "b": lambda item, _: ("no", 1)}
    table = desks.Desk(
        {name: (lambda item, attempt, reply=reply: reply(item, attempt)[::-1]) for name, reply in replies.items()},
        allocation=chooser,
        gold=Gold(first=1),
        known={"gold": "yes"},
    )
    await table.run(1, 2, 3)
    given = {item: (at, name) for at, name, item, _ in table.assigned if item != "gold"}
    # At 1, both have had their gold question: the first was right, and gets a question; the next one waits for them, and one may.
    assert given[1] == (1, "a")
    assert given[3] == (1, "b")
    assert given[2] == ((51, "a") if patience is None else (patience, "b"))


# Topics


def test_people_are_asked_what_they_know_more_of_than_others():
    topics = {
        "law": "law",
        "art": "art",
        **{f"{about}-{who}-{n}": about for about in ("law", "art") for who in "ab" for n in range(40)},
    }
    desk = router(ByTopic(), "ab", topics=topics)
    teach(desk, "a", 19, 1, "law")
    teach(desk, "a", 12, 8, "art")
    teach(desk, "b", 18, 2, "law")
    teach(desk, "b", 17, 3, "art")
    law, art = question("law", people=2), question("art", people=2)
    # The first is better at law than at art; the second, too, but not more so than the first.
    assert first(desk, art, law, idle="a") == ("law", "a")
    assert first(desk, law, art, idle="b") == ("art", "b")


def test_of_a_topic_of_which_nothing_is_known_people_are_as_good_as_at_others():
    desk = router(ByTopic(), "ab", topics={"new": "new", **{f"old-{who}-{n}": "old" for who in "ab" for n in range(20)}})
    teach(desk, "b", 20, 0, "old")
    assert first(desk, question("new", people=2), idle="ab") == ("new", "b")


def test_who_goes_by_topics_needs_them_or_regions():
    assert ByTopic().needs_topics() and not ByTopic(regions=3).needs_topics()
    assert Thompson(topics=True).needs_topics() and not Thompson().needs_topics()
    assert not Proactive().needs_topics()
    assert (ByTopic(regions=3).clusters(), Proactive(regions=4).clusters(), Thompson().clusters()) == (3, 4, None)


# Proactive learning


def scored(item: str, score: float) -> Request:
    request = question(item)
    request.score = score
    return request


def test_the_pair_of_most_use_is_made_first():
    chooser = Proactive(worth=1.0, explore=0)
    desk = router(chooser, "abc", {"a": 500_000, "b": 50_000, "c": 50_000})
    teach(desk, "a", 95, 5)
    teach(desk, "b", 60, 40)
    teach(desk, "c", 50, 50)
    high, low = scored("high", 2.0), scored("low", 0.5)
    # .95 - .5 = .45 for the expert; .6 - .05 = .55 for the second: the dear one is not worth it.
    assert first(desk, low, high) == ("high", "b")
    rich = router(Proactive(worth=10.0, explore=0), "abc", {"a": 500_000, "b": 50_000, "c": 50_000})
    teach(rich, "a", 95, 5)
    teach(rich, "b", 60, 40)
    assert first(rich, low, high) == ("high", "a")


def test_who_is_reluctant_is_worth_less():
    desk = router(Proactive(explore=0), "ab")
    teach(desk, "a", 45, 5)
    teach(desk, "b", 40, 10)
    for number in range(40):
        declined = question(f"declined-{number}", people=2)
        declined.assign("a")
        declined.decline("a", 1)
        desk.want(declined)
    assert first(desk, question("x", people=2), idle="ab") == ("x", "b")


def test_everybody_is_tried_at_every_topic_first():
    desk = router(Proactive(explore=2), "ab", topics={n: n % 2 for n in range(1000)})
    asked: Counter[tuple[int, str]] = Counter()
    for number in range(8):
        item, name = first(desk, *(question(each, people=2) for each in range(number * 10, number * 10 + 10)), idle="ab")
        asked[item % 2, name] += 1
        desk.hear(item, name, "yes")
        desk.settle(item, "yes")
    assert asked == {(topic, name): 2 for topic in (0, 1) for name in "ab"}


# Through the bus


@pytest.mark.parametrize("waits", [0, 2])
@pytest.mark.parametrize("chooser", CHOOSERS, ids=lambda each: each.kind)
async def test_every_question_gets_its_answers(chooser, waits):
    replies = {name: desks.always(label, seconds) for name, label, seconds in (("a", "yes", 1), ("b", "no", 2), ("c", "yes", 3))}
    patient = chooser.model_copy(update={"waits": waits})
    table = desks.Desk(replies, Majority(size=2), allocation=patient, topics={n: str(n % 2) for n in range(12)})
    await table.run(*range(12))
    assert len(table.labels) == 12


@pytest.mark.parametrize("chooser", [Thompson(waits=1), Ucb1(), ByTopic(), Proactive(explore=1)], ids=lambda each: each.kind)
@pytest.mark.parametrize("event", range(5, 40, 7))
async def test_after_a_restart_what_was_learnt_is_known_again(chooser, event):
    replies = {name: desks.always(label, seconds) for name, label, seconds in (("a", "yes", 1), ("b", "no", 2), ("c", "yes", 3))}
    table = desks.Desk(
        replies, Majority(size=3), allocation=chooser, topics={n: str(n % 2) for n in range(6)}, faults=Faults(retry=100), retry=100
    )
    table.strike(event)
    await table.run(*range(6))
    assert len(table.labels) == 6
    learnt = next(each for each in table.coordinator._learning if isinstance(each, Desk))
    means = {name: learnt.records._people[name].right for name in "abc"}
    assert means == {"a": 6, "b": 0, "c": 6}


def test_each_is_named_in_a_scenario():
    for chooser in CHOOSERS:
        assert make(AnyAllocation, chooser.kind) == chooser
    assert make(AnyAllocation, {"kind": "ucb1", "waits": 3, "patience": "10m"}) == Ucb1(waits=3, patience=600)
