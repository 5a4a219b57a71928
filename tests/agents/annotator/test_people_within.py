"""Dials of a component within a component may differ from person to person too."""

from typing import Annotated, Any, ClassVar

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise, Probability
from agents.annotator.noises.choice import AnyNoise
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.people import PeopleChoice, Varied, person_of
from bus.chance import Chance


class Between(Noise):
    """Now like the one, now like the other."""

    kind: ClassVar[str] = "between"

    share: Probability = 0.5
    """Share of the one."""
    one: AnyNoise = OneCoin()
    """The one."""
    others: tuple[AnyNoise, ...] = ()
    """The others."""

    def chances(self, case: Case) -> Chances:
        return self.one.chances(case)


CHOICE = PeopleChoice("noise", OneCoin, Between)
ADAPTER = TypeAdapter[Any](Annotated[Noise, CHOICE])
BETA = {"kind": "beta", "a": 8, "b": 2}
TABLE = {
    "kind": "between",
    "share": {"kind": "uniform", "low": 0.2, "high": 0.4},
    "one": {"kind": "one-coin", "accuracy": BETA},
    "others": [{"kind": "one-coin", "accuracy": 0.7}, {"kind": "one-coin", "accuracy": BETA}],
}


def person(name: str, table: Any = TABLE) -> Any:
    return person_of(ADAPTER.validate_python(table), CHOICE, Noise, Chance(7).keyed("person", name))  # type: ignore[type-abstract]


def test_each_person_draws_their_dials_at_every_depth():
    people = [person(f"crowd-{number}") for number in range(400)]
    accuracies = np.array([each.one.accuracy for each in people])
    assert abs(accuracies.mean() - 0.8) < 4 * np.sqrt(0.8 * 0.2 / 11 / 400)
    assert {each.others[0].accuracy for each in people} == {0.7}
    assert all(0.2 <= each.share <= 0.4 for each in people)
    others = np.array([each.others[1].accuracy for each in people])
    assert abs(np.corrcoef(accuracies, others)[0, 1]) < 4 / np.sqrt(400)


def test_a_distribution_within_is_written_back_as_it_was_read():
    varied = ADAPTER.validate_python(TABLE)
    assert isinstance(varied, Varied)
    assert varied.table["one"] == {"kind": "one-coin"}
    again = ADAPTER.dump_python(varied)
    assert again["one"]["accuracy"] == BETA
    assert ADAPTER.validate_python(again) == varied


def test_what_is_drawn_for_a_dial_does_not_depend_on_the_other_dials():
    fewer = {**TABLE, "share": 0.3}
    assert person("crowd-1").one == person("crowd-1", fewer).one


def test_a_table_of_the_scenario_is_left_as_it_was():
    table = {**TABLE, "one": {"kind": "one-coin", "accuracy": BETA}}
    person("crowd-1", table)
    assert table == TABLE


@pytest.mark.parametrize(
    ("within", "what"),
    [
        ({"accuracy": {"kind": "uniform", "low": 2, "high": 3}}, "none is possible"),
        ({"accuracy": {"kind": "beta", "a": 8}}, "Field required"),
        ({"acuracy": BETA}, "did you mean 'accuracy'"),
        ({"accuracy": BETA, "acuracy": 1}, r"one\s+unknown key 'acuracy'"),
    ],
)
def test_what_nobody_can_be_is_refused_at_every_depth(within, what):
    with pytest.raises(ValidationError, match=what):
        ADAPTER.validate_python({"kind": "between", "one": {"kind": "one-coin", **within}})
