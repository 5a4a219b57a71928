"""What must hold of advice to stop in every campaign: checked on its events, each rule being asked anew what it makes of them."""

from collections.abc import Sequence

import numpy as np

from agents.items import Items
from agents.messages import (
    CampaignEnded,
    ItemGivenUp,
    ItemReopened,
    ItemRequested,
    ItemResolved,
    LabelsKnown,
    ModelPublished,
    StoppingAdvised,
)
from agents.selector.pool import Pool
from agents.selector.stopping.choice import named
from agents.selector.stopping.confidence import MaxConfidence
from agents.selector.stopping.rule import StopRule
from agents.selector.stopping.sight import Predictions, Sight
from agents.selector.view import PoolView
from bus.chance import Chance
from bus.message import Envelope
from scenarios.campaign import Campaign


def check_advice(campaign: Campaign, log: Sequence[Envelope]) -> None:
    """Check that each rule fires when it should, and is heard of once, and that what follows is what was wanted."""
    stop = campaign.scenario.stop
    advice = [event for event in log if isinstance(event.body, StoppingAdvised)]
    (ended,) = [event for event in log if isinstance(event.body, CampaignEnded)]
    said = {event.body.rule: event.body.version for event in advice}
    assert len(said) == len(advice), "a rule is heard of twice"
    assert all(event.sender == "selector" and event.seq < ended.seq for event in advice)
    if stop.act and advice:
        asked = [event for event in log if isinstance(event.body, ItemRequested) and event.seq > advice[0].seq]
        assert not asked, "something was asked for though it was time to stop"
        assert ended.body.stopped_by == "rule" or ended.body.stopped_by != "pool"
    else:
        assert ended.body.stopped_by != "rule"
    if stop.rules:
        _check_moments(campaign, log[: ended.seq - 1], said)


def _check_moments(campaign: Campaign, log: Sequence[Envelope], said: dict[str, int]) -> None:
    """Check when each rule fired, as far as the Selector had heard of it before the end."""
    rules, is_sound = named(campaign.scenario.stop.rules), campaign.scenario.faults is None
    sights = _sights(campaign, log)
    for name, rule in rules.items():
        version = _first(rule, sights)
        if isinstance(rule, MaxConfidence) and not is_sound:
            # It goes by what had been asked for when the Selector heard of a version, which may be late.
            continue
        if name in said:
            assert said[name] == version, f"{name} fired at {said[name]}, and should have at {version}"
        elif is_sound and version is not None and not (campaign.scenario.stop.act and said):
            last = log[-1].time
            assert [event for event in log if event.time == last and _publishes(event, version)], f"{name} never fired"


def _publishes(event: Envelope, version: int) -> bool:
    return isinstance(event.body, ModelPublished) and event.body.version == version


def _first(rule: StopRule, sights: dict[int, Sight]) -> int | None:
    measures: list[float | None] = []
    before: Predictions | None = None
    for version, sight in sights.items():
        measures.append(rule.measure(sight, before))
        before = rule.predictions(sight)
        if rule.fires(measures, sight.labels):
            return version
    return None


def _sights(campaign: Campaign, log: Sequence[Envelope]) -> dict[int, Sight]:
    """Return what rules see of each version, by what the log says up to it."""
    items, classes, models = campaign._world.items, campaign._world.truth.classes, campaign._cast._models
    assert models is not None
    luck = Chance(campaign.scenario.seed).keyed("selector", "stopping")
    labelled: set[int | str] = set()
    asked: set[int | str] = set()
    sights = {}
    for event in log:
        match event.body:
            case LabelsKnown():
                labelled.update(event.body.items)
            case ItemRequested() if event.sender == "selector":
                asked.add(event.body.item)
            case ItemResolved():
                labelled.add(event.body.item)
            case ItemGivenUp():
                labelled.discard(event.body.item)
            case ItemReopened() if event.body.voided:
                labelled.discard(event.body.item)
            case ModelPublished():
                pool = _pool(items, classes, labelled, asked)
                view = PoolView(items, models.get(event.body.version), event.body.version, luck, pool)
                sights[event.body.version] = Sight(view, event.body.labels, luck)
    return sights


def _pool(items: Items, classes: Sequence[int | str], labelled: set[int | str], asked: set[int | str]) -> Pool:
    pool = Pool(items)
    pool.start(classes)
    pool.labels = np.array([0 if item in labelled else -1 for item in items.ids])
    pool.available = np.array([item not in labelled and item not in asked for item in items.ids])
    return pool
