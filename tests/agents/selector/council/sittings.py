"""Sittings of councils that tests make up."""

from collections.abc import Sequence

import numpy as np
from hypothesis import strategies as st

from agents.selector.council.rule import Ballot, Memory, Rule, Sitting
from bus.chance import Chance

POOL = 12
LUCK = Chance(7).keyed("selector", "council")


def sitting(
    *rankings: Sequence[int],
    bids: Sequence[Sequence[int]] = (),
    even: Sequence[int] = (),
    memory: Memory | None = None,
    number: int = 1,
    left: int = POOL,
) -> Sitting:
    """Return a sitting whose members rank items so, of which an earlier row is the luckier."""
    ballots = [Ballot(tuple(rows), tuple(bids[place]) if bids else (), place in even) for place, rows in enumerate(rankings)]
    return Sitting(number, ballots, left, np.linspace(1, 0, POOL), LUCK, memory)


def rows(rule: Rule, held: Sitting) -> list[int]:
    """Return the items in the order of the rule."""
    return [row for row, _ in rule.order(held)]


def scores(rule: Rule, held: Sitting) -> dict[int, float]:
    """Return what the items score."""
    return dict(rule.order(held))


def rankings(members: int = 4) -> st.SearchStrategy[list[list[int]]]:
    """Draw the rankings of some members, equally long, as they are while the pool lasts."""
    whole = st.permutations(range(POOL))
    return st.integers(1, 6).flatmap(
        lambda length: st.lists(whole.map(lambda each: list(each)[:length]), min_size=1, max_size=members)
    )
