"""The names that agents will have: of services, and of people by their groups."""

import pytest

from scenarios.roster import Roster

ROSTER = Roster(["selector", "learner"], [("w", 3), ("night-shift", 12), ("crowd", 100_000)])


@pytest.mark.parametrize("name", ["w-1", "w-3", "night-shift-12", "crowd-99999"])
def test_people_are_numbered_from_one_in_their_group(name: str) -> None:
    assert ROSTER.is_person(name)


@pytest.mark.parametrize(
    "name", ["", "w", "w-0", "w-4", "w-01", "w-1x", "shift-1", "night-shift-13", "selector", "w-" + "9" * 5000]
)
def test_others_are_no_people(name: str) -> None:
    assert not ROSTER.is_person(name)


def test_a_stranger_is_refused_and_who_was_meant_is_named() -> None:
    for name in ("learner", "w-2", "campaign"):
        ROSTER.refuse_stranger("here", name, "campaign")
    with pytest.raises(ValueError, match="here: there is no agent 'lerner'; did you mean 'learner'"):
        ROSTER.refuse_stranger("here", "lerner")
    with pytest.raises(ValueError, match="there is no agent 'campaign'"):
        ROSTER.refuse_stranger("here", "campaign")


def test_a_pattern_that_fits_nobody_is_refused() -> None:
    for pattern in ("w-*", "*", "crowd-1000?", "sel*", "camp*"):
        ROSTER.refuse_pattern("here", pattern, "campaign")
    with pytest.raises(ValueError, match=r"here: no agent's name fits 'worker-\*'"):
        ROSTER.refuse_pattern("here", "worker-*")
