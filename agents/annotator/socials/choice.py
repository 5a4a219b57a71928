"""The kinds of social conduct that there are."""

from typing import Annotated

from agents.annotator.people import PeopleChoice
from agents.annotator.social import Social
from agents.annotator.socials.argument import Argument
from agents.annotator.socials.bounded_confidence import BoundedConfidence
from agents.annotator.socials.conformity import Conformity
from agents.annotator.socials.debate import Debate

SOCIALS = PeopleChoice("social", Conformity, BoundedConfidence, Argument, Debate)
AnySocial = Annotated[Social, SOCIALS]
