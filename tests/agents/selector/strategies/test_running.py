"""Running arrays: whatever becomes of items, they are what they would be if computed from nothing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from agents.selector.pool import Pool
from agents.selector.strategies.running import Array, Running
from tests.agents.samples import numbered

ROWS = 8
DEEDS = st.lists(
    st.tuples(st.sampled_from(["pick", "pick and ask", "ask some", "label", "drop"]), st.integers(0, ROWS - 1)), max_size=30
)


def take(array: Array, row: int) -> None:
    """Change an array so that the order in which rows are taken shows."""
    array *= 3
    array[row] += 1
    array %= 1009


def folded(rows: list[int]) -> list[int]:
    array = np.arange(ROWS)
    for row in rows:
        take(array, row)
    return array.tolist()


def do(running: Running, pool: Pool, deed: str, row: int) -> None:
    """Do something to a pool, or pick items for it."""
    if deed == "label":
        pool.know([row], [0])
    elif deed == "drop":
        pool.drop(row)
    else:
        free = np.flatnonzero(pool.available)[: row + 1].tolist()
        ahead = running.ahead(pool)
        for pick in free:
            running.pick(pick)
        assert ahead.tolist() == folded([*pool.covered, *free])
        asked = {"pick": [], "pick and ask": free, "ask some": free[: len(free) // 2] + free[len(free) // 2 + 1 :][::-1]}[deed]
        for each in asked:
            pool.request(each)


@given(DEEDS)
def test_it_follows_from_the_items_that_are_labelled_or_pending_in_their_order(deeds):
    pool, running = Pool(numbered(ROWS)), Running(np.arange(ROWS), take)
    pool.start([0])
    for deed, row in deeds:
        do(running, pool, deed, row)
        assert running.now(pool).tolist() == folded([*pool.covered])


@given(DEEDS)
def test_it_may_be_looked_at_now_and_then_only(deeds):
    pool, running = Pool(numbered(ROWS)), Running(np.arange(ROWS), take)
    pool.start([0])
    for deed, row in deeds:
        do(running, pool, deed, row)
    assert running.now(pool).tolist() == folded([*pool.covered])


def test_no_row_is_taken_twice_unless_one_is_lost():
    taken: list[int] = []
    pool, running = Pool(numbered(ROWS)), Running(np.zeros(ROWS), lambda _, row: taken.append(row))
    for portion in ([3, 1], [0], [5, 2]):
        running.ahead(pool)
        for row in portion:
            running.pick(row)
            pool.request(row)
    running.now(pool)
    assert taken == [3, 1, 0, 5, 2]
    pool.drop(1)
    running.now(pool)
    assert taken[5:] == [3, 0, 5, 2]
