"""The same annotator draws the same luck: who else takes part, and in which order items come, changes nobody's answers."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.families.choice import FAMILIES as FAMILY_KINDS
from agents.annotator.nature import Nature
from agents.annotator.noises.choice import NOISES as NOISE_KINDS
from scenarios.run import Origin, prepare, run
from scenarios.scenario import Scenario
from tests.agents.annotator.cases import case
from tests.scenarios.behaviours import FAMILIES, NOISES, data, write_items
from tests.scenarios.logs import lines_of

ITEMS = 24


def scenario(noise: Any, family: Any, size: int = 3, **tables: Any) -> Scenario:
    crowd = {"name": "crowd", "count": 3, "noise": noise, "latency": {"kind": "exponential", "mean": "30s"}}
    crowd |= {} if family is None else {"family": family}
    return Scenario.model_validate(
        {
            "name": "same-luck",
            "seed": 5,
            "data": data(Path("items.csv")),
            "coordination": {"policy": {"kind": "majority", "size": size}},
            **tables,
            "annotators": [*tables.get("annotators", []), crowd],
        }
    )


def answers(campaign: Scenario, order: list[int]) -> dict[tuple[str, str], str]:
    """Return what the crowd says, by person and item."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_items(folder / "items.csv", order)
        summary = run(campaign, logs=folder, origin=Origin(folder))
        said = [line for line in lines_of(Path(str(summary.log))) if line.get("kind") == "answer-submitted"]
        return {(each["from"], each["body"]["item"]): each["body"]["label"] for each in said if each["from"].startswith("crowd-")}


def test_every_noise_and_every_family_is_tried():
    assert {noise["kind"] for noise in NOISES} == NOISE_KINDS.members.keys() - {"recorded"}
    assert {family["kind"] for family in FAMILIES} == FAMILY_KINDS.members.keys()


PAIRS = [(noise, None) for noise in NOISES] + [(NOISES[0], family) for family in FAMILIES]


@pytest.mark.parametrize(("noise", "family"), PAIRS, ids=lambda each: each and f"{each['kind']}-{each.get('by', '')}".strip("-"))
def test_nobody_else_and_no_order_changes_what_somebody_answers(noise, family):
    alone = answers(scenario(noise, family), [*range(ITEMS)])
    assert len(alone) == 3 * ITEMS
    others = {"name": "others", "count": 2, "noise": "one-coin", **({} if family is None else {"family": family})}
    more = scenario(noise, family, size=5, annotators=[others], selector={"strategy": {"kind": "random"}, "in_flight": 7})
    assert answers(more, [*reversed(range(ITEMS))]) == alone


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(NOISES),
    st.sampled_from([None, *FAMILIES]),
    st.sampled_from(NOISES),
    st.permutations(range(ITEMS)),
    st.integers(1, 9),
)
def test_whoever_joins_and_however_items_come_answers_stay(noise, family, other, order, in_flight):
    alone = answers(scenario(noise, family), [*range(ITEMS)])
    others = {"name": "aliens", "count": 2, "noise": other, **({} if family is None else {"family": family})}
    more = scenario(noise, family, size=5, annotators=[others], selector={"in_flight": in_flight})
    assert answers(more, order) == alone


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NOISES), st.sampled_from([None, *FAMILIES]), st.permutations(range(ITEMS)), st.integers(1, 3))
def test_asking_again_changes_no_answer_that_was_given(noise, family, order, attempts):
    with TemporaryDirectory() as name:
        write_items(Path(name) / "items.csv", [*range(ITEMS)])
        chance, world, people = prepare(scenario(noise, family), Origin(Path(name)))
    lucks = {person.name: chance.keyed("annotator", person.name, "answer") for person in people}

    def said(nature: Nature, item: int, attempt: int) -> list[int | None]:
        each = case(f"i{item}", item % 3, 3, attempt, nature)
        return [
            person.noise.answer(each, lucks[person.name].luck(each.item, attempt))
            if person.family is None
            else person.family.answer(person.noise.chances(each), each, lucks[person.name].luck(each.item, attempt))
            for person in people
        ]

    first = {item: said(Nature(chance, world.terrain), item, 0) for item in range(ITEMS)}
    nature = Nature(chance, world.terrain)
    for item in order:
        for attempt in range(1, attempts + 1):
            said(nature, item, attempt)
        assert said(nature, item, 0) == first[item]
