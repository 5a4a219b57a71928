"""Constant: one and the same answer to everything."""

from typing import Annotated, ClassVar

from pydantic import Field

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise


class Constant(Noise):
    """Gives one answer to everything: the uniform spammer (Vuurens, de Vries and Eickhoff, 2011)."""

    kind: ClassVar[str] = "constant"

    label: Annotated[int, Field(ge=0)] = 0
    """Index of the answer, in the order of the classes."""

    def check(self, classes: int) -> None:
        """Refuse a class that the data do not have."""
        if self.label >= classes:
            raise ValueError(f"label is {self.label}, but the classes are 0 to {classes - 1}")

    def chances(self, case: Case) -> Chances:
        """Return 1 for the answer, and 0 for all else."""
        return [float(label == self.label) for label in range(case.classes)]
