"""The adviser: the part of the Selector that says when it is time to stop."""

from collections.abc import Mapping
from math import isfinite

from agents.component import Unusable
from agents.messages import ModelPublished, StoppingAdvised
from agents.selector.pool import Pool
from agents.selector.stopping.rule import StopRule
from agents.selector.stopping.sight import Predictions, Sight
from agents.selector.view import PoolViews
from bus.chance import Keyed
from bus.message import Envelope


class Watch:
    """A rule that has not fired yet, and what it goes by: the measures so far, and what the last version predicted."""

    def __init__(self, rule: StopRule) -> None:
        self._rule = rule
        self._measures: list[float | None] = []
        self._before: Predictions | None = None

    def look(self, sight: Sight) -> float | None:
        """Look at the next version, and return what it came to, if the rule fires; None if it does not."""
        measure = self._rule.measure(sight, self._before)
        self._before = self._rule.predictions(sight)
        # Of a model whose probabilities are no numbers, there is nothing to say.
        self._measures.append(measure if measure is not None and isfinite(measure) else None)
        return self._measures[-1] if self._rule.fires(self._measures, sight.labels) else None


class Adviser:
    """Looks at every version by every rule, and owes a word of each that fires: once in a campaign.

    Args:
        rules: the rules, by their names.
        act: whether the first that fires ends the campaign.
        pool: what is known of each item, up to date.
        views: the pool, by version of the model.
        luck: decides which items are in stop sets.
    """

    def __init__(self, rules: Mapping[str, StopRule], act: bool, pool: Pool, views: PoolViews, luck: Keyed) -> None:
        self.owed: dict[str, tuple[StoppingAdvised, Envelope]] = {}
        """What is to be said, by rule, and what it follows from."""
        self._watches = {name: Watch(rule) for name, rule in rules.items()}
        self._act, self._pool, self._views, self._luck = act, pool, views, luck
        self._said = False

    @property
    def is_over(self) -> bool:
        """Whether the campaign ends by what was said."""
        return self._act and self._said

    def note(self, envelope: Envelope) -> None:
        """Look at a version that is published, the pool being as it was then."""
        body = envelope.body
        if not isinstance(body, ModelPublished) or not self._watches or self.is_over:
            return
        try:
            view = self._views.at(body.version, self._pool)
        except KeyError:
            # Forgotten already: so many later ones were published at this very instant.
            return
        sight = Sight(view, body.labels, self._luck)
        for name, watch in [*self._watches.items()]:
            measure = _look(name, watch, sight)
            if measure is not None:
                del self._watches[name]
                advice = StoppingAdvised(rule=name, version=body.version, labels=body.labels, measure=float(measure))
                self.owed[name] = advice, envelope

    def recall(self, envelope: Envelope) -> None:
        """Learn what was said before a crash."""
        if isinstance(envelope.body, StoppingAdvised):
            self.said(envelope.body)

    def said(self, advice: StoppingAdvised) -> None:
        """Take note that a rule's word was said: it is said once."""
        self._said = True
        self.owed.pop(advice.rule, None)
        self._watches.pop(advice.rule, None)


def _look(name: str, watch: Watch, sight: Sight) -> float | None:
    try:
        return watch.look(sight)
    except Unusable as error:
        raise Unusable(f"stop.rules {name!r} {error}") from error
