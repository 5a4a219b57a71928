"""Faults as data: how often, to which message, of which agent, and what cannot be meant."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bus.chance import Chance
from bus.clock import SECOND
from bus.faults import Fate, Faults, Plan

LINKS = [("a", "b"), ("b", "a"), ("a", "c"), ("crowd-1", "b")]
JUMBLED = {"drop": 0.2, "duplicate": 0.2, "delay": 0.2, "reorder": 0.2}


def plan(seed: int = 7, **tables: object) -> Plan:
    return Faults.model_validate(tables).plan(Chance(seed))


def fates(made: Plan, count: int, sender: str = "a", recipient: str = "b") -> list[Fate | None]:
    return [made.fate(sender, recipient, 0) for _ in range(count)]


def complaint(**tables: object) -> str:
    with pytest.raises(ValidationError) as refused:
        Faults.model_validate(tables)
    return str(refused.value)


# Rates


@pytest.mark.parametrize("where", ["everywhere", "on a link"])
def test_each_fault_happens_as_often_as_its_rate_says(where):
    rates = {"drop": 0.1, "duplicate": 0.03, "delay": 0.2, "reorder": 0.4}
    tables = rates if where == "everywhere" else {"drop": 1.0, "links": [{"sender": "a", **rates}]}
    count = 20_000
    happened = Counter(fate and fate.does for fate in fates(plan(**tables), count))
    for does, rate in (*rates.items(), (None, 1 - sum(rates.values()))):
        assert abs(happened[does] / count - rate) < 4 * math.sqrt(rate * (1 - rate) / count)


def test_delays_are_exponential_with_the_mean_that_was_said():
    count = 20_000
    delays = [fate.by / SECOND for fate in fates(plan(delay=1.0, delay_time=20), count) if fate]
    assert len(delays) == count
    assert abs(sum(delays) / count - 20) < 4 * 20 / math.sqrt(count)
    longer = sum(delay > 20 * math.log(2) for delay in delays) / count
    assert abs(longer - 0.5) < 4 * 0.5 / math.sqrt(count)
    assert min(delays) > 0


def test_without_rates_nothing_happens():
    assert fates(plan(), 1000) == [None] * 1000


def test_all_messages_may_meet_the_same_fault():
    assert fates(plan(drop=1.0), 1000) == [Fate("drop")] * 1000


# What fate depends on


@given(st.lists(st.sampled_from(LINKS), max_size=60), st.sampled_from(LINKS), st.integers(0, 9))
def test_what_happens_to_a_message_depends_on_its_link_and_its_number_alone(traffic, link, seed):
    together = plan(seed, **JUMBLED)
    among_others = [fate for each in traffic for fate in [together.fate(*each, 0)] if each == link]
    assert among_others == fates(plan(seed, **JUMBLED), traffic.count(link), *link)


def test_links_and_seeds_draw_apart():
    drawn = [fates(plan(seed, **JUMBLED), 100, *link) for seed in (7, 8) for link in LINKS]
    assert all(one != other for number, one in enumerate(drawn) for other in drawn[:number])


def test_another_rate_moves_only_the_messages_between_the_old_and_the_new():
    fewer, more = fates(plan(drop=0.2), 1000), fates(plan(drop=0.3), 1000)
    assert all(after == before for before, after in zip(fewer, more, strict=True) if before is not None)
    assert 0 < sum(after is not None for before, after in zip(fewer, more, strict=True) if before is None) < 200


# Links


def test_the_first_link_that_fits_counts():
    made = plan(links=[{"sender": "a", "drop": 1.0}, {"sender": "a", "recipient": "b", "duplicate": 1.0}], reorder=1.0)
    assert fates(made, 1, "a", "b") == [Fate("drop")]
    assert fates(made, 1, "c", "b") == [Fate("reorder")], "where no entry fits, the rates of all messages count"


def test_a_link_without_rates_is_sound_whatever_the_others_are():
    assert fates(plan(links=[{"sender": "a"}], drop=1.0), 100) == [None] * 100


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("crowd-*", ["crowd-1", "crowd-10"]),
        ("crowd-?", ["crowd-1"]),
        ("[!c]*", ["expert-1"]),
        ("*", ["crowd-1", "crowd-10", "expert-1"]),
    ],
)
def test_a_link_may_name_agents_by_a_pattern(pattern, fits):
    made = plan(links=[{"sender": pattern, "recipient": "b", "drop": 1.0}])
    names = ["crowd-1", "crowd-10", "expert-1"]
    assert [name for name in names if made.fate(name, "b", 0)] == fits
    assert not any(made.fate(name, "c", 0) for name in names)


def test_a_pattern_tells_small_letters_from_capitals():
    assert plan(links=[{"sender": "Crowd-*", "drop": 1.0}]).fate("crowd-1", "b", 0) is None


# Certain messages


def test_a_fault_of_a_certain_message_happens_to_it_and_to_no_other():
    strike = {"sender": "a", "recipient": "b", "number": 2, "does": "delay", "by": "90s"}
    made = plan(messages=[strike])
    assert fates(made, 5) == [None, None, Fate("delay", 90 * SECOND), None, None]
    assert fates(made, 5, "b", "a") == [None] * 5


def test_a_fault_of_a_certain_message_goes_before_the_rates_of_its_link_and_moves_no_other_draw():
    struck = plan(**JUMBLED, messages=[{"sender": "a", "recipient": "b", "number": 3, "does": "drop"}])
    before, after = fates(plan(**JUMBLED), 50), fates(struck, 50)
    assert after[3] == ("drop", 60 * SECOND)
    assert before[:3] + before[4:] == after[:3] + after[4:]


def test_a_message_that_is_to_suffer_two_faults_is_refused():
    strike = {"sender": "a", "recipient": "b", "number": 3, "does": "drop"}
    assert "message 3 from 'a' to 'b' has 2 entries, but suffers one fault" in complaint(messages=[strike, strike])


# Time


def test_from_a_certain_time_links_are_sound_again():
    made = plan(drop=1.0, until="10s", messages=[{"sender": "a", "recipient": "b", "number": 3, "does": "drop"}])
    times = [0, 10 * SECOND - 1, 10 * SECOND, 10 * SECOND + 1]
    assert [made.fate("a", "b", time) for time in times] == [Fate("drop"), Fate("drop"), None, None]


def test_the_time_from_which_links_are_sound_is_one_to_the_microsecond():
    # In floats, 2.3 times a million is a little less.
    made = plan(drop=1.0, until=2.3)
    assert [made.fate("a", "b", time) for time in (2_299_999, 2_300_000)] == [Fate("drop"), None]


# What cannot be meant


@pytest.mark.parametrize("tables", [{"drop": 0.6, "delay": 0.5}, {"links": [{"drop": 0.6, "delay": 0.5}]}])
def test_shares_of_the_same_messages_that_add_up_to_more_than_all_are_refused(tables):
    assert "drop, duplicate, delay and reorder are shares of the same messages, but add up to 1.1" in complaint(**tables)


def test_shares_that_add_up_to_one_but_for_rounding_are_all_messages():
    assert None not in fates(plan(drop=0.1, duplicate=0.2, delay=0.3, reorder=0.4), 1000)


@pytest.mark.parametrize(
    "tables",
    [
        {"drop": -0.1},
        {"drop": 1.1},
        {"drop": math.nan},
        {"delay_time": 0},
        {"retry": 0},
        {"retry": "soon"},
        {"tries": 0},
        {"tries": 21},
        {"until": -1},
        {"crashes": [{"agent": "a", "at": -1}]},
        {"crashes": [{"agent": "a", "at": 1, "down": 0}]},
        {"crashes": [{"agent": "a"}]},
        {"messages": [{"sender": "a", "recipient": "b", "number": -1, "does": "drop"}]},
        {"messages": [{"sender": "a", "recipient": "b", "number": 0, "does": "eat"}]},
        {"messages": [{"sender": "a", "recipient": "b", "number": 0, "does": "delay", "by": 0}]},
        {"links": [{"drop": 2}]},
    ],
)
def test_values_out_of_range_are_refused(tables):
    assert complaint(**tables)


@pytest.mark.parametrize(
    ("tables", "nearest"),
    [({"dorp": 0.1}, "drop"), ({"links": [{"sendr": "a"}]}, "sender"), ({"crashes": [{"agent": "a", "at": 1, "dwon": 1}]}, "down")],
)
def test_an_unknown_key_is_refused_with_the_nearest_one(tables, nearest):
    assert f"did you mean '{nearest}'?" in complaint(**tables)


# Crashes

DOWN = [{"agent": "a", "at": 100, "down": 50}, {"agent": "a", "at": 10, "down": 50}]


def test_crashes_of_an_agent_are_told_in_order_of_time():
    faults = Faults.model_validate({"crashes": [*DOWN, {"agent": "b", "at": 20, "down": 500}]})
    assert [crash.at for crash in faults.crashes_of("a")] == [10, 100]
    assert [crash.at for crash in faults.crashes_of("b")] == [20]
    assert faults.crashes_of("c") == []


@pytest.mark.parametrize("also", [{"at": 40, "down": 1}, {"at": 149}, {"at": 9, "down": 2}])
def test_an_agent_that_is_down_cannot_go_down(also):
    assert "'a' is to go down at" in complaint(crashes=[*DOWN, {"agent": "a", **also}])


def test_an_agent_that_has_left_for_good_cannot_go_down():
    assert "'a' is to go down at 1000 s, when it is down already" in complaint(
        crashes=[{"agent": "a", "at": 1000, "down": 1}, {"agent": "a", "at": 5}]
    )


def test_an_agent_may_go_down_at_the_instant_at_which_it_is_back():
    faults = Faults.model_validate({"crashes": [*DOWN, {"agent": "a", "at": 60, "down": 40}]})
    assert [crash.at for crash in faults.crashes_of("a")] == [10, 60, 100]
