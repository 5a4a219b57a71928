"""The changes there are."""

from typing import Annotated

from agents.annotator.change import Change
from agents.annotator.changes.practice import Practice
from agents.annotator.people import PeopleChoice

CHANGES = PeopleChoice("change", Practice)
AnyChange = Annotated[Change, CHANGES]
