"""Tests of skill: after each gold question, whether somebody has passed, has failed, or neither yet."""

import math
from abc import abstractmethod
from typing import Annotated, ClassVar, NamedTuple, Self

from pydantic import Field, model_validator

from agents.component import Choice, Component
from agents.messages import Verdict

Share = Annotated[float, Field(gt=0, lt=1)]
"""A probability that is neither 0 nor 1: its logarithm is finite."""

ErrorRate = Annotated[float, Field(gt=0, lt=0.5)]
"""The probability of a wrong verdict."""


class Tally(NamedTuple):
    """What somebody's answers to gold questions have come to.

    Attributes:
        asked: questions answered.
        right: those of them answered right.
        level: where a chart stands that looks at their order; 0 where a test looks at counts alone.
    """

    asked: int = 0
    right: int = 0
    level: float = 0.0


class SkillTest(Component):
    """Tells by answers to gold questions who is any good. It ends with its verdict: nobody is asked gold questions beyond it."""

    def after(self, tally: Tally, right: bool) -> Tally:
        """Return the tally after one more answer."""
        return Tally(tally.asked + 1, tally.right + right)

    @abstractmethod
    def verdict(self, tally: Tally) -> Verdict | None:
        """Return whether who has come to this has passed or failed; None for neither yet."""

    @property
    def length(self) -> int | None:
        """Questions that everybody has to answer before anything else; None if the test runs beside the work."""
        return None


class Sprt(SkillTest):
    """The sequential probability ratio test (Wald, 1945) of a good accuracy against a bad one."""

    kind: ClassVar[str] = "sprt"

    good: Share = 0.8
    """Accuracy at which somebody should pass."""
    bad: Share = 0.6
    """Accuracy at which somebody should fail."""
    false_alarm: ErrorRate = 0.05
    """Probability that somebody who is good fails."""
    miss: ErrorRate = 0.05
    """Probability that somebody who is bad passes."""

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        _check_order(self.bad, self.good)
        return self

    def verdict(self, tally: Tally) -> Verdict | None:
        """Return what the likelihood ratio of bad to good says.

        By Wald's bounds: they fail at (1 - miss) / false_alarm, and pass at miss / (1 - false_alarm).
        """
        right, wrong = likelihood_ratios(self.bad, self.good)
        ratio = tally.right * right + (tally.asked - tally.right) * wrong
        if ratio >= math.log((1 - self.miss) / self.false_alarm):
            return "failed"
        return "passed" if ratio <= math.log(self.miss / (1 - self.false_alarm)) else None


class Beta(SkillTest):
    """A Beta posterior of somebody's accuracy against a threshold: it ends when it is certain enough on which side they are."""

    kind: ClassVar[str] = "beta"

    threshold: Share = 0.6
    """Accuracy that somebody must have."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """Probability with which the accuracy must be below it to fail, or above it to pass."""
    a: Annotated[float, Field(gt=0, le=1e6)] = 1.0
    """Right answers that the prior is worth."""
    b: Annotated[float, Field(gt=0, le=1e6)] = 1.0
    """Wrong answers that the prior is worth."""

    @model_validator(mode="after")
    def _is_open_at_first(self) -> Self:
        if self.verdict(Tally()) is not None:
            raise ValueError(
                f"the prior, a = {self.a:g} and b = {self.b:g}, has made up its mind about threshold = {self.threshold:g} "
                f"with confidence = {self.confidence:g} before any question"
            )
        return self

    def verdict(self, tally: Tally) -> Verdict | None:
        """Return on which side of the threshold the accuracy is, if that is certain enough."""
        # SciPy takes longer to import than `parley state` to run, which looks at logs most of which hold no gold.
        from scipy.special import betainc

        below = float(betainc(self.a + tally.right, self.b + tally.asked - tally.right, self.threshold))
        if below >= self.confidence:
            return "failed"
        return "passed" if 1 - below >= self.confidence else None


class Cusum(SkillTest):
    """A cumulative sum of log-likelihood ratios that never falls below 0 (Page, 1954): it finds people who get worse.

    Nobody ever passes, so it never ends for those who are good.
    """

    kind: ClassVar[str] = "cusum"

    good: Share = 0.8
    """Accuracy of somebody who is in control."""
    bad: Share = 0.6
    """Accuracy of somebody who is to be found."""
    limit: Annotated[float, Field(gt=0, le=1e3)] = 3.0
    """Where the sum (nats) fails them: the higher, the fewer false alarms, and the later the true ones."""

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        _check_order(self.bad, self.good)
        return self

    def after(self, tally: Tally, right: bool) -> Tally:
        """Return the tally with the sum gone up by a wrong answer, or down by a right one."""
        step = likelihood_ratios(self.bad, self.good)[not right]
        return Tally(tally.asked + 1, tally.right + right, max(0.0, tally.level + step))

    def verdict(self, tally: Tally) -> Verdict | None:
        """Return whether the sum has reached its limit."""
        return "failed" if tally.level >= self.limit else None


class PassMark(SkillTest):
    """So many questions right of so many, before anything else: qualification."""

    kind: ClassVar[str] = "pass-mark"

    questions: Annotated[int, Field(ge=1)] = 10
    """Questions asked."""
    right: Annotated[int, Field(ge=1)] = 8
    """Right answers that are needed to pass."""
    early: bool = False
    """End as soon as the verdict cannot change any more."""

    @model_validator(mode="after")
    def _can_be_passed(self) -> Self:
        if self.right > self.questions:
            raise ValueError(f"nobody can have {self.right} right of {self.questions} questions; lower right, or raise questions")
        return self

    def verdict(self, tally: Tally) -> Verdict | None:
        """Return whether enough were right, once all were asked."""
        if tally.asked < self.questions and not self.early:
            return None
        if tally.right >= self.right:
            return "passed"
        return "failed" if tally.asked - tally.right > self.questions - self.right else None

    @property
    def length(self) -> int:
        """The questions."""
        return self.questions


AnySkillTest = Annotated[SkillTest, Choice("test of skill", Sprt, Beta, Cusum, PassMark)]


def likelihood_ratios(bad: float, good: float) -> tuple[float, float]:
    """Return the log-likelihood ratios (nats) of bad to good of a right answer, and of a wrong one."""
    return math.log(bad / good), math.log((1 - bad) / (1 - good))


def skill_of(right: int, asked: int, level: float = 0.95) -> tuple[float, float, float]:
    """Return somebody's accuracy as their answers speak for it, and the bounds between which it lies with that probability.

    The mean and the interval of the posterior under Jeffreys' prior (Brown, Cai and DasGupta, 2001).
    """
    from scipy.special import betaincinv  # late, as above

    a, b, tail = right + 0.5, asked - right + 0.5, (1 - level) / 2
    return a / (a + b), float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail))


def _check_order(bad: float, good: float) -> None:
    if bad >= good:
        raise ValueError(f"bad is {bad:g} and good is {good:g}, but bad must be below good")
