"""The noises there are."""

from typing import Annotated

from agents.annotator.noise import Noise
from agents.annotator.noises.ability_difficulty import AbilityDifficulty
from agents.annotator.noises.adversarial import Adversarial
from agents.annotator.noises.boundary import Boundary
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.constant import Constant
from agents.annotator.noises.dirichlet_confusion import DirichletConfusion
from agents.annotator.noises.first_option import FirstOption
from agents.annotator.noises.guess import Guess
from agents.annotator.noises.hammer_spammer import HammerSpammer
from agents.annotator.noises.item_effect import ItemEffect
from agents.annotator.noises.mixture import Mixture
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.noises.recorded import Recorded
from agents.annotator.noises.regions import Regions
from agents.annotator.noises.seeming import Seeming
from agents.annotator.noises.topics import Topics
from agents.annotator.people import PeopleChoice

NOISES = PeopleChoice(
    "noise",
    OneCoin,
    Confusion,
    DirichletConfusion,
    AbilityDifficulty,
    HammerSpammer,
    Guess,
    Constant,
    FirstOption,
    Adversarial,
    Seeming,
    Boundary,
    Regions,
    Topics,
    ItemEffect,
    Mixture,
    Recorded,
)
AnyNoise = Annotated[Noise, NOISES]
