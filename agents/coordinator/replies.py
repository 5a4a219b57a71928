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

Reply = AnswerSubmitted | AbstentionSubmitted | TaskDeclined | TaskReturned | TaskUnderWay
"""What an annotator says of a task."""
REPLIES = (AnswerSubmitted, AbstentionSubmitted, TaskDeclined, TaskReturned, TaskUnderWay)
PAID = (AnswerSubmitted, AbstentionSubmitted)
"""What is paid for."""

Word = AnnotatorCame | AnnotatorLeft
"""What annotators say of their being there."""
WORDS = (AnnotatorCame, AnnotatorLeft)
