"""How often people are right, as a policy has it: given in the scenario, or learnt."""

from abc import abstractmethod
from collections.abc import Sequence
from operator import not_
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from agents.component import Choice, Component, Trust, Unusable
from agents.coordinator.crowd import Crowd
from agents.coordinator.kinship import Kinship
from agents.coordinator.reliability import Given, Records, Reliability, Updates
from agents.messages import Label
from bus.table import nearest

Share = Annotated[float, Field(gt=0, lt=1)]
"""A probability of which the log-odds are finite."""


class Accuracy(Component):
    """How often people are right; who errs gives each wrong class as often."""

    @abstractmethod
    def belief(self, classes: Sequence[Label]) -> Reliability:
        """Return what weighs people's votes in a campaign, before any is heard."""

    def groups(self) -> list[str]:
        """Return the groups whose members it takes to err together."""
        return []


class Common(Accuracy):
    """One accuracy for all; a number alone means this."""

    kind: ClassVar[str] = "common"

    accuracy: Share = 0.8
    """Probability of a right answer."""

    def belief(self, classes: Sequence[Label]) -> Reliability:
        """Return the belief that holds everybody alike."""
        return Reliability(classes, Given(lambda _annotator: self.accuracy, len(classes)))


class Known(Accuracy):
    """Accuracies that are known beforehand, person by person or group by group."""

    kind: ClassVar[str] = "known"

    of: Annotated[dict[str, Share], Field(min_length=1)]
    """Accuracy by annotator ("expert-1") or by group ("expert"); the annotator's own comes first."""
    others: Share | None = None
    """Accuracy of everybody else; left out, everybody must be named."""
    correlation: dict[str, Share] = Field(default_factory=dict, exclude_if=not_)
    """Groups whose members err together, such as language models of one make, and how far right answers of two of them correlate;
    the accuracy of such a group is that of each member."""

    @model_validator(mode="after")
    def _kin_are_known(self) -> Self:
        for group in self.correlation:
            if group not in self.of:
                raise ValueError(
                    f"correlation names {group!r}, a group of which no accuracy is known; {nearest(group, [*self.of])}"
                )
        return self

    def belief(self, classes: Sequence[Label]) -> Reliability:
        """Return the belief that never changes its mind about people."""
        kinship = Kinship(self.correlation, self.of, len(classes)) if self.correlation else None
        return Reliability(classes, Given(self._find, len(classes)), kinship=kinship)

    def groups(self) -> list[str]:
        """Return the groups of the correlations."""
        return [*self.correlation]

    def _find(self, annotator: str) -> float:
        accuracy = self.of.get(annotator, self.of.get(annotator.rpartition("-")[0], self.others))
        if accuracy is None:
            raise Unusable(
                f"coordination.policy knows no accuracy of {annotator!r}, and there is none for `others`; "
                f"{nearest(annotator, [*self.of])}"
            )
        return accuracy


class Learnt(Accuracy):
    """Accuracies learnt online, a Beta posterior a person: by the labels that their votes led to, or by gold items."""

    kind: ClassVar[str] = "learnt"

    prior: Share = 0.7
    """Accuracy that is expected of somebody of whom nothing is known."""
    strength: Annotated[float, Field(gt=0, le=1e6)] = 10.0
    """Answers of theirs that this expectation is worth."""
    updates: Updates = "soft"
    """What it learns from: soft, from each settled label, by its probability; gold, from gold items alone."""
    forgetting: Annotated[float, Field(gt=0, le=1)] = 1.0
    """What an answer is still worth each time that another of the same person is counted; 1 forgets nothing."""
    correlation: dict[str, Share] = Field(default_factory=dict, exclude_if=not_)
    """Groups whose members err together, such as language models of one make, and how far right answers of two correlate: of
    n votes of a group each is worth 1 / (1 + (n - 1) correlation)."""

    def belief(self, classes: Sequence[Label]) -> Reliability:
        """Return the belief that knows of nobody yet."""
        right, wrong = self.prior * self.strength, (1 - self.prior) * self.strength
        kinship = Kinship(self.correlation, None, len(classes)) if self.correlation else None
        return Reliability(classes, Records(right, wrong, self.forgetting, len(classes)), self.updates, kinship)

    def groups(self) -> list[str]:
        """Return the groups of the correlations."""
        return [*self.correlation]


class AccuracyChoice(Choice):
    """A choice between sources of accuracies, where a number is one for all."""

    def make(self, value: object, base: type[Component], trust: Trust) -> Component:
        """Return the component of a table, a name, or a number."""
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return super().make({"kind": Common.kind, "accuracy": value} if is_number else value, base, trust)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        number = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}
        return {"anyOf": [number, *super().__get_pydantic_json_schema__(schema, handler)["anyOf"]]}


AnyAccuracy = Annotated[Accuracy, AccuracyChoice("source of accuracies", Common, Known, Learnt)]


def reliability_in(crowd: Crowd) -> Reliability:
    """Return what weighs votes in a crowd.

    Raises:
        TypeError: the crowd was made for another policy.
    """
    if not isinstance(crowd.belief, Reliability):
        raise TypeError(f"a policy that weighs votes got a crowd whose belief is {crowd.belief!r}")
    return crowd.belief
