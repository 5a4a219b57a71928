"""Who is wanted at which rounds."""

import asyncio
from types import SimpleNamespace

from agents.coordinator.calls import Calls
from agents.coordinator.crowd import Answer
from agents.coordinator.request import Asked
from agents.coordinator.requests import Requests
from agents.coordinator.round import Round
from bus.clock import run


def round_of(*names: str, present: dict[str, None]) -> Round:
    """Return a round of these members."""
    done: asyncio.Future[list[Answer]] = asyncio.get_running_loop().create_future()
    return Round("x", 1, dict.fromkeys(names, (1, False, None, ())), done, 0, present, Asked())


def affords(_name: str, _each: Round) -> bool:
    return True


def test_each_member_is_called_once_to_the_oldest_round_first():
    async def live() -> None:
        calls, present = Calls(), dict.fromkeys("abc")
        first, second = round_of("a", "b", present=present), round_of("a", "c", present=present)
        for each in (first, second):
            calls.add(each)
        assert calls.rounds == [first, second]
        assert calls.next({"a": None}, affords) == (first, "a")
        assert calls.next({"a": None}, affords) == (second, "a")
        assert calls.next({"a": None}, affords) is None
        assert calls.next(dict.fromkeys("xyzbc"), lambda name, each: name != "b") == (second, "c")
        calls.remove(first)
        assert not calls and not calls.rounds

    run(live())


def test_who_is_back_before_a_round_is_over_is_called_to_it():
    async def live() -> None:
        calls, present = Calls(), {"a": None}
        each = round_of("a", "b", present=present)
        calls.add(each)
        assert each.lacking == 1
        assert calls.next({"a": None}, affords) == (each, "a")
        each.assign("a")
        assert not each.is_hopeless and each.lacking == 0
        present["b"] = None
        assert calls.next({"b": None}, affords) == (each, "b")

    run(live())


def test_a_round_for_which_nobody_is_left_is_hopeless():
    async def live() -> None:
        present = {"a": None, "b": None}
        each = round_of("a", "b", present=present)
        each.assign("a")
        del present["b"]
        assert each.accept(Answer("a", "yes", 1))

    run(live())


def test_who_is_lost_is_called_when_they_are_back_even_if_all_others_were_at_it_before_a_restart():
    async def live() -> None:
        async def assign() -> None:
            raise AssertionError("nobody is idle")

        roll, work = SimpleNamespace(idle={}), SimpleNamespace(live=1)
        requests = Requests(None, roll, work, None, assign)  # type: ignore[arg-type]
        present = {"a": None}
        each = round_of("a", "b", present=present)
        each.take_up("a")
        await requests.want(each)
        present["b"] = None
        assert requests.calls.next({"b": None}, affords) == (each, "b")

    run(live())
