"""The families there are."""

from typing import Annotated

from agents.annotator.families.beta_binomial import BetaBinomial
from agents.annotator.families.common_draw import CommonDraw
from agents.annotator.families.copycats import Copycats
from agents.annotator.family import Family
from agents.annotator.people import PeopleChoice

FAMILIES = PeopleChoice("family", CommonDraw, BetaBinomial, Copycats)
AnyFamily = Annotated[Family, FAMILIES]
