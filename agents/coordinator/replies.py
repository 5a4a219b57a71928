"""What annotators say to the coordinator: of their tasks, and of themselves."""

from agents.messages import (
    AbstentionSubmitted,
    AnnotatorCame,
    AnnotatorLeft,
    AnswerSubmitted,
    TaskDeclined,
    TaskReturned,
    TaskUnderWay,
)
from agents.negotiation import PositionStated

Reply = AnswerSubmitted | PositionStated | AbstentionSubmitted | TaskDeclined | TaskReturned | TaskUnderWay
"""What an annotator says of a task."""
REPLIES = (AnswerSubmitted, PositionStated, AbstentionSubmitted, TaskDeclined, TaskReturned, TaskUnderWay)
PAID = (AnswerSubmitted, PositionStated, AbstentionSubmitted)
"""What is paid for."""

Word = AnnotatorCame | AnnotatorLeft
"""What annotators say of their being there."""
WORDS = (AnnotatorCame, AnnotatorLeft)
