"""Real time in playback: as much later as it is, by the speed."""

import pytest

from scenarios.history.pace import Pace


class Watch:
    """A clock of real time that goes on when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.naps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


def pace(speed: float) -> tuple[Pace, Watch]:
    watch = Watch()
    return Pace(speed, lambda: watch.now, watch.sleep), watch


@pytest.mark.parametrize(("speed", "seconds"), [(1.0, 30.0), (60.0, 0.5), (0.5, 60.0)])
def test_what_comes_half_a_minute_later_is_shown_that_much_later_by_the_speed(speed: float, seconds: float) -> None:
    playing, watch = pace(speed)
    playing.wait_until(5_000_000)
    assert watch.now == 100.0
    playing.wait_until(35_000_000)
    assert watch.now == pytest.approx(100.0 + seconds)


def test_what_is_late_once_is_not_late_for_ever() -> None:
    playing, watch = pace(1.0)
    playing.wait_until(0)
    watch.now += 7.0
    playing.wait_until(5_000_000)
    assert watch.naps == []
    playing.wait_until(10_000_000)
    assert watch.now == pytest.approx(110.0)


def test_what_happens_at_one_instant_is_shown_without_a_pause() -> None:
    playing, watch = pace(1.0)
    for _ in range(3):
        playing.wait_until(9_000_000)
    assert watch.naps == []


def test_long_waits_are_slept_in_naps_that_the_system_can_take() -> None:
    playing, watch = pace(0.001)
    playing.wait_until(0)
    playing.wait_until(1_000_000)
    assert watch.now == pytest.approx(1100.0)
    assert max(watch.naps) <= 60.0
