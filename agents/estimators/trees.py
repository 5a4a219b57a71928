"""Ensembles of decision trees."""

from typing import Annotated, Any, ClassVar

from pydantic import Field
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier

from agents.estimator import Estimator


class RandomForest(Estimator):
    """A random forest (Breiman, 2001; scikit-learn); its trees are a committee."""

    kind: ClassVar[str] = "random-forest"

    trees: Annotated[int, Field(ge=1)] = 100
    """Trees in the forest."""
    max_depth: Annotated[int, Field(ge=1)] | None = None
    """Depth of a tree at most; left out, no limit."""
    min_leaf: Annotated[int, Field(ge=1)] = 1
    """Labels in a leaf at least."""

    @property
    def votes(self) -> bool | None:
        """True: its trees are the members."""
        return True

    def build(self, random_state: int) -> Any:
        """Return a new forest with this seed."""
        return RandomForestClassifier(
            self.trees, max_depth=self.max_depth, min_samples_leaf=self.min_leaf, random_state=random_state
        )


class GradientBoosting(Estimator):
    """Gradient-boosted trees (Friedman, 2001; scikit-learn), with exact splits: for hundreds of labels, not for millions."""

    kind: ClassVar[str] = "gradient-boosting"

    trees: Annotated[int, Field(ge=1)] = 100
    """Rounds of boosting, with a tree a class in each."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.1
    """How much of each tree counts."""
    max_depth: Annotated[int, Field(ge=1)] = 3
    """Depth of a tree at most."""

    def build(self, random_state: int) -> Any:
        """Return a new classifier with this seed."""
        return GradientBoostingClassifier(
            n_estimators=self.trees, learning_rate=self.learning_rate, max_depth=self.max_depth, random_state=random_state
        )
