"""The vocabulary of a committee: learners that are members of one, and the Learner who calls on them."""

from bus.message import Message


class TrainingWanted(Message):
    """The Learner wants a member of its committee to train for that version, on the labels it knows of; to the member."""

    version: int


class MemberTrained(Message):
    """A member has trained for that version, on that many labels; to the Learner."""

    version: int
    labels: int
