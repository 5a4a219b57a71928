"""Selecting: whether what chooses items fits the learner, and the data."""

from collections.abc import Iterator

from agents.component import dials_of, within
from agents.estimator import Estimator
from agents.selector.council.council import Council
from agents.selector.council.rule import Rule
from agents.selector.pending import Pending
from agents.selector.strategy import Strategy
from bus.table import Table
from scenarios.errors import BadInput
from scenarios.world import World

Chooser = Strategy | Rule | Pending
"""What takes part in choosing items."""


def choosers(strategy: Strategy | Council | None, pending: Pending) -> dict[str, Chooser]:
    """Return all that takes part in choosing items, by where in a scenario it stands."""
    found: dict[str, Chooser] = {}
    if isinstance(strategy, Council):
        found["selector.strategy.rule"] = strategy.rule
        for place, member in enumerate(strategy.members):
            found[f"selector.strategy.members.{place}"] = member
    elif strategy is not None:
        found["selector.strategy"] = strategy
    return {**found, "selector.pending": pending}


def refuse_unlearned(
    strategy: Strategy | Council | None, pending: Pending, estimator: Estimator | None, committee: bool = False
) -> None:
    """Refuse what goes by models that nobody trains.

    Args:
        strategy, pending: of the selector.
        estimator: the learner's; None without a learner.
        committee: whether the learner calls on a committee.

    Raises:
        ValueError: something is lacking.
    """
    for where, chooser in choosers(strategy, pending).items():
        for part in chooser.layers if isinstance(chooser, Strategy) else [chooser]:
            name = repr(part.kind or type(part).__name__)
            if part.needs_model and estimator is None:
                raise ValueError(f"{where} {name} needs a model, but there is no [learner]")
            if isinstance(part, Strategy) and estimator is not None:
                _refuse_unanswered(f"{where} {name}", part, estimator, committee)
            if isinstance(part, Pending) and estimator is not None:
                _refuse_untrainable(f"{where} {name}", part, estimator, committee)


def _refuse_unanswered(name: str, strategy: Strategy, estimator: Estimator, committee: bool) -> None:
    """Refuse what asks of a model what the learner's has no answer to."""
    if strategy.needs_members and not committee and estimator.votes is False:
        raise ValueError(
            f"{name} needs a committee, but learner.estimator {estimator.name!r} is none; "
            "take one that has members, such as random-forest, or add [[learner.committee]]"
        )
    if strategy.needs_decision and (committee or not estimator.decides):
        whose = "a [[learner.committee]]" if committee else f"learner.estimator {estimator.name!r}"
        raise ValueError(f"{name} needs a decision function, but {whose} has none; take one that has, such as logistic-regression")


def _refuse_untrainable(name: str, pending: Pending, estimator: Estimator, committee: bool) -> None:
    """Refuse what would train models like the learner's, and cannot."""
    if pending.needs_training and committee:
        raise ValueError(f"{name} trains models like the learner's, but [[learner.committee]] trains one in each member")
    try:
        pending.check(estimator)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def needs_features(strategy: Strategy | Council | None, pending: Pending) -> bool:
    """Return whether somebody who chooses items goes by where they lie."""
    return any(_looks(each) for each in choosers(strategy, pending).values())


def needs_bills(strategy: Strategy | Council | None) -> bool:
    """Return whether somebody who chooses items goes by what labels have cost."""
    return strategy is not None and any(isinstance(each, Strategy) and each.needs_bills for each in within(strategy))


def _looks(chooser: Chooser) -> bool:
    if isinstance(chooser, Strategy):
        return any(part.needs_features for part in chooser.layers)
    return isinstance(chooser, Pending) and chooser.needs_features


def looking(chooser: Table, items: int) -> Iterator[tuple[Strategy, int]]:
    """Yield a strategy and its parts, each with how many of so many items it looks at."""
    if isinstance(chooser, Strategy):
        yield chooser, items
        items = chooser.looks_at(items)
    for each in dials_of(chooser):
        yield from looking(each, items)


def refuse_unfit(strategy: Strategy | Council | None, pending: Pending, world: World) -> None:
    """Refuse what cannot choose among these items.

    Raises:
        BadInput: the pool is too large, or does not have what somebody goes by.
    """
    pool = len(world.items)
    for where, chooser in choosers(strategy, pending).items():
        for part, size in looking(chooser, pool):
            name = repr(part.kind or type(part).__name__)
            if part.most_items is not None and size > part.most_items:
                raise BadInput(
                    f"{where} {name} costs {part.cost}, and takes {part.most_items:,} items at most, but would look at {size:,}; "
                    'choose among some: { kind = "subsample", of = ... }'
                )
            try:
                part.check(world.truth.classes)
            except ValueError as error:
                raise BadInput(f"{where} {name}: {error}") from None
        if _looks(chooser) and world.items.features is None and world.items.embeddings is None:
            raise BadInput(f"{where} goes by where items lie, but the data have neither features nor embeddings")
        for each in within(chooser):
            space = getattr(each, "space", None)
            if space is not None and getattr(world.items, space) is None:
                raise BadInput(f"{where} goes by {space} (space), but the data have none")
