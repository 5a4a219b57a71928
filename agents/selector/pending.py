"""What is made of items that are under way when further ones are chosen."""

from abc import abstractmethod
from typing import ClassVar

from agents.component import Component
from agents.estimator import Estimator
from agents.selector.selection import Selection
from agents.selector.strategy import Strategy
from agents.selector.view import PoolView


class Pending(Component):
    """Selects by a strategy, knowing which items were asked for and have no label yet."""

    needs_model: ClassVar[bool] = False
    """Whether it goes by a model beside the strategy."""
    needs_training: ClassVar[bool] = False
    """Whether it trains models of its own, like the learner's."""
    needs_features: ClassVar[bool] = False
    """Whether it goes by where items lie."""

    def check(self, estimator: Estimator) -> None:
        """Raise ValueError if it cannot do its work with such a learner."""

    def bears_on(self, strategy: Strategy) -> bool:
        """Return whether it makes a difference to such a strategy: models that it trains make none to one that goes by no model."""
        return strategy.rests_on_model or not self.needs_training

    @abstractmethod
    def select(self, strategy: Strategy, view: PoolView, count: int) -> Selection:
        """Return the best `count` of the available items, or all that are left, best first."""
