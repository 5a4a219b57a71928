"""In vain: dials that can come to nothing, and what takes longer than it need; said by `parley check`, and no error."""

from agents.selector.strategy import Strategy
from scenarios.scenario import Scenario
from scenarios.selecting import choosers, looking
from scenarios.world import World


def untrained(scenario: Scenario) -> list[str]:
    """Return a sentence if pending items are to be handled by models that bear on no strategy.

    Args:
        scenario: the campaign, its defaults written out.
    """
    pending = scenario.selector.pending
    strategies = [each for each in choosers(scenario.selector.strategy, pending).values() if isinstance(each, Strategy)]
    if any(pending.bears_on(each) for each in strategies):
        return []
    kinds = " and ".join(dict.fromkeys(repr(each.kind or type(each).__name__) for each in strategies))
    return [
        f"selector.pending {pending.kind or type(pending).__name__!r} trains models, and selector.strategy {kinds} goes by none: "
        "nothing is trained, and items under way are handled as by 'ignore'"
    ]


def beyond(scenario: Scenario, world: World) -> list[str]:
    """Return a sentence for each limit that there are not enough items to come to.

    Args:
        scenario: the campaign as it is written.
        world: its data.
    """
    items = len(world.items) - len(world.seeds)
    sentences = []
    if scenario.stop.labels is not None and scenario.stop.labels > items:
        sentences.append(
            f"stop.labels is {scenario.stop.labels:,}, and there are {items:,} items to ask for: without another limit, the "
            "campaign ends with the pool"
        )
    if scenario.selector.in_flight is not None and scenario.selector.in_flight > items:
        sentences.append(
            f"selector.in_flight is {scenario.selector.in_flight:,}, and there are {items:,} items to ask for: all are open at "
            "once, so that no choice is made among them"
        )
    return sentences


def slow(scenario: Scenario, world: World) -> list[str]:
    """Return a sentence for each strategy that is known to take long for so many items.

    Args:
        scenario: the campaign, its defaults written out.
        world: its data.
    """
    return [
        f"{where} {part.kind or type(part).__name__!r} costs {part.cost}: with {size:,} items that may take minutes; "
        'to look at fewer, choose among some: { kind = "subsample", of = ... }'
        for where, chooser in choosers(scenario.selector.strategy, scenario.selector.pending).items()
        for part, size in looking(chooser, len(world.items))
        if part.slow_beyond is not None and size > part.slow_beyond
    ]
