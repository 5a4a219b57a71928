"""A mind: what one person holds of the items that they have answered."""

from collections.abc import Sequence

from agents.annotator.answering import Answering
from agents.annotator.case import Case
from agents.annotator.experience import Moment
from agents.annotator.saying import Said
from agents.annotator.social import Position
from agents.messages import Item, Label, View, Voice


class Mind:
    """Remembers positions, and reconsiders them.

    Of people who do not react to others nothing need be remembered: they say what they said.

    Args:
        answering: how the person answers.
        classes: the classes, in the order of their indices.
    """

    def __init__(self, answering: Answering, classes: Sequence[Label]) -> None:
        self._answering = answering
        self._company = answering.company
        self._index = {label: index for index, label in enumerate(classes)}
        self._held: dict[Item, tuple[Position, Position]] = {}

    @property
    def effort(self) -> float:
        """Time that reconsidering takes, as a multiple of the time of an answer."""
        social = self._company.social
        return 1.0 if social is None else social.effort

    def answer(self, said: Said, case: Case, moment: Moment | None, view: View | None) -> Said:
        """Return what they say who have come to an answer, and perhaps were shown another before; they remember what they hold."""
        if self._company.social is None or said.label is None:
            return said
        if view is not None and view[3]:
            label = self._company.anchored(said.label, self._index[view[3][0][1]], case)
            if label != said.label:
                # What they would have said of an answer of their own does not go with another's.
                said = Said(label, confidence=said.confidence)
        position = self._answering.position(said, case, moment)
        assert position is not None
        self._held[case.item] = (position, position)
        return said

    def reconsider(self, case: Case, view: View) -> Position:
        """Return what they hold having been shown what others hold."""
        turn, reasons, own, voices = view
        if self._company.social is None:
            assert own is not None, "somebody is to reconsider who has said nothing"
            return self._position(own, False)
        first, held = self._held.get(case.item) or self._as_said(own)
        others = [self._position(voice, reasons) for voice in voices]
        position = self._company.reconsider(held, first, others, case, turn)
        self._held[case.item] = (first, position)
        return position

    def _as_said(self, own: Voice | None) -> tuple[Position, Position]:
        """Return what they must hold of whom only is known what they said."""
        assert own is not None, "somebody is to reconsider who has said nothing"
        position = self._position(own, False)
        return position, position

    def _position(self, voice: Voice, reasons: bool) -> Position:
        _, label, confidence, chances, weight = voice
        return Position(self._index[label], chances, confidence, weight=weight, reasons=reasons)
