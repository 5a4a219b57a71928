"""Policies that name the next: a chain starts from the answers that there are, with a crowd that follows a script."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.component import Unusable
from agents.coordinator.accuracy import Common, Known, Learnt
from agents.coordinator.crowd import NobodyLeft
from agents.coordinator.doubts.choice import AnyDoubt
from agents.coordinator.doubts.combined import AllOf, AnyOf
from agents.coordinator.doubts.grounds import AgainstModel, AtRandom, LowConfidence, Posterior
from agents.coordinator.doubts.votes import Always, Disagreement, Margin, Tie
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.policies.sequential import Sequential
from agents.coordinator.policies.stopping import Quorum
from agents.coordinator.policies.truth_inference import TruthInference
from agents.coordinator.policies.weighted import Weighted
from agents.coordinator.policy import Policy, Resolution
from agents.coordinator.rehearsal import Rehearsal
from agents.coordinator.vote import plurality
from tests.agents.samples import complaint, dump, make, share_band

EXPERT = Majority(size=1, of=("expert",))


def says(labels: str, expert: str | None = "x") -> dict[str, str | None]:
    """Return a script of a crowd, one letter each, and an expert."""
    return {**{f"crowd-{number}": label for number, label in enumerate(labels, 1)}, "expert-1": expert}


def crowd(labels: str, expert: str | None = "x", **more: object) -> Rehearsal:
    return Rehearsal(says(labels, expert), classes="abcx", **more)  # type: ignore[arg-type]


def two_then_expert(**dials: object) -> Majority:
    return Majority(size=2, of=("crowd",), doubt=Disagreement(), otherwise=EXPERT, **dials)  # type: ignore[arg-type]


# Who decides


def test_where_there_is_no_doubt_the_next_policy_is_not_asked():
    people = crowd("aa")
    assert people.resolve(two_then_expert()).label == "a"
    assert people.asked == [2]


def test_where_there_is_doubt_the_next_policy_decides_by_the_answers_of_its_own_people():
    label, answers, closed, _, by = crowd("ab").resolve(two_then_expert())
    assert (label, closed, by) == ("x", False, "majority of expert")
    # All answers to the item count as such: the label rests on the expert's, which came last.
    assert [answer.label for answer in answers] == ["a", "b", "x"]


def test_the_next_policy_starts_from_the_answers_that_there_are_and_asks_only_who_is_lacking():
    people = crowd("abbcc")
    policy = Majority(size=2, doubt=Disagreement(), otherwise=Majority(size=5, of=("crowd",)))
    label, answers, *_ = people.resolve(policy)
    assert people.asked == [2, 3]
    assert (label, len(answers)) in (("b", 5), ("c", 5))


def test_the_next_policy_asks_nobody_where_there_are_answers_enough():
    people = crowd("abb")
    label, answers, *_ = people.resolve(Majority(size=3, doubt=Disagreement(), otherwise=Majority(size=1)))
    assert people.asked == [3]
    assert (label, len(answers)) == ("a", 3)


@pytest.mark.parametrize("later", [Sequential(until=Quorum(votes=2), most=5), Negotiation(size=3)])
def test_any_policy_may_be_the_next(later):
    people = crowd("abbab")
    assert people.resolve(Majority(size=2, doubt=Disagreement(), otherwise=later)).label == "b"
    assert sum(people.asked) >= 3
    assert len(people.answers(0)) == 3


def test_a_stopping_rule_is_asked_of_all_answers_and_not_of_the_new_ones_alone():
    people = crowd("abaaa")
    later = Sequential(until=Quorum(votes=3), most=5)
    assert [answer.label for answer in people.resolve(Majority(size=2, doubt=Always(), otherwise=later)).answers] == [*"abaa"]


class Curious(Policy):
    """Looks at the answers that there are, and asks for one more."""

    async def resolve(self, item, crowd):
        there = crowd.answers(item)
        more = await crowd.ask(item, 1)
        assert not {answer.annotator for answer in there} & {answer.annotator for answer in more}
        return Resolution(plurality([*there, *more], item, crowd), [*there, *more])


def test_who_looks_at_the_answers_that_there_are_is_not_given_them_again():
    people = crowd("abb")
    assert people.resolve(Majority(size=2, doubt=Always(), otherwise=Curious())).label == "b"
    assert people.asked == [2, 1]


def test_three_policies_follow_each_other():
    sure = Sequential(until=Quorum(votes=2), most=2, of=("crowd",), otherwise=Negotiation(size=3, of=("crowd",), otherwise=EXPERT))
    assert crowd("aab").resolve(sure).label == "a"
    assert crowd("abb").resolve(sure).label == "x"
    # Nobody is moved, so two of three do not make the quorum of three quarters.
    assert crowd("abb", "c").resolve(sure).label == "c"


# What a policy cannot settle


def test_a_tie_goes_to_the_next_policy_where_there_is_one():
    policy = Majority(size=2, of=("crowd",), otherwise=EXPERT)
    assert crowd("ab").resolve(policy).label == "x"
    assert crowd("aa").resolve(policy).label == "a"


def test_one_more_voter_breaks_a_tie_before_it_goes_further():
    policy = Majority(size=2, of=("crowd",), ties="one-more", otherwise=EXPERT)
    assert crowd("abb").resolve(policy).label == "b"
    assert crowd("abcx").resolve(Majority(size=4, of=("crowd",), ties="one-more", otherwise=EXPERT)).label == "x"


def test_what_does_not_suffice_for_a_stopping_rule_goes_to_the_next_policy():
    policy = Sequential(until=Quorum(votes=3), most=3, of=("crowd",), otherwise=EXPERT)
    assert crowd("aab").resolve(policy).label == "x"
    assert crowd("aaa").resolve(policy).label == "a"


def test_a_tie_of_a_weighted_vote_goes_to_the_next_policy():
    policy = Weighted(size=2, of=("crowd",), accuracy=Common(accuracy=0.8), otherwise=EXPERT)
    for labels, label in (("ab", "x"), ("aa", "a")):
        assert crowd(labels, belief=policy.belief_of_chain("abcx")).resolve(policy).label == label


# Nobody left


def test_where_nobody_is_left_for_the_next_policy_it_stays_as_it_was():
    label, answers, closed, *_ = crowd("aab", None).resolve(Majority(size=3, of=("crowd",), doubt=Disagreement(), otherwise=EXPERT))
    assert (label, len(answers), closed) == ("a", 3, False)


def test_where_nobody_is_left_for_the_first_policy_the_next_decides():
    label, answers, *_ = crowd("a").resolve(two_then_expert())
    assert (label, len(answers)) == ("x", 2)


def test_where_nobody_is_left_for_any_what_answers_there_are_decide():
    label, answers, *_ = crowd("a", None).resolve(two_then_expert())
    assert (label, len(answers)) == ("a", 1)
    with pytest.raises(NobodyLeft):
        crowd("", None).resolve(two_then_expert())


# An authority's word


def test_a_policy_that_closes_has_the_last_word_if_it_is_the_one_that_decides():
    final = EXPERT.model_copy(update={"closes": True})
    policy = Majority(size=2, of=("crowd",), doubt=Disagreement(), otherwise=final)
    assert not crowd("aa").resolve(policy).closed
    assert crowd("ab").resolve(policy).closed
    assert not crowd("ab", None).resolve(policy).closed
    assert crowd("a").resolve(Majority(closes=True)).closed


def test_an_item_that_is_closed_is_in_no_doubt():
    people = crowd("ab")
    assert people.resolve(Majority(size=1, closes=True, doubt=Always(), otherwise=EXPERT)).closed is False
    closing = Majority(size=2, otherwise=Majority(size=3, closes=True))
    assert crowd("abb").resolve(closing)[:3:2] == ("b", True)


def test_what_was_learnt_by_a_policy_that_had_its_doubts_does_not_overrule_the_one_that_had_none():
    policy = TruthInference(size=2, of=("crowd",), doubt=Disagreement(), otherwise=EXPERT)
    people = crowd("ab", belief=policy.belief_of_chain("abcx"))
    assert people.resolve(policy)[:3:2] == ("x", True)
    people = crowd("aa", belief=policy.belief_of_chain("abcx"))
    assert people.resolve(policy)[:3:2] == ("a", False)


def test_a_later_policy_that_learns_may_revise_its_own_label():
    policy = Majority(size=2, of=("crowd",), doubt=Disagreement(), otherwise=TruthInference(size=3))
    assert not crowd("abb", belief=policy.belief_of_chain("abcx")).resolve(policy).closed


# One more answer, or more than are asked for


def extended(policy: Policy, people: Rehearsal) -> Resolution:
    async def again() -> Resolution:
        await policy.decide(0, people)
        return await policy.extend(0, people.answers(0), people)

    return asyncio.run(again())


def test_one_more_answer_is_of_the_first_policys_people_and_may_raise_doubt():
    people = crowd("aab")
    assert extended(two_then_expert(), people).label == "x"
    assert [*map(str, people.asked)] == ["2", "1", "1"]
    assert extended(two_then_expert(), crowd("aaa")).label == "a"


def test_one_more_answer_to_what_the_next_policy_has_decided_does_not_ask_it_again():
    people = crowd("abb")
    label, answers, *_ = extended(two_then_expert(), people)
    assert (label, len(answers)) == ("x", 4)
    assert people.asked == [2, 1, 1]


def test_more_answers_than_are_asked_for_amount_to_what_the_last_policy_makes_of_its_own():
    people = crowd("bbb")
    policy = two_then_expert()
    people.resolve(Majority(size=4))
    assert policy.review(0, people.answers(0), people)[:3:2] == ("x", False)
    assert policy.review(0, people.answers(0)[:3], people).label == "b"
    assert Majority(size=2).review(0, people.answers(0), people).label == "b"


# By itself, a policy is what it was


@given(st.text("abc", min_size=7, max_size=7), st.sampled_from([Majority(size=5), Majority(size=4, ties="one-more"), Sequential()]))
def test_a_policy_that_names_no_other_decides_as_it_resolves(labels, policy):
    belief = policy.belief("abcx")
    people, others = crowd(labels, belief=belief), crowd(labels, belief=policy.belief("abcx"))
    assert people.resolve(policy) == asyncio.run(policy.resolve(0, others))


# Doubt


def met(doubt, labels: str, votes: int | None = None, **more: object) -> bool:
    people = crowd(labels, **more)
    answers = asyncio.run(people.ask(0, votes or len(labels)))
    return doubt.is_met(0, answers, people)


@pytest.mark.parametrize(
    ("doubt", "met_by", "not_by"),
    [
        (Always(), ["a", "aa"], []),
        (Disagreement(), ["ab", "aab"], ["a", "aaa"]),
        (Tie(), ["ab", "abc", "aabb"], ["aab", "a"]),
        (Margin(below=0.5), ["ab", "aab"], ["aaab", "aa"]),
        (AnyOf(of=(Tie(), Margin(below=0.4))), ["ab", "aab"], ["aaab"]),
        (AllOf(of=(Disagreement(), Margin(below=0.5))), ["aab"], ["aaab", "aa"]),
    ],
)
def test_doubt_goes_by_how_the_votes_are_spread(doubt, met_by, not_by):
    assert all(met(doubt, labels) for labels in met_by)
    assert not any(met(doubt, labels) for labels in not_by)


def test_doubt_may_go_by_how_sure_people_say_they_are():
    unsure, sure = {"crowd-1": (0.6, 0.4, 0, 0)}, {"crowd-1": (0.9, 0.1, 0, 0)}
    for script, expected in [(unsure, True), (sure, False), ({"crowd-1": "a"}, True)]:
        people = Rehearsal(script, classes="abcx")  # type: ignore[arg-type]
        answers = asyncio.run(people.ask(0, 1))
        assert LowConfidence(below=0.8).is_met(0, answers, people) is expected
        # What those say who give another label is of no account.
        other = answers[0]._replace(annotator="b", label="b", confidence=0.1, chances=None)
        stated = answers[0]._replace(annotator="c", confidence=0.8)
        assert not LowConfidence(below=0.8).is_met(0, [stated, stated, other], people)


def test_doubt_may_go_by_what_is_probable_by_all_that_was_learnt():
    doubt = Posterior(below=0.9, accuracy=Known(of={"crowd": 0.7, "expert": 0.95}))
    belief = doubt.belief("abcx")
    assert met(doubt, "a", belief=belief)
    assert not met(doubt, "aaa", belief=belief)
    assert not met(doubt, "", 1, belief=belief)  # The expert alone.
    # A policy's own belief serves as well, and any one that learns.
    policy = Weighted(size=1, accuracy=Common(accuracy=0.8), doubt=Posterior(below=0.85), otherwise=EXPERT)
    assert crowd("a", belief=policy.belief_of_chain("abcx")).resolve(policy).label == "x"
    inferring = TruthInference(size=1).belief("abcx")
    assert met(Posterior(below=0.999), "a", belief=inferring)


def test_doubt_may_go_by_what_the_model_says():
    people = crowd("aab")
    answers = asyncio.run(people.ask(0, 3))
    assert not AgainstModel().is_met(0, answers, people)
    for model, above, expected in [({"a": 0.9, "b": 0.1}, 0.5, False), ({"a": 0.3, "b": 0.7}, 0.5, True), ({"b": 0.7}, 0.8, False)]:
        people.model[0] = model
        assert AgainstModel(above=above).is_met(0, answers, people) is expected


def test_doubt_may_fall_on_a_share_of_the_items_whatever_is_said_of_them():
    people, count, doubt = crowd("aa"), 4000, AtRandom(share=0.1)
    drawn = [doubt.is_met(item, (), people) for item in range(count)]
    assert sum(drawn) / count == pytest.approx(0.1, abs=share_band(0.1, count))
    # A policy that begins anew meets the same doubt.
    assert drawn == [doubt.is_met(item, (), people) for item in range(count)]
    combined = AnyOf(of=(Disagreement(), doubt))
    assert [combined.is_met(item, (), people) for item in range(9)] == [True] * 9


def test_doubts_are_made_of_tables_at_any_depth():
    table = {"kind": "any-of", "of": ["tie", {"kind": "all-of", "of": ["disagreement", {"kind": "margin", "below": 0.2}]}]}
    doubt = make(AnyDoubt, table)
    assert doubt == AnyOf(of=(Tie(), AllOf(of=(Disagreement(), Margin(below=0.2)))))
    assert make(AnyDoubt, dump(AnyDoubt, doubt)) == doubt
    assert complaint(AnyDoubt, {"kind": "any-of", "of": ["ties"]}).startswith("there is no doubt 'ties'; did you mean 'tie'?")
    assert "there are no doubts in it" in complaint(AnyDoubt, {"kind": "all-of", "of": []})


# What makes no sense


@pytest.mark.parametrize(
    ("table", "complains"),
    [
        ({"kind": "majority", "size": 2, "doubt": "disagreement"}, "there is no `otherwise`"),
        ({"kind": "majority", "size": 1, "doubt": "disagreement", "otherwise": "majority"}, "is never met: 1 cannot differ"),
        ({"kind": "majority", "size": 2, "doubt": "disagrement", "otherwise": "majority"}, "did you mean 'disagreement'?"),
        ({"kind": "majority", "otherwise": "majorty"}, "did you mean 'majority'?"),
        ({"kind": "majority", "of": []}, "at least 1 item"),
        ({"kind": "majority", "of": ""}, "at least 1 character"),
    ],
)
def test_a_chain_that_makes_no_sense_is_refused(table, complains):
    assert complains in complaint(AnyPolicy, table)


def test_only_one_of_a_chain_learns():
    policy = Weighted(otherwise=TruthInference(size=3))
    assert [type(each) for each in policy.learners] == [Weighted, TruthInference]
    with pytest.raises(Unusable, match="'weighted' and 'truth-inference' each learn"):
        policy.belief_of_chain("ab")
    doubtful = Majority(size=2, doubt=Posterior(accuracy=Learnt()), otherwise=Sequential(until=Quorum()))
    assert [type(each) for each in doubtful.learners] == [Posterior]
    assert doubtful.belief_of_chain("ab") is not None
    assert Majority(size=2, otherwise=Majority()).belief_of_chain("ab") is None


def test_a_chain_is_made_again_from_what_a_header_shows_of_it():
    policy = two_then_expert(closes=True)
    table = dump(AnyPolicy, policy)
    assert make(AnyPolicy, table) == policy
    # What is not said stands nowhere: a plain policy is written down as it always was.
    assert dump(AnyPolicy, Majority(size=3)).keys() - {"of", "doubt", "otherwise"} == {"kind", "size", "ties", "early"}
