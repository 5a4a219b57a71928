"""The changes there are."""

from typing import Annotated

from agents.annotator.change import Change
from agents.annotator.changes.drift import Drift
from agents.annotator.changes.fatigue import Fatigue
from agents.annotator.changes.learning import Learning
from agents.annotator.changes.mood import Mood
from agents.annotator.changes.practice import Practice
from agents.annotator.people import PeopleChoice

CHANGES = PeopleChoice("change", Practice, Fatigue, Learning, Drift, Mood)
AnyChange = Annotated[Change, CHANGES]
