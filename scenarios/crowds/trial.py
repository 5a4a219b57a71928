"""A trial of a fitted crowd: how well it predicts the real one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from agents.annotator.calibration.fidelity import Fidelity, Figures, known_part
from agents.annotator.calibration.protocol import Halves, halves, in_sample, new_people, other_people, with_gold
from agents.annotator.calibration.time_trial import Apart, of_other_people, on_other_items
from agents.annotator.calibration.work_times import fit_work_times
from agents.inference.answers import Floats
from bus.chance import Chance
from scenarios.crowds.log import Log
from scenarios.errors import BadInput
from scenarios.history.phrases import counted

Held = Literal["items", "people", "population"]

FEWEST = 4
"""Items, or people, of which halves can be made."""


@dataclass(frozen=True, eq=False)
class Trial:
    """Real figures beside those of a crowd that was fitted to something, and simulated.

    Attributes:
        how: what was done, in a few words.
        tests: each test.
        halves: what halves of the items say of each other; None if they were not tried.
        times: how far work times are apart; None where they are not known.
    """

    how: str
    tests: tuple[Fidelity, ...]
    halves: Halves | None = None
    times: Apart | None = None

    @property
    def curve_mae(self) -> float:
        """Mean absolute error of the curve of votes, in percentage points, over all tests."""
        return float(np.mean([each.curve_mae for each in self.tests]))

    @property
    def curve_worst(self) -> float:
        """Largest absolute error of a curve, in percentage points: in the mean over tests."""
        return float(np.mean([each.curve_worst for each in self.tests]))

    @property
    def most(self) -> int:
        """Up to how many votes all curves go."""
        return min(len(each.votes) for each in self.tests)

    def real(self, figure: Callable[[Figures], float]) -> float:
        """Return a real figure, in the mean over tests; NaN where it is not defined."""
        return float(np.mean([figure(each.real) for each in self.tests]))

    def simulated(self, figure: Callable[[Figures], float]) -> float:
        """Return a simulated figure, in the mean over tests; NaN where it is not defined."""
        return float(np.mean([figure(each.simulated) for each in self.tests]))

    def curves(self) -> tuple[Floats, Floats]:
        """Return the real curve and the simulated one, in the mean over tests; shape (most,) each."""
        most = self.most
        real = np.mean([each.real.curve[:most] for each in self.tests], axis=0)
        return np.asarray(real), np.asarray(np.mean([each.simulated.curve[:most] for each in self.tests], axis=0))

    @property
    def simulations(self) -> int:
        """How many simulations there were in all."""
        return sum(each.simulations for each in self.tests)


def try_crowd(log: Log, held: Held | None, gold: int | None, seed: int, simulations: int | None) -> Trial:
    """Fit a crowd to a log, or to a part of it, and compare what it answers with what was answered.

    Args:
        log: the log.
        held: what is held out: half of the items; half of the people; or, for `population`, nothing, but people are drawn afresh.
        gold: how many items' truth is known when it is fitted, if not that of all.
        seed: of all that is drawn.
        simulations: of each test; None for enough.

    Raises:
        BadInput: the log does not suffice.
    """
    items = len(known_part(log.table, log.truth)[0].items)
    _refuse_too_little(log, items, held, gold)
    stream = Chance(seed).stream("fidelity", "times")
    where = log.person, log.item, log.seconds, len(log.table.people), len(log.table.items), stream
    timed = bool(np.isfinite(log.seconds).any())
    few = {} if simulations is None else {"simulations": simulations}
    if held == "items":
        found = halves(log.table, log.truth, seed, **few)
        times = on_other_items(*where) if timed else None
        return Trial("fitted to half of the items, tested on the others", found.tests, found, times)
    if held == "people":
        tests = tuple(other_people(log.table, log.truth, seed, **few))
        times = of_other_people(*where, halved=True) if timed else None
        return Trial("fitted to half of the people, tested on the answers of the others", tests, None, times)
    if held == "population":
        test = new_people(log.table, log.truth, seed, simulations)
        times = of_other_people(*where, halved=False) if timed else None
        return Trial("people drawn afresh from those who were fitted", (test,), None, times)
    fitted = fit_work_times(*where) if timed else None
    apart = None if fitted is None else Apart(fitted.distance, fitted.chance)
    if gold is not None:
        how = f"fitted with the truth of {gold:,} of {counted(items, 'item')}, judged by all"
        return Trial(how, (with_gold(log.table, log.truth, gold, seed, simulations),), None, apart)
    test = in_sample(log.table, log.truth, seed, simulations)
    return Trial("fitted to all answers, with all that is true", (test,), None, apart)


def _refuse_too_little(log: Log, items: int, held: Held | None, gold: int | None) -> None:
    if not log.known:
        raise BadInput(
            f"{log.path}: nothing says what is true, and fidelity is judged by it; give --truth, a table of task and truth "
            "(`parley calibrate` fits a crowd without)"
        )
    if gold is not None and gold > items:
        raise BadInput(f"--gold {gold}: the true class is known of {counted(items, 'item')} only")
    if held == "items" and items < FEWEST:
        raise BadInput(f"{log.path}: halves cannot be made of {counted(items, 'item')} of known truth; {FEWEST} are the least")
    if held == "people" and len(log.table.people) < FEWEST:
        raise BadInput(f"{log.path}: halves cannot be made of {len(log.table.people)} people; {FEWEST} are the least")


def record(trial: Trial) -> dict[str, Any]:
    """Return a trial as JSON holds it: errors in percentage points, shares from 0 to 1; what is not known is null."""
    real, simulated = trial.curves()
    found = {
        "how": trial.how,
        "curve_mae": trial.curve_mae,
        "curve_worst": trial.curve_worst,
        **_both("kappa", trial, lambda figures: figures.kappa),
        **_both("gain", trial, lambda figures: figures.gain),
        **_both("majority", trial, lambda figures: figures.majority),
        **_both("dawid_skene", trial, lambda figures: figures.dawid_skene),
        **_both("spread", trial, lambda figures: figures.spread),
        **_both("unanimous", trial, lambda figures: figures.unanimous),
        "times_distance": None if trial.times is None else trial.times.distance,
        "times_chance": None if trial.times is None else trial.times.chance,
        "votes": [*range(1, trial.most + 1)],
        "curve_real": _listed(real),
        "curve_simulated": _listed(simulated),
        "within": all(each.within for each in trial.tests),
        "tests": len(trial.tests),
        "simulations": trial.simulations,
    }
    if trial.halves is not None:
        found |= {"other_half_mae": float(trial.halves.real.mean()), "difference": trial.halves.difference,
                  "difference_error": _known(trial.halves.error), "no_worse": trial.halves.no_worse}  # fmt: skip
    return found


def _both(name: str, trial: Trial, figure: Callable[[Figures], float]) -> dict[str, float | None]:
    return {f"{name}_real": _known(trial.real(figure)), f"{name}_simulated": _known(trial.simulated(figure))}


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _listed(values: Sequence[float] | Floats) -> list[float]:
    return [float(value) for value in values]
