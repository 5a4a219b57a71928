"""What is made of what people say, and how it is learnt."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import digamma

from agents.component import Unusable
from agents.coordinator.accuracy import Accuracy, AnyAccuracy, Common, Known, Learnt, reliability_in
from agents.coordinator.crowd import Answer
from agents.coordinator.reliability import Records, Reliability
from bus.chance import Chance
from tests.agents.coordinator.fake_crowd import FakeCrowd
from tests.agents.samples import complaint, dump, make, share_band

LUCK = Chance(3).keyed("coordinator").luck


def told(belief: Reliability, *said: tuple[Any, ...]) -> Reliability:
    """Return a belief that was told of answers (item, annotator, label)."""
    for item, annotator, label in said:
        belief.hear(item, annotator, label)
    return belief


def beta_of(belief: Reliability, annotator: str) -> tuple[float, float]:
    assert isinstance(belief.skills, Records)
    return belief.skills.beta(annotator)


# What a vote weighs


@pytest.mark.parametrize("classes", ["ab", "abc", "abcdefgh"])
@pytest.mark.parametrize("p", [0.2, 0.5, 0.9])
def test_a_posterior_is_that_of_the_one_coin_model(p, classes):
    belief = told(Common(accuracy=p).belief(classes), (0, "ann", "a"), (0, "bob", "b"), (0, "cid", "b"))
    wrong = (1 - p) / (len(classes) - 1)
    likely = [math.prod(p if label == true else wrong for label in "abb") for true in classes]
    assert belief.posterior(0) == pytest.approx(np.array(likely) / sum(likely))


def test_nothing_is_known_of_an_item_without_answers_and_everything_where_there_is_one_class():
    assert Learnt().belief("abcd").posterior(5) == pytest.approx([0.25] * 4)
    assert told(Learnt().belief("a"), (0, "ann", "a")).posterior(0) == pytest.approx([1.0])


def test_ever_so_many_answers_are_no_number_too_big():
    belief = told(Common(accuracy=0.9).belief("ab"), *((0, f"p{number}", "a") for number in range(2000)))
    assert belief.posterior(0) == pytest.approx([1, 0])


def test_the_accuracy_of_the_person_goes_before_that_of_the_group_and_that_before_everybody_elses():
    belief = Known(of={"expert": 0.9, "expert-2": 0.6, "desk-a": 0.7}, others=0.55).belief("ab")
    weights = [belief.skills.weight(name) for name in ("expert-1", "expert-2", "desk-a-3", "crowd-1")]
    assert weights == pytest.approx([math.log(p / (1 - p)) for p in (0.9, 0.6, 0.7, 0.55)])


def test_somebody_of_whom_nothing_is_said_is_named():
    belief = Known(of={"expert": 0.9}).belief("ab")
    with pytest.raises(Unusable, match=r"knows no accuracy of 'expart-1'.*did you mean 'expert'"):
        belief.skills.weight("expart-1")


def test_a_learnt_weight_is_the_expected_log_odds():
    # Of a Beta(7, 3), by harmonic numbers: H(6) - H(2); and log 2 for two ways to be wrong.
    harmonic = sum(1 / n for n in range(3, 7))
    assert Learnt(prior=0.7, strength=10).belief("ab").skills.weight("ann") == pytest.approx(harmonic)
    assert Learnt(prior=0.7, strength=10).belief("abc").skills.weight("ann") == pytest.approx(harmonic + math.log(2))


def test_a_belief_of_another_policy_is_refused():
    with pytest.raises(TypeError, match="None"):
        reliability_in(FakeCrowd())


# What is learnt


def test_after_a_label_each_voter_is_as_right_as_their_label_is_probable():
    belief = told(Learnt(prior=0.7, strength=10).belief("ab"), (0, "ann", "a"), (0, "bob", "a"), (0, "cid", "b"))
    probable = float(belief.posterior(0)[0])
    belief.settle(0, "a")
    assert beta_of(belief, "ann") == pytest.approx((7 + probable, 3 + 1 - probable))
    assert beta_of(belief, "cid") == pytest.approx((7 + 1 - probable, 3 + probable))


def test_nothing_is_learnt_of_an_item_before_its_label():
    belief = told(Learnt().belief("ab"), (0, "ann", "a"))
    assert beta_of(belief, "ann") == pytest.approx((7, 3))


@pytest.mark.parametrize("updates", ["soft", "gold"])
def test_gold_is_learnt_from_as_it_comes_and_once(updates):
    belief = Learnt(updates=updates).belief("ab")
    belief.know(0, "a")
    told(belief, (0, "ann", "a"), (0, "bob", "b"))
    assert [*beta_of(belief, "ann"), *beta_of(belief, "bob")] == pytest.approx([8, 3, 7, 4])
    belief.settle(0, "a")
    assert [*beta_of(belief, "ann"), *beta_of(belief, "bob")] == pytest.approx([8, 3, 7, 4])
    assert belief.posterior(0) == pytest.approx([1, 0])


def test_who_learns_from_gold_alone_learns_from_nothing_else():
    belief = told(Learnt(updates="gold").belief("ab"), (0, "ann", "a"), (0, "bob", "a"))
    belief.settle(0, "a")
    assert beta_of(belief, "ann") == pytest.approx((7, 3))


def test_gold_that_is_told_after_the_label_takes_the_place_of_what_the_label_taught():
    belief = told(Learnt().belief("ab"), (0, "ann", "a"), (0, "bob", "a"))
    belief.settle(0, "a")
    belief.know(0, "b")
    assert beta_of(belief, "ann") == pytest.approx((7, 4))


@pytest.mark.parametrize("forgetting", [1.0, 0.9])
def test_an_item_that_gets_its_label_again_teaches_in_place_of_before(forgetting):
    def story(*labels: str) -> Reliability:
        belief = told(Learnt(forgetting=forgetting).belief("ab"), (0, "ann", "a"), (0, "bob", "b"), (1, "ann", "b"))
        for label in labels:
            belief.settle(0, label)
        return belief

    once, thrice = story("a"), story("a", "b", "a")
    for name in ("ann", "bob"):
        assert beta_of(thrice, name) == pytest.approx(beta_of(once, name))


def test_one_more_answer_changes_what_the_earlier_ones_taught():
    belief = told(Learnt().belief("ab"), (0, "ann", "a"), (0, "bob", "b"))
    belief.settle(0, "a")
    assert beta_of(belief, "ann") == pytest.approx((7.5, 3.5))
    told(belief, (0, "cid", "a"))
    belief.settle(0, "a")
    right, wrong = beta_of(belief, "ann")
    assert (right + wrong, right > 7.5) == (pytest.approx(11), True)
    assert sum(beta_of(belief, "cid")) == pytest.approx(11)


def test_what_was_counted_fades_with_each_answer_that_is_counted_after_it():
    belief = Learnt(forgetting=0.5).belief("ab")
    for item, right in enumerate((True, False, True)):
        belief.know(item, "a")
        belief.hear(item, "ann", "a" if right else "b")
    assert beta_of(belief, "ann") == pytest.approx((7 + 0.25 + 1, 3 + 0.5))


def test_who_forgets_notices_that_somebody_has_changed():
    beliefs = [Learnt(updates="gold", forgetting=forgetting).belief("ab") for forgetting in (1.0, 0.95)]
    for item in range(200):
        for belief in beliefs:
            belief.know(item, "a")
            belief.hear(item, "ann", "a" if item < 100 else "b")
    keeps, forgets = (belief.skills.weight("ann") for belief in beliefs)
    assert forgets < -0.5 < keeps


def test_who_is_forgotten_has_never_said_anything():
    belief = told(Learnt().belief("ab"), (0, "ann", "a"), (0, "bob", "b"), (1, "bob", "a"))
    belief.settle(0, "a")
    belief.forget("bob")
    assert beta_of(belief, "bob") == pytest.approx((7, 3))
    assert belief.posterior(1) == pytest.approx([0.5, 0.5])
    belief.settle(0, "a")
    alone = told(Learnt().belief("ab"), (0, "ann", "a"))
    alone.settle(0, "a")
    assert beta_of(belief, "ann") == pytest.approx(beta_of(alone, "ann"))
    belief.hear(2, "bob", "a")
    belief.settle(2, "a")
    assert sum(beta_of(belief, "bob")) == pytest.approx(11)


# Against a slow and obvious one


class Slow:
    """Keeps everything, and computes everything anew."""

    def __init__(self, dials: Learnt, classes: str) -> None:
        self.dials, self.classes = dials, classes
        self.said: list[tuple[int, str, str]] = []
        self.gold: dict[int, str] = {}
        self.taught: dict[str, list[tuple[int, float]]] = {}

    def beta(self, annotator: str, without: int | None = None) -> tuple[float, float]:
        right, wrong = self.dials.prior * self.dials.strength, (1 - self.dials.prior) * self.dials.strength
        taught = self.taught.get(annotator, [])
        for turn, (item, probability) in enumerate(taught):
            if item != without:
                faded = self.dials.forgetting ** (len(taught) - 1 - turn)
                right, wrong = right + faded * probability, wrong + faded * (1 - probability)
        return right, wrong

    def posterior(self, item: int, without: int | None = None) -> dict[str, float]:
        if item in self.gold:
            return {label: float(label == self.gold[item]) for label in self.classes}
        scores = dict.fromkeys(self.classes, 0.0)
        for about, annotator, label in self.said:
            if about == item:
                right, wrong = self.beta(annotator, without)
                scores[label] += digamma(right) - digamma(wrong) + math.log(len(self.classes) - 1)
        total = sum(map(math.exp, scores.values()))
        return {label: math.exp(score) / total for label, score in scores.items()}

    def learn(self, item: int) -> None:
        probable = self.posterior(item, without=item)
        for about, annotator, label in self.said:
            if about == item:
                taught = self.taught.setdefault(annotator, [])
                known = [index for index, (each, _) in enumerate(taught) if each == item]
                if known:
                    taught[known[0]] = (item, probable[label])
                else:
                    taught.append((item, probable[label]))

    def hear(self, item: int, annotator: str, label: str) -> None:
        self.said.append((item, annotator, label))
        if item in self.gold:
            self.taught.setdefault(annotator, []).append((item, float(label == self.gold[item])))

    def know(self, item: int, label: str) -> None:
        self.gold[item] = label
        self.learn(item)

    def settle(self, item: int, label: str) -> None:
        if self.dials.updates == "soft" and item not in self.gold:
            self.learn(item)

    def forget(self, annotator: str) -> None:
        self.said = [each for each in self.said if each[1] != annotator]
        self.taught.pop(annotator, None)


NAMES, ITEMS, CLASSES = ("ann", "bob", "cid"), range(4), "abc"
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hear"), st.sampled_from(ITEMS), st.sampled_from(NAMES), st.sampled_from(CLASSES)),
        st.tuples(st.just("settle"), st.sampled_from(ITEMS), st.sampled_from(CLASSES)),
        st.tuples(st.just("know"), st.sampled_from(ITEMS), st.sampled_from(CLASSES)),
        st.tuples(st.just("forget"), st.sampled_from(NAMES)),
    ),
    max_size=30,
)


@given(STEPS, st.sampled_from(["soft", "gold"]), st.sampled_from([1.0, 0.7]))
@settings(deadline=None, max_examples=150)
def test_whatever_happens_it_is_known_what_a_slow_and_obvious_one_knows(steps, updates, forgetting):
    dials = Learnt(updates=updates, forgetting=forgetting)
    belief, slow = dials.belief(CLASSES), Slow(dials, CLASSES)
    heard: set[tuple[Any, ...]] = set()
    for name, *what in steps:
        # Nobody answers an item twice.
        if name == "hear" and tuple(what[:2]) in heard:
            continue
        if name == "hear":
            heard.add(tuple(what[:2]))
        elif name == "forget":
            heard = {each for each in heard if each[1] != what[0]}
        for each in (belief, slow):
            call: Callable[..., None] = getattr(each, name)
            call(*what)
    for annotator in NAMES:
        assert beta_of(belief, annotator) == pytest.approx(slow.beta(annotator), abs=1e-9)
    for item in ITEMS:
        assert belief.posterior(item) == pytest.approx([*slow.posterior(item).values()], abs=1e-9)


# What is concluded


def answers(*said: tuple[str, str]) -> list[Answer]:
    return [Answer(name, label, number) for number, (name, label) in enumerate(said)]


def test_of_labels_that_are_as_probable_each_has_the_same_chance_but_one_that_nobody_gave_has_none():
    belief = Common(accuracy=0.25).belief("abcd")
    count = 4000
    best = [belief.best(item, answers(("ann", "a"), ("bob", "c")), LUCK) for item in range(count)]
    assert set(best) == {"a", "c"}
    assert best.count("a") / count == pytest.approx(0.5, abs=share_band(0.5, count))


def test_who_is_worse_than_chance_speaks_for_the_other_labels():
    belief = Known(of={"liar": 0.1}).belief("ab")
    assert belief.best(0, answers(("liar-1", "a")), LUCK) == "b"


@given(st.permutations([("expert-1", "a"), ("crowd-1", "b"), ("crowd-2", "b"), ("crowd-3", "c")]))
@settings(deadline=None, max_examples=24)
def test_the_order_of_the_answers_does_not_matter(said):
    belief = Known(of={"expert": 0.9}, others=0.6).belief("abc")
    assert belief.best(0, answers(*said), LUCK) == "a"
    assert belief.confidence(0, answers(*said)) == pytest.approx(0.9 / 1.5)


# In a scenario


@pytest.mark.parametrize(
    "accuracy", [Common(accuracy=0.6), Known(of={"a": 0.7}, others=0.6), Learnt(updates="gold", forgetting=0.9)]
)
def test_a_source_of_accuracies_is_made_again_from_what_a_header_shows_of_it(accuracy: Accuracy):
    assert make(AnyAccuracy, dump(AnyAccuracy, accuracy)) == accuracy


def test_a_number_is_one_accuracy_for_all():
    assert make(AnyAccuracy, 0.6) == Common(accuracy=0.6)
    assert "less than 1" in complaint(AnyAccuracy, 1)
    assert "greater than 0" in complaint(AnyAccuracy, 0.0)


@pytest.mark.parametrize(
    ("table", "complains"),
    [
        ({"kind": "known", "of": {}}, "at least 1"),
        ({"kind": "known", "of": {"a": 1.0}}, "less than 1"),
        ({"kind": "learnt", "forgetting": 0}, "greater than 0"),
        ({"kind": "learnt", "strength": 0}, "greater than 0"),
        ({"kind": "learnt", "updates": "hard"}, "'soft' or 'gold'"),
        ("known", "required"),
    ],
)
def test_dials_out_of_bounds_are_refused(table, complains):
    assert complains in complaint(AnyAccuracy, table)
