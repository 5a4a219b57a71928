"""Targets: how good, by when and for how much, and how often that may be missed."""

from collections.abc import Callable
from typing import NamedTuple

from bus.duration import LONGEST, format_duration, parse_duration
from scenarios.errors import BadInput
from scenarios.scenario import StopTable

NAMES = ("accuracy", "deadline", "budget")
"""What there may be targets for."""


class Targets(NamedTuple):
    """What a campaign is to come to.

    Attributes:
        accuracy: of the model on held-out items; without a learner, the share of items with the right label.
        deadline: simulated seconds; None for no deadline.
        budget: money; None for no budget.
        risk: the share of campaigns that may miss each of these.
        fee: what each annotator costs beside their answers.
    """

    accuracy: float
    deadline: float | None = None
    budget: float | None = None
    risk: float = 0.2
    fee: float = 0.0

    @property
    def set(self) -> list[str]:
        """The names of those targets that there are."""
        return [name for name in NAMES if getattr(self, name) is not None]

    def worded(self) -> list[str]:
        """Return each target in words, in the order of `set`."""
        words: dict[str, Callable[[float], str]] = {
            "accuracy": lambda value: f"accuracy {value:g}",
            "deadline": lambda value: f"within {format_duration(value)}",
            "budget": lambda value: f"for {value:,.6g}",
        }
        return [words[name](getattr(self, name)) for name in self.set]


def read_targets(accuracy: float, deadline: str | None, budget: float | None, risk: float, fee: float, stop: StopTable) -> Targets:
    """Return the targets that options ask for; what they leave out is what the scenario's own `[stop]` says.

    Raises:
        BadInput: one of them is out of range.
    """
    if not 0 < accuracy < 1:
        raise BadInput(f"--accuracy {accuracy:g}: a share between 0 and 1, such as 0.9{_as_share(accuracy)}")
    if budget is not None and not 0 < budget <= 1e12:
        raise BadInput(f"--budget {budget:g}: an amount of money above 0, in units of your currency")
    if not 0 < risk < 1:
        raise BadInput(f"--risk {risk:g}: a share of campaigns between 0 and 1, such as 0.2{_as_share(risk)}")
    if not 0 <= fee <= 1e12:
        raise BadInput(f"--fee {fee:g}: what each annotator costs beside their answers, 0 or more")
    seconds = stop.time if deadline is None else _seconds(deadline)
    return Targets(accuracy, seconds, stop.budget if budget is None else budget, risk, fee)


def _as_share(value: float) -> str:
    return f"; {value:g} % would be {value / 100:g}" if 1 < value <= 100 else ""


def _seconds(text: str) -> float:
    try:
        seconds = float(text) if text.replace(".", "", 1).isdecimal() else parse_duration(text)
    except ValueError as error:
        raise BadInput(f"--deadline {error}") from None
    if not (isinstance(seconds, float) and 0 < seconds <= LONGEST):
        raise BadInput(f"--deadline {text!r}: a time above 0, and no longer than a century, such as 3d")
    return seconds
