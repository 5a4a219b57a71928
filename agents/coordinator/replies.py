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
from agents.negotiation import PositionStated, ProposalRefused, Proposed

Reply = AnswerSubmitted | PositionStated | AbstentionSubmitted | TaskDeclined | TaskReturned | TaskUnderWay
"""What an annotator says of a task."""
REPLIES = (AnswerSubmitted, PositionStated, AbstentionSubmitted, TaskDeclined, TaskReturned, TaskUnderWay)
PAID = (AnswerSubmitted, PositionStated, AbstentionSubmitted)
"""What is paid for."""

Bid = Proposed | ProposalRefused
"""What an annotator says to a call for proposals."""
BIDS = (Proposed, ProposalRefused)

Word = AnnotatorCame | AnnotatorLeft
"""What annotators say of their being there."""
WORDS = (AnnotatorCame, AnnotatorLeft)
