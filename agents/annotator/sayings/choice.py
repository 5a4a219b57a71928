"""The sayings there are."""

from typing import Annotated

from agents.annotator.people import PeopleChoice
from agents.annotator.saying import Saying
from agents.annotator.sayings.abstain import Abstain
from agents.annotator.sayings.confidence import Confidence
from agents.annotator.sayings.decline import Decline
from agents.annotator.sayings.label import JustLabel
from agents.annotator.sayings.ranking import Ranking
from agents.annotator.sayings.soft import SoftLabel

SAYINGS = PeopleChoice("saying", JustLabel, Confidence, SoftLabel, Ranking, Abstain, Decline)
AnySaying = Annotated[Saying, SAYINGS]
