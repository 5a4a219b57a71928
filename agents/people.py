"""People, by their names, as a fold of events knows them."""

from typing import Any

from agents import messages as said
from agents.event import Event
from agents.person import Person

PEOPLE = (
    said.AnnotatorCame.kind, said.AnnotatorLeft.kind, said.AnnotatorAway.kind, said.AnnotatorBack.kind,
    said.AnnotatorQualified.kind, said.AnswerLate.kind,
)  # fmt: skip
"""The kinds of events that tell of people and nothing else."""


class People(dict[str, Person]):
    """All annotators of whom anything was heard."""

    def of(self, name: str) -> Person:
        """Return somebody, of whom nothing need have been heard before."""
        person = self.get(name)
        if person is None:
            person = self[name] = Person()
        return person

    def tell(self, event: Event, body: Any, is_over: bool) -> None:
        """Take in what is told of somebody.

        Args:
            event, body: the event.
            is_over: whether the campaign has ended: then it does not matter who comes and goes.
        """
        kind = event["kind"]
        if kind == said.AnswerLate.kind:
            self[body["annotator"]].late += 1
        elif kind == said.AnnotatorQualified.kind:
            self.of(body["annotator"]).verdict = "passed"
        elif kind in (said.AnnotatorAway.kind, said.AnnotatorBack.kind):
            self.of(body["annotator"]).away = kind == said.AnnotatorAway.kind
        elif is_over:
            return
        elif kind == said.AnnotatorCame.kind:
            self.of(event["from"]).stays.come(body["number"], event["t"])
        else:
            self.of(event["from"]).stays.leave(body["number"], event["t"], body["until"])
