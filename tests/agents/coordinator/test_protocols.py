"""Protocols: who is called to a round, and what they are shown."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.annotator.socials.conformity import Conformity
from agents.coordinator.crowd import Answer
from agents.coordinator.policies.negotiation import Negotiation
from agents.coordinator.protocol import Protocol
from agents.coordinator.protocols.argument import Argument
from agents.coordinator.protocols.choice import AnyProtocol
from agents.coordinator.protocols.debate import Debate
from agents.coordinator.protocols.delphi import Delphi
from agents.coordinator.protocols.gossip import Gossip
from agents.coordinator.protocols.opinions import Opinions
from agents.coordinator.protocols.pairs import Pairs
from agents.coordinator.rehearsal import Rehearsal
from agents.coordinator.session import Session
from agents.coordinator.topologies.given import Given
from agents.coordinator.topologies.ring import Ring
from agents.messages import Voice
from tests.agents.samples import make

CLASSES = ("no", "yes")
CROWD = Rehearsal({}, classes=CLASSES)
ALL = [Delphi(), Delphi(feedback="mean"), Delphi(feedback="median"), Argument(), Argument(named=False), Argument(topology=Ring()),
       Pairs(), Pairs(turns=3), Opinions(), Opinions(topology=Ring()), Gossip(), Gossip(topology=Ring()), Debate()]  # fmt: skip


def session(*positions: str | float, turn: int = 1, **more: Any) -> Session:
    """Return a session of a, b, c, ... who hold a label, or "yes" with that probability."""
    members = [
        Answer(name, each, seat) if isinstance(each, str) else Answer(name, CLASSES[each > 0.5], seat, chances=(1 - each, each))
        for seat, (name, each) in enumerate(zip("abcdefghij", positions, strict=False))
    ]
    return Session(0, CROWD, members, turn, **more)


def labels(voices: Sequence[Voice]) -> list[Any]:
    return [voice[1] for voice in voices]


@given(st.sampled_from(ALL), st.lists(st.sampled_from(["yes", "no", 0.2, 0.9]), min_size=1, max_size=7), st.integers(1, 5))
def test_nobody_hears_themselves_and_only_members_are_called(protocol: Protocol, positions, turn):
    held = session(*positions, turn=turn)
    views = protocol.views(held)
    assert set(views) <= set(held.names)
    for name, voices in views.items():
        assert voices
        assert all(voice[0] != name for voice in voices)
        if protocol.kind in ("delphi", "argument", "debate", "opinions") and getattr(protocol, "feedback", "counts") == "counts":
            assert len(voices) <= len(positions) - 1


@pytest.mark.parametrize("protocol", ALL)
def test_one_alone_has_nobody_to_talk_to(protocol):
    assert not protocol.views(session("yes"))


# Delphi


def test_delphi_shows_what_the_others_hold_and_not_who_holds_it():
    views = Delphi().views(session("yes", "no", "yes", 0.9))
    assert views["b"] == ((None, "yes", None, None, 1.0),) * 3
    assert labels(views["a"]) == ["no", "yes", "yes"]
    # Whatever the seats, the same is shown.
    assert views["a"] == Delphi().views(session("yes", 0.9, "yes", "no"))["a"]


def test_delphi_may_show_the_mean_or_the_median_of_the_others():
    views = Delphi(feedback="mean").views(session(0.9, 0.2, 0.4, "yes"))
    assert views["a"] == ((None, "yes", None, pytest.approx((1.4 / 3, 1.6 / 3)), 3.0),)
    views = Delphi(feedback="median").views(session(0.9, 0.2, 0.4, 0.3))
    assert views["a"] == ((None, "no", None, pytest.approx((0.7, 0.3)), 3.0),)
    crowd = Rehearsal({}, classes=("x", "y", "z"))
    three = [Answer("a", "x", 0), Answer("b", "x", 1), Answer("c", "y", 2), Answer("d", "z", 3)]
    # Each class has a median of 0 among three who hold three: the mean stands in.
    assert Delphi(feedback="median").views(Session(0, crowd, three))["a"][0][3] == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_delphi_is_over_when_few_enough_change_their_labels():
    before, after = session("yes", "no", "no", "no").members, session("yes", "yes", "no", "no").members
    assert Delphi().has_moved(before, after)
    assert not Delphi(changed=0.25).has_moved(before, after)


# Argument


def test_in_an_argument_each_hears_the_others_by_name_and_their_reasons():
    views = Argument().views(session("yes", "no", "yes"))
    assert [voice[:2] for voice in views["a"]] == [("b", "no"), ("c", "yes")]
    assert Argument().has_reasons and not Argument(reasons=False).has_reasons
    assert not Delphi().has_reasons and Delphi(reasons=True).has_reasons
    assert [voice[:2] for voice in Argument(named=False).views(session("yes", "yes", "no"))["a"]] == [(None, "no"), (None, "yes")]


def test_trust_weighs_what_is_heard_and_who_hears_nobody_is_not_called():
    trust = Argument(topology=Given(trust={"a": {"b": 2.0, "c": 0.5}}))
    assert trust.views(session("yes", "no", "yes")) == {"a": (("b", "no", None, None, 2.0), ("c", "yes", None, None, 0.5))}


# Pairs


@given(st.lists(st.sampled_from(["yes", "no", "maybe"]), min_size=2, max_size=9), st.integers(1, 9))
def test_two_who_meet_disagree_and_meet_nobody_else_and_whoever_can_meets_somebody(positions, turn):
    held = session(*positions, turn=turn)
    views = Pairs().views(held)
    label = {member.annotator: member.label for member in held.members}
    for name, ((other, said, *_),) in views.items():
        assert views[other][0][0] == name
        assert said == label[other] != label[name]
    assert len({label[name] for name in label if name not in views}) <= 1


def test_who_meets_whom_is_drawn_anew_in_each_round():
    held = [Pairs().views(session("yes", "no", "yes", "no", turn=turn)) for turn in range(1, 20)]
    assert len({views["a"][0][0] for views in held}) == 2


def test_two_who_go_on_disagreeing_may_talk_for_several_rounds():
    pairs, first = Pairs(turns=3), session("yes", "no", "yes", "no")
    views = pairs.views(first)
    for turn in (2, 3):
        assert pairs.views(first._replace(turn=turn, views=views)) == views
    other = views["a"][0][0]
    # Those two have come to agree; the others go on.
    agreed = [each._replace(label="yes") if each.annotator in ("a", other) else each for each in first.members]
    left = pairs.views(first._replace(turn=2, views=views, members=agreed))
    assert set(left) == set("abcd") - {"a", other}
    assert pairs.patience(first) == 9


# Opinions and gossip


def test_opinions_agree_within_a_tolerance_and_move_by_more_than_that():
    near = Opinions(tolerance=0.05)
    assert near.agreement(session(0.5, 0.52, 0.54, 0.9)) == 0.75
    assert Opinions().agreement(session("yes", "yes", "no")) == pytest.approx(2 / 3)
    before, after = session(0.5, 0.7).members, session(0.52, 0.7).members
    assert Opinions().has_moved(before, after)
    assert not near.has_moved(before, after)
    assert Opinions().has_moved(session("yes", 0.7).members, session("no", 0.7).members)


def test_who_gossips_is_one_pair_of_neighbours_and_each_pair_is_as_likely():
    held = [Gossip(topology=Ring()).views(session(0.1, 0.4, 0.6, 0.9, turn=turn)) for turn in range(1, 2001)]
    pairs = ["".join(sorted(views)) for views in held]
    assert set(pairs) == {"ab", "bc", "cd", "ad"}
    assert all(abs(pairs.count(pair) - 500) < 4 * (2000 * 3 / 16) ** 0.5 for pair in set(pairs))
    assert Gossip(topology=Ring()).patience(session(0.1, 0.4, 0.6, 0.9)) == 4


def test_where_only_one_hears_the_other_only_that_one_may_move():
    assert Gossip(topology=Given(trust={"a": {"b": 2.0}})).views(session("yes", "no")) == {"a": (("b", "no", None, None, 2.0),)}


@pytest.mark.parametrize("protocol", ["opinions", "gossip"])
def test_opinions_of_open_people_come_together(protocol):
    crowd = Rehearsal({"a": (0.9, 0.1), "b": (0.2, 0.8), "c": (0.3, 0.7)}, Conformity(openness=0.5), classes=CLASSES)
    policy = Negotiation(size=3, rounds=200, quorum=1, protocol=make(AnyProtocol, {"kind": protocol, "tolerance": 0.01}))
    resolution = crowd.resolve(policy)
    assert crowd.outcomes == ["consensus"]
    assert resolution.label == "yes"
    # Each hears the mean of the others, half of which they take over: the mean of all stays.
    assert [answer.chances[0] for answer in resolution.answers] == pytest.approx([1.4 / 3] * 3, abs=0.02)


def test_debate_goes_on_where_nobody_moves():
    crowd = Rehearsal({"a": "yes", "b": "no", "c": "yes"})
    crowd.resolve(Negotiation(size=3, rounds=4, protocol=Debate()))
    assert (len(crowd.rounds), crowd.outcomes) == (4, ["rounds"])
