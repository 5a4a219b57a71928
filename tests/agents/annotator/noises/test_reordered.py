"""A noise that counts the classes in another order answers as if it did not."""

import pytest

from agents.annotator.noise import Noise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.noises.reordered import Reordered
from bus.chance import Chance
from tests.agents.annotator.cases import case

ROWS = {"a": {"a": 0.7, "b": 0.3, "c": 0.0}, "b": {"a": 0.1, "b": 0.8, "c": 0.1}, "c": {"a": 0.0, "b": 0.5, "c": 0.5}}


def confusion(order: str) -> Confusion:
    return Confusion(matrix=tuple(tuple(ROWS[truth][label] for label in order) for truth in order))


def test_chances_are_those_of_the_same_classes_in_their_own_order() -> None:
    data, theirs = "abc", "cab"
    noise = Reordered(of=confusion(theirs), place=tuple(theirs.index(label) for label in data))
    for truth in range(3):
        assert noise.chances(case(truth=truth, classes=3)) == pytest.approx(confusion(data).chances(case(truth=truth, classes=3)))


@pytest.mark.parametrize("of", [confusion("cab"), OneCoin(accuracy=0.6)])
def test_answers_come_as_often_as_chances_say(of: Noise) -> None:
    noise, luck = Reordered(of=of, place=(1, 2, 0)), Chance(3).keyed("someone")
    for truth in range(3):
        question = case(truth=truth, classes=3)
        answers = [noise.answer(question, luck.luck(item)) for item in range(4000)]
        for label, chance in enumerate(noise.chances(question)):
            assert abs(answers.count(label) / 4000 - chance) <= 4 * (chance * (1 - chance) / 4000) ** 0.5


def test_another_number_of_classes_is_refused_as_ever() -> None:
    with pytest.raises(ValueError, match="for 3 classes"):
        Reordered(of=confusion("abc"), place=(0, 1, 2)).check(2)
