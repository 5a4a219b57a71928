"""The lessons there are, by the names that a scenario calls them."""

from typing import Annotated

from agents.component import Choice
from agents.lesson import Lesson
from agents.lessons.corrected import Corrected
from agents.lessons.plain import Labels, Votes
from agents.lessons.soft import Soft

KINDS = (Labels, Votes, Soft, Corrected)

AnyLesson = Annotated[Lesson, Choice("lesson", *KINDS)]
