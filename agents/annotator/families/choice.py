"""The families there are."""

from typing import Annotated

from agents.annotator.families.common_draw import CommonDraw
from agents.annotator.family import Family
from agents.annotator.people import PeopleChoice

FAMILIES = PeopleChoice("family", CommonDraw)
AnyFamily = Annotated[Family, FAMILIES]
