"""The default method: models of different freedom, weighed by what they make of the answers, without the truth."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import Field

from agents.inference.answers import AnswerTable, Floats
from agents.inference.dawid_skene import DawidSkene
from agents.inference.dispute import Dispute, dispute
from agents.inference.hierarchical import HierarchicalDawidSkene, Hierarchy
from agents.inference.inference import Inference, Inferred


@dataclass(frozen=True, eq=False)
class Chosen(Inferred):
    """What `Auto` finds.

    Attributes:
        chosen: name of the model that has half of the say.
        weights: say of each model; it sums to 1.
        evidence: log probability per answer (nats) of the models that have one, as far as a lower bound tells.
        note: a sentence that says why.
        dispute: what skill says of the items about which the models with one kind of items and with two differ most; None where
            they do not differ, or where this is no question.
    """

    chosen: str = ""
    weights: tuple[tuple[str, float], ...] = ()
    evidence: tuple[tuple[str, float], ...] = ()
    note: str = ""
    dispute: Dispute | None = None


class Auto(Inference):
    """Dawid-Skene models of different freedom, chosen by what they make of the answers, without the truth."""

    kind: ClassVar[str] = "auto"
    smoothing: float = Field(0.1, gt=0, allow_inf_nan=False)
    """Pseudo-answers of each label, and as many more of the right one, in the plain model, which has a say in every result."""
    plenty: float = Field(5.0, gt=0, allow_inf_nan=False)
    """Answers per person and class from which on the plain model has its whole say; below, as much less."""
    gain: float = Field(0.01, ge=0, allow_inf_nan=False)
    """Evidence per answer (nats) by which items of two kinds must explain the answers better than items of one."""
    agreement: float = Field(0.9, ge=0, le=1)
    """Share of items on which items of two kinds must come to the same from two starts; below it they are ambiguous, and out."""
    drift: float = Field(0.5, gt=0, allow_inf_nan=False)
    """How far the shares of the classes may stray from those of the votes (nats, Kullback and Leibler): a model in which classes
    that people vote for vanish has renamed them."""
    learning: int = Field(25, ge=1)
    """Iterations at most in which each model learns its priors: few, as what comes late is what the models have wrong."""
    odds: float = Field(10.0, ge=1, allow_inf_nan=False)
    """Bayes factor from which it is items of two kinds whose side the skilled people take where models differ: these have most of
    the say then, whatever evidence and two starts say."""
    at_issue: float = Field(0.25, ge=0, le=1)
    """Largest share of items about which models may differ so, as skill is measured on the others."""
    own: float = Field(0.5, ge=0, le=1)
    """How often, next to the label that the crowd gives most, it must give each class its own: below it the model has renamed
    the class."""

    def infer(self, table: AnswerTable, start: Floats | None = None) -> Chosen:
        """Return the mean of the models' posteriors, confusion matrices and priors, by their weights.

        The models: Dawid-Skene with pseudo-counts (plain); the same with priors learnt from the crowd (hierarchical); and that
        with two kinds of items in each class (two-kinds), from the start and from where the second ended, and from there with a
        prior that trusts everybody as well. A model that has renamed classes is out, as is the last where its first two ends
        differ. The chosen one has half of the say or more and the others share the rest: evidence guides well and proves
        nothing, as none of the models is true of real crowds.

        Where two modes explain the answers about as well and name some items differently, as correlated answers make it happen,
        evidence does not decide, and skill may: see `dispute`.
        """
        plain = DawidSkene(smoothing=self.smoothing, trust=self.smoothing).infer(table, start)
        single = HierarchicalDawidSkene(learning=self.learning).infer(table, start)
        limit = max(self.drift, _strayed(plain) + 0.1)
        if self._renamed(single, limit):
            return _mixed([("plain", plain, 1.0)], [single], "the priors learnt from the crowd rename classes")
        double = HierarchicalDawidSkene(kinds=2, learning=self.learning)
        ends = [double.infer(table, start), double.infer(table, single.posterior)]
        standing = HierarchicalDawidSkene(kinds=2, learning=0, most=40).infer(table, single.posterior)
        cells = np.count_nonzero(table.answers_of_person) * len(table.classes)
        say = 0.5 * min(1.0, len(table) / max(cells * self.plenty, 1.0))
        one_kind = [("plain", plain, say), ("hierarchical", single, 1.0 - say)]
        rival, differ = self._rival(single, [ends[0], standing], limit)
        if rival:
            parts = [*_less(one_kind, 0.25), ("two-kinds", rival, 0.75)]
            others = [model for model in [*ends, standing] if model is not rival]
            return _mixed(parts, others, "where models differ, skilled people take the side of items of two kinds", differ)
        against = self._against(single, ends, limit)
        if against:
            return _mixed(one_kind, [*ends, standing], against, differ)
        parts = [*_less(one_kind, 0.5), ("two-kinds", ends[0], 0.25), ("two-kinds", ends[1], 0.25)]
        return _mixed(parts, [standing], "items of two kinds explain the answers better, from either start", differ)

    def _rival(self, single: Hierarchy, rivals: list[Hierarchy], limit: float) -> tuple[Hierarchy | None, Dispute | None]:
        """Return the first of the rivals whose side skilled people take, if any, and its dispute; or else the first dispute."""
        disputes = [dispute(single.table, single.posterior, rival.posterior) for rival in rivals]
        for rival, differ in zip(rivals, disputes, strict=True):
            settled = differ is not None and differ.share <= self.at_issue and differ.log_odds >= np.log(self.odds)
            if settled and not self._renamed(rival, limit):
                return rival, differ
        return None, disputes[0]

    def _against(self, single: Hierarchy, ends: list[Hierarchy], limit: float) -> str:
        """Return what speaks against items of two kinds; nothing, if nothing does."""
        table = single.table
        if min(end.evidence for end in ends) - single.evidence <= self.gain * len(table):
            return "items of two kinds explain the answers no better"
        if any(self._renamed(end, limit) for end in ends):
            return "items of two kinds rename classes"
        alike = np.minimum(ends[0].posterior, ends[1].posterior).sum(axis=1)[table.answers_of_item > 0]
        return "" if alike.mean() >= self.agreement else "items of two kinds are ambiguous: two starts come to different ends"

    def _renamed(self, found: Hierarchy, limit: float) -> bool:
        """Return whether a class vanishes, or one that the crowd as a whole calls otherwise has taken its place."""
        rows = (found.crowd / found.crowd.sum(axis=2, keepdims=True)).mean(axis=1)
        return _strayed(found) > limit or bool((np.diagonal(rows) < self.own * rows.max(axis=1, initial=0.0)).any())


def _strayed(found: Inferred) -> float:
    """Return how far the shares of the classes among items lie from those among answers (nats)."""
    table = found.table
    told = table.votes.sum(axis=0)
    given = told > 0
    share = told[given] / max(told.sum(), 1.0)
    items = found.posterior[table.answers_of_item > 0].mean(axis=0)[given] if len(table) else share
    return float((share * np.log(share / np.maximum(items, 1e-9))).sum())


def _less(parts: list[tuple[str, Inferred, float]], share: float) -> list[tuple[str, Inferred, float]]:
    """Return the parts with that share of their say."""
    return [(name, model, weight * share) for name, model, weight in parts]


def _mixed(parts: list[tuple[str, Inferred, float]], unused: list[Hierarchy], note: str, differ: Dispute | None = None) -> Chosen:
    """Return the mean of the parts; the last one's name is the choice."""
    weights = dict[str, float]()
    for name, _, weight in parts:
        weights[name] = weights.get(name, 0.0) + weight
    models = [model for _, model, _ in parts]
    seen = [model for model in [*models, *unused] if isinstance(model, Hierarchy)]
    evidence = dict[str, float]()
    for model in seen:
        name = "hierarchical" if model.crowd.shape[1] == 1 else "two-kinds"
        evidence[name] = max(evidence.get(name, -np.inf), model.evidence / max(len(model.table), 1))
    return Chosen(
        parts[0][1].table,
        np.asarray(sum(model.posterior * weight for _, model, weight in parts)),
        sum(model.iterations for model in [*models, *unused]),
        all(model.converged for model in models),
        (),
        np.asarray(sum(model.confusion * weight for _, model, weight in parts if model.confusion is not None)),
        np.asarray(sum(model.prior * weight for _, model, weight in parts if model.prior is not None)),
        parts[-1][0],
        tuple(weights.items()),
        tuple(evidence.items()),
        note,
        differ,
    )
