"""Working: what a task takes one person, and what comes of it."""

from bisect import bisect_right
from collections.abc import Sequence

from agents.annotator.answering import Answering
from agents.annotator.case import Case
from agents.annotator.experience import Experience, Moment
from agents.annotator.mind import Mind
from agents.messages import (
    AbstentionSubmitted,
    AnswerSubmitted,
    GoldAnswered,
    Label,
    TaskAssigned,
    TaskDeclined,
    TaskReminded,
    View,
)
from agents.negotiation import PositionStated
from bus.duration import LONGEST
from bus.message import Envelope

Work = AnswerSubmitted | PositionStated | AbstentionSubmitted
"""What somebody has worked for."""
Outcome = Work | TaskDeclined
Task = TaskAssigned | TaskReminded
TASKS = (TaskAssigned, TaskReminded)


class Working:
    """One person at work, who remembers what they have done, were told of it, and hold.

    Args:
        name: the person's name.
        answering: what they answer, and how long they take.
        classes: the classes, in the order of their indices.
    """

    def __init__(self, name: str, answering: Answering, classes: Sequence[Label]) -> None:
        self.mind = Mind(answering, classes)
        self._name, self._classes = name, tuple(classes)
        self.is_changing = answering.changing
        """Whether it matters how they stand when they begin."""
        self._reacts = not self.mind.is_set
        self._experience = Experience() if answering.changing else None
        # Bound once: a method that is looked up on an object each time costs as much as a call.
        self._seconds, self._answer = answering.seconds, answering.answer
        self._told: set[int] = set()
        # When they were told: a restart has to know what they did not know yet when they began.
        self._corrected: list[int] = []

    def moment(self, now: int) -> Moment | None:
        """Return how they stand who begin now; None where that makes no difference."""
        return None if self._experience is None else self._experience.at(now)

    def seconds(self, task: Task, case: Case, moment: Moment | None) -> float:
        """Return how long a task takes: to answer, or to reconsider."""
        seconds, view = self._seconds(case, moment), task.view
        return seconds if view is None or not view[0] else min(seconds * self.mind.effort, LONGEST)

    def outcome(self, task: Task, case: Case, moment: Moment | None, began: int, now: int) -> Outcome:
        """Return what comes of a task that is done now.

        Args:
            task: the task.
            case: its item, and what is true of it.
            moment: how they stood when they began; needed where they change.
            began: when that was, in microseconds.
            now: the instant, in microseconds.
        """
        view = task.view
        if view is not None and view[0]:
            return self._reconsidered(case, view, began, now)
        said, item, attempt, classes = self._answer(case, moment), case.item, case.attempt, self._classes
        if self._reacts:
            said = self.mind.answer(said, case, moment, view)
        if said.label is None and not said.abstains:
            return TaskDeclined(item=item, attempt=attempt)
        if self._experience is not None:
            self._experience.add(began, now)
        if said.label is None:
            return AbstentionSubmitted(item=item, attempt=attempt, began=began)
        label, ranking = classes[said.label], said.ranking
        if (said.confidence, said.chances, ranking) == (None, None, None):
            return AnswerSubmitted(item=item, attempt=attempt, label=label, began=began)
        return AnswerSubmitted(
            item=item,
            attempt=attempt,
            label=label,
            began=began,
            confidence=said.confidence,
            chances=said.chances,
            ranking=None if ranking is None else tuple(classes[each] for each in ranking),
        )

    def _reconsidered(self, case: Case, view: View, began: int, now: int) -> PositionStated:
        if self._experience is not None:
            self._experience.add(began, now)
        said = self.mind.reconsider(case, view)
        assert said.label is not None
        return PositionStated(
            item=case.item,
            attempt=case.attempt,
            turn=view[0],
            label=self._classes[said.label],
            began=began,
            confidence=said.confidence,
            chances=said.chances,
        )

    def hear(self, envelope: Envelope) -> None:
        """Hear how an answer to a gold question was, if it was theirs: once, even if it is said twice."""
        scored = envelope.body
        if isinstance(scored, GoldAnswered) and scored.annotator == self._name and envelope.seq not in self._told:
            assert self._experience is not None
            self._told.add(envelope.seq)
            self._corrected.append(envelope.time)
            self._experience.correct()

    def remember(self, task: Task, case: Case, said: Work, time: int) -> None:
        """Have done a task of before a restart.

        Args:
            task: the task.
            case: its item, and what is true of it.
            said: what came of it.
            time: when, in microseconds.
        """
        assert said.began is not None
        if self._reacts and isinstance(said, AnswerSubmitted):
            moment = self.moment(said.began)
            if moment is not None:
                moment = moment._replace(corrected=bisect_right(self._corrected, said.began))
            self.mind.answer(self._answer(case, moment), case, moment, task.view)
        elif self._reacts and isinstance(said, PositionStated):
            assert task.view is not None
            self.mind.reconsider(case, task.view)
        if self._experience is not None:
            self._experience.add(said.began, time)
