"""The roll: who may be asked, by their own word and by what is heard of them."""

from agents.coordinator.roll import Roll
from agents.person import Person


def roll(*comers: str) -> Roll:
    return Roll(["ann", "bob"], comers)


def test_who_never_says_anything_of_it_is_always_there() -> None:
    known = roll()
    assert ([*known.present], [*known.idle], [*known.away]) == (["ann", "bob"],) * 2 + ([],)


def test_who_comes_and_goes_is_not_there_until_they_say_so() -> None:
    known = roll("bob")
    assert ([*known.present], [*known.idle], [*known.away]) == (["ann", "bob"], ["ann"], ["bob"])
    assert known.hear("bob", 0, there=True, until=0)
    known.free("bob")
    assert ([*known.idle], [*known.away]) == (["ann", "bob"], [])


def test_who_has_no_task_any_more_and_is_away_is_not_idle() -> None:
    known = roll("bob")
    known.free("bob")
    assert [*known.idle] == ["ann"]


def test_what_is_older_than_what_is_known_is_no_news() -> None:
    known = roll("bob")
    assert known.hear("bob", 3, there=False, until=50)
    assert not known.hear("bob", 2, there=True, until=0)
    assert [*known.away] == ["bob"]
    assert known.hear("bob", 3, there=False, until=90), "but they may come later than they said"
    assert known.away == {"bob": 90}


def test_who_has_left_for_good_is_not_expected_whatever_is_heard_of_them() -> None:
    known = roll("bob")
    known.hear("bob", 0, there=False, until=None)
    assert ([*known.present], [*known.away]) == (["ann"], [])
    assert not known.is_unexpected("bob")
    assert known.is_gone("bob")
    known.free("bob")
    assert [*known.idle] == ["ann"]


def test_who_is_blocked_stays_so_though_they_come() -> None:
    known = roll("bob")
    known.block("bob")
    known.hear("bob", 0, there=True, until=0)
    known.free("bob")
    assert ([*known.present], [*known.idle]) == (["ann"], ["ann"])


def test_who_is_heard_of_again_is_where_they_said_that_they_were() -> None:
    known = roll("bob")
    known.hear("bob", 0, there=False, until=50)
    known.lose("bob")
    assert known.is_unexpected("bob")
    assert not known.is_missing("bob", 0), "they are missed already"
    known.find("bob")
    assert ([*known.present], known.away) == (["ann", "bob"], {"bob": 50})


def test_only_who_has_not_come_since_is_missing() -> None:
    known = roll("bob")
    known.hear("bob", 0, there=False, until=50)
    assert known.is_missing("bob", 0)
    known.hear("bob", 1, there=True, until=0)
    assert not known.is_missing("bob", 0)
    known.hear("bob", 2, there=False, until=90)
    assert not known.is_missing("bob", 0), "that was another absence"


def test_a_roll_that_is_read_from_the_log_is_what_it_was() -> None:
    heard, read = roll("bob"), roll("bob")
    for number, there, until in ((0, False, 5), (1, True, 0), (2, False, 30)):
        heard.hear("bob", number, there, until)
    person = Person()
    person.stays.leave(0, 0, 5)
    person.stays.come(1, 5)
    person.stays.leave(2, 9, 30)
    read.read("bob", person)
    assert (read.present, read.idle, read.away) == (heard.present, heard.idle, heard.away)
    assert read.number_of("bob") == 2


def test_that_one_comes_as_another_goes_is_a_change() -> None:
    known = roll("bob")
    before, there = known.changes, len(known.present) - len(known.away)
    known.hear("bob", 0, there=True, until=0)
    known.lose("ann")
    assert len(known.present) - len(known.away) == there
    assert known.changes > before


def test_whoever_hands_in_what_was_overdue_may_be_asked_again_which_is_a_change() -> None:
    known = roll()
    known.fall_behind("ann")
    before = known.changes
    known.free("bob")
    assert known.changes == before
    known.free("ann")
    assert known.changes > before
