"""Lessons that count: the labels as they are settled, or the answers."""

from typing import ClassVar, Literal

import numpy as np

from agents.lesson import Examples, Guess, Known, Lesson


class Labels(Lesson):
    """Each item once, with its settled label."""

    kind: ClassVar[str] = "labels"
    needs_answers: ClassVar[bool] = False
    repeats: ClassVar[bool] = False

    @property
    def weighs(self) -> bool:
        """False: all weigh the same."""
        return False

    def examples(self, known: Known, guess: Guess) -> Examples:
        """Return the labels."""
        return Examples(known.rows, known.labels)


class Votes(Lesson):
    """Each answer once, with what it says; an item without answers once, with its label."""

    kind: ClassVar[str] = "votes"

    weigh: Literal["item", "answer"] = "item"
    """What weighs the same: every item, however many answers it has, or every answer."""

    @property
    def weighs(self) -> bool:
        """Whether items weigh the same, and answers do not."""
        return self.weigh == "item"

    def examples(self, known: Known, guess: Guess) -> Examples:
        """Return the answers, item by item."""
        table = known.answers
        times = np.maximum(table.answers_of_item, 1)
        item = np.repeat(np.arange(len(known.rows)), times)
        labels = known.labels[item]
        labels[(table.answers_of_item > 0)[item]] = table.label
        return Examples(known.rows[item], labels, 1.0 / times[item] if self.weighs else None)
