"""The learner of a scenario: `[learner]`, and the committee that it may call on."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, model_validator

from agents.component import within
from agents.estimator import Estimator
from agents.estimators.calibrated import Calibrated
from agents.estimators.choice import AnyEstimator
from agents.estimators.linear import LogisticRegression
from agents.lessons.choice import AnyLesson
from agents.lessons.plain import Labels
from agents.messages import Label
from agents.training import Way, obstacle
from bus.duration import Duration
from bus.table import Table, nearest
from scenarios.errors import BadInput, listed
from scenarios.world import World


class MembersTable(Table):
    """`[[learner.committee]]`: members of a committee, each of them an agent that trains models of its own."""

    count: Annotated[int, Field(ge=1, le=1000)] = 1
    """How many members of this kind there are."""
    estimator: AnyEstimator | None = None
    """The classifier; left out, the learner's."""
    train_time: Duration | None = None
    """Simulated time that a training takes; left out, as long as the learner's."""
    bag: bool = True
    """Whether each trains on a bag of the labels of its own, or all on all of them."""
    knows: Annotated[tuple[Label, ...], Field(min_length=1)] | None = None
    """The classes that they learn; left out, all."""


class LearnerTable(Table):
    """`[learner]`: what is trained, and when. Left out, the campaign has no model."""

    estimator: AnyEstimator = LogisticRegression()
    """The classifier."""
    lesson: AnyLesson = Labels()
    """What labels, and the answers that they rest on, are to it."""
    training: Way = "anew"
    """How a version is trained: from nothing, from where the version before it ended, or on what is new alone."""
    retrain_every: Annotated[int, Field(ge=1)] = 10
    """Newly resolved labels between trainings."""
    train_time: Duration = 0.0
    """Simulated time that a training takes."""
    committee: tuple[MembersTable, ...] = ()
    """Members of a committee, whose mean is the model; left out, the learner trains a model of its own."""
    patience: Annotated[Duration, Field(gt=0)] | None = None
    """Time for which a committee's members are waited for; who is slower has no vote in that version. Left out, for ever."""

    @model_validator(mode="after")
    def _waits_for_somebody(self) -> "LearnerTable":
        if self.patience is not None and not self.committee:
            raise ValueError("learner.patience is for the members of a committee, but there is none; add [[learner.committee]]")
        return self

    @model_validator(mode="after")
    def _can_learn(self) -> "LearnerTable":
        lesson = repr(self.lesson.kind or type(self.lesson).__name__)
        for where, estimator in self.estimators.items():
            self._check_lesson(lesson, where, estimator)
        if self.training != "anew" and self.committee:
            raise ValueError(f"learner.training is {self.training!r}, but members of a committee train anew; leave it out")
        if (why := obstacle(self.estimator, self.training)) is not None:
            raise ValueError(f"learner.training is {self.training!r}, but learner.estimator {self.estimator.name!r} {why}")
        if self.training == "incremental" and not self.lesson.lasts:
            raise ValueError(
                f"learner.training is 'incremental', but with learner.lesson {lesson} each label changes what the others teach, "
                "and what was learned cannot be unlearned"
            )
        return self

    def _check_lesson(self, lesson: str, where: str, estimator: Estimator) -> None:
        if self.lesson.weighs and not estimator.weighs:
            raise ValueError(f"learner.lesson {lesson} weighs its examples, and {where} {estimator.name!r} takes no sample_weight")
        if self.lesson.repeats and any(isinstance(each, Calibrated) for each in within(estimator)):
            raise ValueError(
                f"learner.lesson {lesson} teaches an item several times, so that 'calibrated' in {where} would judge a "
                "classifier by items that it was trained on; take another lesson, or another estimator"
            )

    @property
    def estimators(self) -> dict[str, Estimator]:
        """The estimators that are trained, by where in a scenario they stand."""
        if not self.committee:
            return {"learner.estimator": self.estimator}
        tables = enumerate(self.committee)
        return {f"learner.committee.{place}.estimator": table.estimator or self.estimator for place, table in tables}

    @property
    def members(self) -> list[MembersTable]:
        """The members of the committee, one by one, with what is left out filled in."""
        return [
            table.model_copy(
                update={
                    "count": 1,
                    "estimator": table.estimator or self.estimator,
                    "train_time": self.train_time if table.train_time is None else table.train_time,
                }
            )
            for table in self.committee
            for _ in range(table.count)
        ]

    @property
    def member_names(self) -> list[str]:
        """The names of the committee's members as agents, such as "learner-1"."""
        return [f"learner-{number}" for number in range(1, sum(table.count for table in self.committee) + 1)]


def refuse_unknown_classes(learner: LearnerTable | None, classes: Sequence[Label]) -> None:
    """Refuse members who know classes that the data do not have.

    Raises:
        BadInput: there are such members.
    """
    for place, table in enumerate(learner.committee if learner is not None else ()):
        for label in table.knows or ():
            if label not in classes:
                hint = nearest(str(label), listed([str(each) for each in classes]))
                raise BadInput(f"learner.committee.{place}.knows: the data have no class {label!r}; {hint}")


def refuse_unlearnable(learner: LearnerTable | None, world: World) -> None:
    """Refuse estimators that cannot be trained on such features.

    Raises:
        BadInput: there is such an estimator.
    """
    features = world.items.features
    if learner is None or features is None:
        return
    for where, estimator in learner.estimators.items():
        if (why := estimator.lacks(features)) is not None:
            raise BadInput(f"{where} {estimator.name!r} {why}")
