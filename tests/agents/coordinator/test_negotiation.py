"""Negotiation, in rehearsal: when people talk, when that is over, and what comes of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.annotator.socials.argument import Argument as Persuadable
from agents.annotator.socials.conformity import Conformity
from agents.coordinator.crowd import GivenUp, NobodyLeft
from agents.coordinator.doubts.votes import Always, Disagreement, Margin
from agents.coordinator.policies.choice import AnyPolicy
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.pools.judge import Judge
from agents.coordinator.pools.linear import Linear
from agents.coordinator.protocols.argument import Argument
from agents.coordinator.protocols.pairs import Pairs
from agents.coordinator.rehearsal import Rehearsal
from tests.agents.samples import complaint, make

SAYS = {"ann": "yes", "ben": "no", "cid": "yes"}


def follow(name, own, heard):
    labels = [own.label, *(voice[1] for voice in heard)]
    return max(labels, key=labels.count)


def test_the_contract_of_a_scenario_file_is_a_negotiation():
    policy = make(AnyPolicy, {"kind": "negotiation", "size": 3, "rounds": 3, "quorum": 0.75})
    assert policy == Negotiation()
    crowd = Rehearsal(SAYS, follow)
    resolution = crowd.resolve(policy)
    assert (resolution.label, resolution.settled, crowd.asked, len(crowd.rounds)) == ("yes", True, [3], 1)
    assert crowd.outcomes == ["consensus"]
    assert crowd.terms == [(False, None, None, "delphi")]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=7), st.integers(0, 99), st.integers(0, 3))
def test_among_people_whom_nothing_moves_it_is_the_majority(labels, item, rounds):
    says = {str(number): label for number, label in enumerate(labels)}
    vote = Rehearsal(says).resolve(Majority(size=len(labels)), item)
    for social in (None, Conformity(openness=0)):
        talk = Rehearsal(says, social).resolve(Negotiation(size=len(labels), rounds=rounds), item)
        assert talk.label == vote.label
        assert sorted(each[:2] for each in talk.answers) == sorted(each[:2] for each in vote.answers)


# When they talk


@pytest.mark.parametrize(
    ("labels", "trigger", "talks"),
    [
        ("yyn", None, True),
        ("yyyn", None, False),
        ("yyyn", Disagreement(), True),
        ("yyyy", Disagreement(), False),
        ("yyyy", Always(), True),
        ("yyyn", Margin(below=0.5), False),
        ("yynn", Margin(below=0.5), True),
    ],
)
def test_they_talk_where_the_quorum_is_not_reached_or_where_the_trigger_says(labels, trigger, talks):
    crowd = Rehearsal(dict(zip("abcd", labels, strict=False)))
    crowd.resolve(Negotiation(size=len(labels), trigger=trigger))
    assert bool(crowd.rounds) == talks
    assert len(crowd.outcomes) == talks


def test_without_a_quorum_they_talk_until_nobody_moves():
    crowd = Rehearsal(dict.fromkeys("abc", "y"))
    assert crowd.resolve(Negotiation(quorum=0)).settled
    assert crowd.outcomes == ["stable"]


def test_with_no_rounds_nobody_talks_and_what_they_say_is_pooled():
    crowd = Rehearsal({"a": (0.1, 0.9), "b": (0.55, 0.45), "c": (0.55, 0.45)}, classes=("n", "y"))
    assert crowd.resolve(Negotiation(rounds=0)).label == "n"
    assert crowd.resolve(Negotiation(rounds=0, settles=Linear()), 1).label == "y"
    assert not crowd.rounds and not crowd.outcomes


# When it is over


def test_it_is_over_when_nobody_moves_for_as_many_rounds_as_is_said():
    for stable, rounds in ((None, 1), (1, 1), (2, 2), (0, 3)):
        crowd = Rehearsal(SAYS)
        crowd.resolve(Negotiation(stable=stable))
        assert len(crowd.rounds) == rounds
    assert crowd.outcomes == ["rounds"]


def test_a_silent_member_keeps_their_position_or_leaves():
    def react(name, own, heard):
        return None if name == "ben" else own.label

    for silent, members in (("keeps", [3, 3]), ("abstains", [3, 2])):
        crowd = Rehearsal({**SAYS, "cid": "maybe"}, react)
        crowd.resolve(Negotiation(rounds=2, silent=silent, stable=0))
        assert [len(views) for views in crowd.rounds] == members
    crowd = Rehearsal({**SAYS, "cid": "no"}, react)
    # Once ben has left, one stands against one; while he keeps his position, two against one.
    assert len(crowd.resolve(Negotiation(silent="abstains")).answers) == 2
    assert Rehearsal({**SAYS, "cid": "no"}, react).resolve(Negotiation()).label == "no"


def test_where_all_are_silent_nobody_leaves_and_it_is_over():
    crowd = Rehearsal(SAYS, lambda name, own, heard: None)
    resolution = crowd.resolve(Negotiation(silent="abstains"))
    assert (resolution.label, len(resolution.answers), crowd.outcomes) == ("yes", 3, ["silence"])


# What is done without a quorum


def test_without_a_quorum_another_policy_decides_or_the_vote_or_nobody():
    expert = Majority(size=1, of=("expert",))
    says = {**dict(zip(("c-1", "c-2"), "yn", strict=True)), "expert": "x"}
    assert Rehearsal(says).resolve(Negotiation(size=2, of=("c",), otherwise=expert)).label == "x"
    assert Rehearsal(says).resolve(Negotiation(size=2, of=("c",), fallback="vote", otherwise=expert)).label in "yn"
    with pytest.raises(GivenUp, match="no quorum"):
        Rehearsal(says).resolve(Negotiation(size=2, of=("c",), fallback="give-up"))
    agreed = Rehearsal(dict.fromkeys(("c-1", "c-2"), "y"))
    assert agreed.resolve(Negotiation(size=2, fallback="give-up")).label == "y"


def test_where_nobody_settles_it_either_what_they_hold_decides():
    assert Rehearsal(SAYS).resolve(Negotiation(otherwise=Majority(size=1, of=("expert",)))).label == "yes"


# Who is in it


def test_those_who_have_answered_an_earlier_policy_are_members_and_only_who_lacks_is_asked():
    chain = Majority(size=2, otherwise=Negotiation(size=3, protocol=Argument()))
    crowd = Rehearsal(dict(zip("abcd", "ynyn", strict=True)), follow)
    assert crowd.resolve(chain).label == "y"
    assert crowd.asked == [2, 1]
    assert sorted(crowd.rounds[0]) == ["a", "b", "c"]


def test_of_a_group_only_its_members_talk():
    chain = Majority(size=2, of=("llm",), otherwise=Negotiation(size=2, of=("crowd",), trigger=Always()))
    crowd = Rehearsal({"llm-1": "y", "llm-2": "n", "crowd-1": "y", "crowd-2": "y"})
    assert crowd.resolve(chain).label == "y"
    assert sorted(crowd.rounds[0]) == ["crowd-1", "crowd-2"]


def test_a_committee_is_smaller_where_too_few_are_left_and_none_at_all_is_given_up():
    crowd = Rehearsal({"ann": "yes", "ben": None, "cid": "no"}, follow)
    crowd.resolve(Negotiation(size=3))
    assert sorted(crowd.rounds[0]) == ["ann", "cid"]
    with pytest.raises(NobodyLeft):
        Rehearsal({"ben": None}).resolve(Negotiation(size=3))


def test_a_judge_takes_no_part_hears_all_at_the_end_and_decides():
    crowd = Rehearsal({**SAYS, "dot": "no"}, follow)
    resolution = crowd.resolve(Negotiation(size=4, settles=Judge(who="dot")))
    assert "dot" not in crowd.rounds[0]
    assert [voice[:2] for voice in sorted(crowd.rounds[-1]["dot"])] == [("ann", "yes"), ("ben", "yes"), ("cid", "yes")]
    assert resolution.label == "yes"
    stubborn = Rehearsal({**SAYS, "dot": "no"}, lambda name, own, heard: own.label)
    assert stubborn.resolve(Negotiation(size=4, settles=Judge(who="dot"))).label == "no"


def test_a_judge_who_has_heard_nobody_does_not_overrule_a_quorum():
    crowd = Rehearsal({**SAYS, "cid": "yes", "ben": "yes", "dot": "no"}, follow)
    resolution = crowd.resolve(Negotiation(size=4, quorum=0.75, settles=Judge(who="dot")))
    assert (crowd.rounds, resolution.label) == ([], "yes")


# One more answer


def test_one_more_answer_is_pooled_with_what_the_others_hold():
    crowd = Rehearsal({**SAYS, "dot": "no"}, Persuadable(wrong_to_right=1, right_to_wrong=0), classes=("no", "yes"), true="no")
    policy = Negotiation(protocol=Argument())
    assert crowd.resolve(policy).label == "no"
    assert policy.conclude(0, crowd.answers(0), crowd) == "no"


def test_dials_out_of_range_are_refused():
    for dial, value in (
        ("quorum", 1.1),
        ("rounds", -1),
        ("size", 0),
        ("fee", -1),
        ("within", "soon"),
        ("within", 0),
        ("silent", "sulks"),
    ):
        assert complaint(AnyPolicy, {"kind": "negotiation", dial: value})
    assert make(AnyPolicy, {"kind": "negotiation", "within": "5m"}).within == 300


def test_who_was_not_called_to_a_round_is_not_silent_in_it():
    crowd = Rehearsal({"a": "y", "b": "n", "c": "y"}, lambda name, own, heard: None if name == "b" else own.label)
    resolution = crowd.resolve(Negotiation(rounds=1, silent="abstains", protocol=Pairs()))
    assert len(crowd.rounds[0]) == 2
    assert sorted(answer.annotator for answer in resolution.answers) == ["a", "c"]
