"""A mind: what one person holds of the items that they have answered."""

from collections.abc import Sequence
from typing import NamedTuple

from agents.annotator.answering import Answering
from agents.annotator.case import Case
from agents.annotator.experience import Moment
from agents.annotator.saying import Said
from agents.annotator.social import Position
from agents.messages import Item, Label, View, Voice


class Held(NamedTuple):
    """What somebody holds of an item: at first, now, and what they said last."""

    first: Position
    now: Position
    said: Said


class Mind:
    """Remembers positions, and reconsiders them.

    Of people who do not react to others nothing need be remembered: they say what they said.

    Args:
        answering: how the person answers.
        classes: the classes, in the order of their indices.
    """

    def __init__(self, answering: Answering, classes: Sequence[Label]) -> None:
        self._answering = answering
        self._company, self._social = answering.company, answering.company.social
        self._index = {label: index for index, label in enumerate(classes)}
        self._held: dict[Item, Held] = {}

    @property
    def is_set(self) -> bool:
        """Whether nothing that others hold matters to them."""
        return self._social is None

    @property
    def effort(self) -> float:
        """Time that reconsidering takes, as a multiple of the time of an answer."""
        return 1.0 if self._social is None else self._social.effort

    def held(self, item: Item) -> Held | None:
        """Return what they hold of an item; None if they never gave it a label, or what others hold does not matter to them."""
        return self._held.get(item)

    def answer(self, said: Said, case: Case, moment: Moment | None, view: View | None) -> Said:
        """Return what they say who have come to an answer, and perhaps were shown another before; they remember what they hold.

        Args:
            said: what they would say by themselves.
            case: the item, and what is true of it.
            moment: how they stood when they began; needed where they change.
            view: what they were shown; None for nothing.
        """
        if self._social is None or said.label is None:
            return said
        if view is not None and view[3]:
            said = said.relabelled(self._company.anchored(said.label, self._index[view[3][0][1]], case))
        position = self._answering.position(said, case, moment)
        assert position is not None
        self._held[case.item] = Held(position, position, said)
        return said

    def reconsider(self, case: Case, view: View) -> Said:
        """Return what they say having been shown what others hold: a label, and how sure they are, if they have said so before.

        Nobody abstains or declines then, and nobody ranks the classes anew: those who could not tell are in no talk.

        Args:
            case: the item, and what is true of it.
            view: what they are shown.
        """
        turn, reasons, own, voices = view
        first, held, last = self._held.get(case.item) or self._as_said(own)
        if self._social is None:
            return last
        others = [self._position(voice, reasons) for voice in voices]
        position = self._company.reconsider(held, first, others, case, turn)
        said = last
        # Who has not moved says what they said.
        if position != held:
            told = self._social.said(position, first, case)
            said = Said(
                told.label,
                confidence=None if last.confidence is None else told.confidence,
                chances=None if last.chances is None else told.chances,
            )
        self._held[case.item] = Held(first, position, said)
        return said

    def _as_said(self, own: Voice | None) -> Held:
        """Return what they must hold of whom only is known what they said."""
        assert own is not None, "somebody is to reconsider who has said nothing"
        position = self._position(own, False)
        return Held(position, position, Said(position.label, confidence=position.confidence, chances=position.chances))

    def _position(self, voice: Voice, reasons: bool) -> Position:
        _, label, confidence, chances, weight = voice
        return Position(self._index[label], chances, confidence, weight=weight, reasons=reasons)
