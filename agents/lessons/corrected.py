"""Noise-aware learning: the classifier and the confusion matrices of people are learned together."""

from typing import Annotated, ClassVar

import numpy as np
from pydantic import Field

from agents.inference.answers import AnswerTable, Floats
from agents.inference.ascent import logarithm
from agents.inference.dawid_skene import Confusions
from agents.inference.inference import clamp, vote_shares
from agents.lesson import Examples, Guess, Known, Lesson, spread

DOUBT = 0.01
"""How far a model is not believed: it may be sure of what it has not seen, and no answer could say otherwise."""

STEPS = 10
"""Steps of expectation-maximisation for each time that models are trained, which costs far more."""


class Corrected(Lesson):
    """Soft labels by people's confusion matrices and the model itself, learned together (Raykar et al., 2010).

    Expectation-maximisation: a class is as probable as the model says of its item, times how probable people's answers then are;
    from these probabilities come the next model and the next confusion matrices. Other than in the paper, a model that was trained
    on the other items judges an item, unless `folds` is 1: one that has learned the labels by heart would repeat them.
    """

    kind: ClassVar[str] = "corrected"

    rounds: Annotated[int, Field(ge=1, le=100)] = 2
    """How often models are trained to judge the items."""
    folds: Annotated[int, Field(ge=1, le=100)] = 4
    """Parts of the items, each of which hears what a model says that was trained on the others; 1 for one model, trained on all."""
    smoothing: Annotated[float, Field(ge=0)] = 1.0
    """Pseudo-answers of each label in each row of everybody's confusion matrix."""
    trust: Annotated[float, Field(ge=0)] = 1.0
    """Pseudo-answers more that are right, in each row."""

    @property
    def lasts(self) -> bool:
        """False: everything hangs together."""
        return False

    def examples(self, known: Known, guess: Guess) -> Examples:
        """Return the classes of each item, in their order, weighing their posterior probabilities."""
        table = known.answers
        posterior = vote_shares(table)
        for _ in range(self.rounds):
            said = self._heard(known, spread(known, posterior), guess)
            for _ in range(STEPS):
                posterior = self._judge(table, posterior, (1 - DOUBT) * said + DOUBT / said.shape[1])
        return spread(known, posterior)

    def _heard(self, known: Known, examples: Examples, guess: Guess) -> Floats:
        """Return what models say of the items; shape (items, classes)."""
        folds = min(self.folds, len(known.rows))
        if folds == 1:
            return guess(examples, known.rows)
        said = np.empty((len(known.rows), len(known.answers.classes)))
        fold = np.arange(len(known.rows)) % folds
        for each in range(folds):
            said[fold == each] = guess(examples.at(np.isin(examples.rows, known.rows[fold != each])), known.rows[fold == each])
        return said

    def _judge(self, table: AnswerTable, posterior: Floats, said: Floats) -> Floats:
        """Return the posteriors by the confusion matrices that follow from the last ones, and what the model says."""
        spoken = Confusions(table, self.smoothing, self.trust, 0.0).fit(table.to_pairs(posterior)).spoken
        joint = table.to_items(logarithm(spoken)) + np.log(said)
        joint -= joint.max(axis=1, keepdims=True)
        np.exp(joint, out=joint)
        joint /= joint.sum(axis=1, keepdims=True)
        return clamp(joint, table)
