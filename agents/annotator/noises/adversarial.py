"""Adversarial: people who know better, and say otherwise."""

from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise
from agents.annotator.noises.nested import AnyNoise
from agents.annotator.noises.one_coin import OneCoin


class Adversarial(Noise):
    """Says another class than the one they take to be true: the malicious annotator (Raykar and Yu, 2012), or one who misread.

    The confusion matrix is that of what they think, its columns exchanged; with two classes, its diagonal becomes the
    anti-diagonal. So these answers tell as much as honest ones, to whoever notices.
    """

    kind: ClassVar[str] = "adversarial"

    of: AnyNoise = OneCoin(accuracy=1.0)
    """What they think."""
    instead: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(min_length=1)] | None = None
    """What they say instead of each class, by index; left out, the next class, and the first instead of the last."""

    @field_validator("instead")
    @classmethod
    def _is_a_permutation(cls, instead: tuple[int, ...] | None) -> tuple[int, ...] | None:
        if instead is not None and sorted(instead) != [*range(len(instead))]:
            raise ValueError(f"each of the classes 0 to {len(instead) - 1} is said instead of one class")
        return instead

    def check(self, classes: int) -> None:
        """Refuse data with another number of classes."""
        super().check(classes)
        if self.instead is not None and len(self.instead) != classes:
            raise ValueError(f"instead is for {len(self.instead)} classes, but the data have {classes}")

    def chances(self, case: Case) -> Chances:
        """Return the chances of what they think, each at the class that they say instead."""
        thought, classes = self.of.chances(case), case.classes
        said = [0.0] * classes
        for label, chance in enumerate(thought):
            said[(label + 1) % classes if self.instead is None else self.instead[label]] = chance
        return said
