"""No-shows and abandonment: how often, how far, and how it is told."""

from statistics import fmean

import pytest

from agents.annotator.availabilities.abandonment import Abandonment
from agents.annotator.availabilities.no_show import NoShow
from agents.annotator.availability import Lapse
from bus.chance import Chance
from tests.agents.samples import band, share_band

LUCK = Chance(7).keyed("lapse")
TASKS = range(5000)


def test_no_shows_are_as_frequent_as_they_are_said_to_be() -> None:
    no_show = NoShow(probability=0.1, pause=30)
    lapses = [lapse for item in TASKS if (lapse := no_show.lapse(item, 0, LUCK)) is not None]
    assert len(lapses) / len(TASKS) == pytest.approx(0.1, abs=share_band(0.1, len(TASKS)))
    assert set(lapses) == {Lapse(0.0, False, 30.0)}
    assert no_show.is_silent()


@pytest.mark.parametrize("done", [0.2, 0.5, 0.8])
def test_abandoned_work_is_done_by_the_share_that_is_said_on_average(done: float) -> None:
    abandonment = Abandonment(probability=0.4, done=done, returns=0.25)
    lapses = [lapse for item in TASKS if (lapse := abandonment.lapse(item, 0, LUCK)) is not None]
    assert len(lapses) / len(TASKS) == pytest.approx(0.4, abs=share_band(0.4, len(TASKS)))
    shape = done / (1 - done)
    deviation = (shape / ((shape + 1) ** 2 * (shape + 2))) ** 0.5
    assert fmean(lapse.after for lapse in lapses) == pytest.approx(done, abs=band(deviation, len(lapses)))
    assert sum(lapse.says for lapse in lapses) / len(lapses) == pytest.approx(0.25, abs=share_band(0.25, len(lapses)))


def test_who_always_says_so_is_not_silent() -> None:
    assert Abandonment(probability=0.1).is_silent()
    assert not Abandonment(probability=0.1, returns=1).is_silent()


def test_more_no_shows_are_those_that_there_were_and_others() -> None:
    few, many = ({item for item in TASKS if NoShow(probability=probability).lapse(item, 0, LUCK)} for probability in (0.1, 0.3))
    assert few < many
