"""What the answers say of an item's class, if its hardness is hidden as well."""

import numpy as np
from scipy.special import logsumexp

from agents.annotator.calibration.concord import states
from agents.annotator.calibration.hardness import Effect
from agents.inference.answers import AnswerTable, Floats


def log_evidence(table: AnswerTable, base: Floats, spread: Floats, effect: Effect) -> Floats:
    """Return the log probability of each item's answers, by its true class (nats); shape (items, classes).

    It is the mean over the item's ease and distractor: where people err together, many of them are no proof.

    Args:
        table: the answers.
        base, spread: everybody's; shapes (people, classes, classes) and (people, classes).
        effect: the item effect.
    """
    persons, labels = table.pairs
    found = np.full((len(table.items), len(table.classes)), -np.inf)
    for truth in range(len(table.classes)):
        told, shares = list[Floats](), list[float]()
        for state in states(base[:, truth], truth, spread[:, truth], effect):
            told.append(np.log(np.maximum(state.answer[persons, labels], 1e-12)))
            shares.append(state.share)
        spoken = np.stack(told, axis=1)
        for rows, block in table.blocks:
            found[rows, truth] = logsumexp(block @ spoken + np.log(shares), axis=1)
    return found
