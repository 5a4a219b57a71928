"""Gold questions as a table: when they come, and what is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from agents.coordinator.screening.gold import Gold
from agents.coordinator.screening.skill_test import PassMark
from bus.chance import Chance
from tests.agents.samples import share_band

LUCK = Chance(5).keyed("gold", "ann", "task")


def due(gold: Gold, count: int) -> list[bool]:
    return [gold.is_due(number, LUCK.luck(number)) for number in range(count)]


def test_the_first_tasks_are_gold_and_of_the_further_ones_each_so_manieth() -> None:
    assert due(Gold(first=2, every=3), 9) == [True, True, False, False, True, False, False, True, False]
    assert due(Gold(first=1), 3) == [True, False, False]
    assert due(Gold(every=2), 4) == [False, True, False, True]


def test_further_tasks_are_gold_with_their_share() -> None:
    gold = due(Gold(first=3, share=0.2), 5003)
    assert all(gold[:3])
    assert sum(gold[3:]) / 5000 == pytest.approx(0.2, abs=share_band(0.2, 5000))


def test_a_pass_mark_begins_with_all_its_questions() -> None:
    assert Gold(test=PassMark(questions=7, right=5)).beginning == 7


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({}, "asks no gold questions; set first, share or every"),
        ({"first": 0}, "asks no gold questions"),
        ({"share": 0.1, "every": 5}, "share and every"),
        ({"test": {"kind": "pass-mark"}, "share": 0.1}, "leave share and every out"),
        ({"test": {"kind": "pass-mark"}, "first": 3}, "first is 3, but the pass mark has 10 questions"),
        ({"share": 1.0}, "less than 1"),
        ({"evry": 3}, "did you mean 'every'?"),
    ],
)
def test_what_makes_no_sense_is_refused(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words.replace("?", r"\?")):
        Gold.model_validate(table)
