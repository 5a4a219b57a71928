"""Kinship: groups whose members err together, so that many votes of them tell little more than a few."""

import math
from collections.abc import Callable, Iterable, Mapping


class Kinship:
    """Weighs the votes of each such group together.

    Where the accuracy p of a group is given, its votes are a draw of Polya's urn (the Dirichlet-multinomial distribution: Mosimann,
    1962), in which the right answers of two members correlate by rho: n votes for one of K classes count
    log G(p s + n) - log G(p s) - log G(q s + n) + log G(q s), where s = (1 - rho) / rho, q = (1 - p) / (K - 1), and G is the gamma
    function. Where it is not, each vote counts as much as that of its annotator alone, divided by 1 + (n - 1) rho for n votes of
    the group, as if there were so many fewer of them (the design effect: Kish, 1965).

    Args:
        correlation: rho of each group, above 0 and below 1.
        accuracy: p of each group, if they are given.
        classes: number of classes.
    """

    def __init__(self, correlation: Mapping[str, float], accuracy: Mapping[str, float] | None, classes: int) -> None:
        self._correlation, self._accuracy = correlation, accuracy
        self._classes = classes
        self._told: dict[tuple[str, int], float] = {}

    def scores(self, voters: Iterable[tuple[str, int]], weight: Callable[[str], float]) -> list[float]:
        """Return the log-likelihood of each class, but for a constant (nats).

        Args:
            voters: who voted, and for which class, by its index.
            weight: returns what somebody's vote tells by itself.
        """
        scores = [0.0] * self._classes
        votes: dict[str, list[int]] = {}
        weights: dict[str, list[float]] = {}
        for annotator, place in voters:
            group = annotator.rpartition("-")[0]
            if group not in self._correlation:
                scores[place] += weight(annotator)
                continue
            votes.setdefault(group, [0] * self._classes)[place] += 1
            if self._accuracy is None:
                weights.setdefault(group, [0.0] * self._classes)[place] += weight(annotator)
        for group, counts in votes.items():
            each = (
                [self._tell(group, count) for count in counts] if self._accuracy else self._discount(group, counts, weights[group])
            )
            scores = [score + more for score, more in zip(scores, each, strict=True)]
        return scores

    def _discount(self, group: str, counts: list[int], weights: list[float]) -> list[float]:
        effect = 1 + (sum(counts) - 1) * self._correlation[group]
        return [each / effect for each in weights]

    def _tell(self, group: str, count: int) -> float:
        """Return what so many votes of a group for a class tell."""
        told = self._told.get((group, count))
        if told is None:
            assert self._accuracy is not None
            accuracy, correlation = self._accuracy[group], self._correlation[group]
            strength = (1 - correlation) / correlation
            right, wrong = accuracy * strength, (1 - accuracy) / max(self._classes - 1, 1) * strength
            told = math.lgamma(right + count) - math.lgamma(right) - math.lgamma(wrong + count) + math.lgamma(wrong)
            self._told[group, count] = told
        return told
