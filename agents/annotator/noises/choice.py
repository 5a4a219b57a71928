"""The noises there are."""

from typing import Annotated

from agents.annotator.noise import Noise
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.noises.recorded import Recorded
from agents.annotator.people import PeopleChoice

NOISES = PeopleChoice("noise", OneCoin, Confusion, Recorded)
AnyNoise = Annotated[Noise, NOISES]
