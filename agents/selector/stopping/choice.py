"""The stop rules there are, by the names that a scenario calls them."""

from collections.abc import Sequence
from typing import Annotated

from agents.advice import numbered
from agents.component import Choice
from agents.selector.stopping.confidence import MaxConfidence, OverallUncertainty
from agents.selector.stopping.rule import StopRule
from agents.selector.stopping.stability import ClassificationChange, F1Delta, Kappa

STOP_RULES = Choice("stop rule", Kappa, ClassificationChange, F1Delta, OverallUncertainty, MaxConfidence)
AnyStopRule = Annotated[StopRule, STOP_RULES]


def named(rules: Sequence[StopRule]) -> dict[str, StopRule]:
    """Return rules by what a log calls them: by their kind; a second one of the same kind gets a number."""
    return dict(zip(numbered([vars(type(rule)).get("kind") or type(rule).__name__ for rule in rules]), rules, strict=True))
