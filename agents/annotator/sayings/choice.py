"""The sayings there are."""

from typing import Annotated

from agents.annotator.people import PeopleChoice
from agents.annotator.saying import Saying
from agents.annotator.sayings.label import JustLabel

SAYINGS = PeopleChoice("saying", JustLabel)
AnySaying = Annotated[Saying, SAYINGS]
