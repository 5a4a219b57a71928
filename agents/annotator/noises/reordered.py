"""Reordered: somebody whose noise counts the classes in another order than the data do."""

from agents.annotator.case import Case
from agents.annotator.noise import Chances, Noise
from bus.chance import Luck


class Reordered(Noise):
    """The noise of somebody who was fitted to the same classes in another order. It is made where that is so, and has no kind."""

    of: Noise
    """The noise."""
    place: tuple[int, ...]
    """Where each class of the data stands in its order."""

    def chances(self, case: Case) -> Chances:
        """Return the chances in the order of the data."""
        chances = self.of.chances(self._theirs(case))
        return [chances[place] for place in self.place]

    def answer(self, case: Case, luck: Luck) -> int | None:
        """Return the answer as the data count it."""
        answer = self.of.answer(self._theirs(case), luck)
        return None if answer is None else self.place.index(answer)

    def check(self, classes: int) -> None:
        """Refuse what the noise refuses."""
        self.of.check(classes)

    def _theirs(self, case: Case) -> Case:
        return case if case.truth < 0 else case._replace(truth=self.place[case.truth])
