"""Any noise, as a dial of a noise."""

from typing import Annotated

from agents.annotator.nested import NestedChoice
from agents.annotator.noise import Noise

AnyNoise = Annotated[Noise, NestedChoice("noise", "agents.annotator.noises.choice", "NOISES")]
