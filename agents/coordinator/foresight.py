"""Foresight: what the newest model makes of an item, for policies that set it against what people say."""

from collections.abc import Mapping, Sequence

from agents.estimator import Model, ModelShelf
from agents.items import Items
from agents.messages import Item, Label


class Foresight:
    """Predictions of the newest model that was heard of.

    Args:
        items: the pool and its features.
        models: where published models are.
        classes: the classes, in the order of their indices.
    """

    def __init__(self, items: Items, models: ModelShelf, classes: Sequence[Label]) -> None:
        self._items, self._models, self._classes = items, models, tuple(classes)
        self._model: Model | None = None

    def hear(self, version: int) -> None:
        """Learn that a model was published; 0 for none."""
        if version:
            self._model = self._models.get(version)

    def of(self, item: Item) -> Mapping[Label, float] | None:
        """Return how probable each class is; None before there is a model."""
        if self._model is None:
            return None
        row = self._items.row(item)
        assert self._items.features is not None
        chances = self._model.probabilities(self._items.features[[row]])[0].tolist()
        return dict(zip(self._classes, chances, strict=True))
