"""Stop rules are pictured in the course of one campaign, as they would have ended it."""

import pytest

from agents.selector.stopping.confidence import MaxConfidence
from agents.selector.stopping.stability import Kappa
from bus.chance import Chance
from scenarios.gallery.stopping import BATCH, FIRST, Version, course, fired_at, portrait


@pytest.fixture(scope="module")
def versions() -> list[Version]:
    return course(Chance(3), labels=200)


def test_each_version_has_learnt_a_batch_more(versions: list[Version]) -> None:
    assert [version.labels for version in versions] == [*range(FIRST, 201, BATCH)]
    assert versions[-1].accuracy > versions[0].accuracy


def test_a_rule_fires_when_it_has_been_met_often_enough_in_a_row(versions: list[Version]) -> None:
    rule = Kappa(threshold=0.5, patience=3)
    measures, fired = fired_at(rule, versions)
    met = [measure is not None and rule.is_met(measure) for measure in measures]
    first = next(place for place in range(2, len(met)) if all(met[place - 2 : place + 1]))
    assert fired is versions[first]


def test_a_rule_that_does_not_fire_is_pictured_as_such(versions: list[Version]) -> None:
    rule = MaxConfidence(threshold=1e-6)
    assert fired_at(rule, versions)[1] is None
    assert portrait(rule, versions).axes[0].get_title(loc="right") == "it does not fire"
