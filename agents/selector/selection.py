"""A selection: what every strategy returns."""

from dataclasses import dataclass

from agents.messages import Item


@dataclass(frozen=True)
class Selection:
    """Items to be asked for, best first.

    Attributes:
        ids: the items.
        scores: by which they were chosen; what a score means is the strategy's.
        version: version of the model that chose them; 0 for none.
    """

    ids: tuple[Item, ...]
    scores: tuple[float, ...]
    version: int

    def __len__(self) -> int:
        return len(self.ids)
