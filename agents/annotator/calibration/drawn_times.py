"""Times drawn from fitted ones, many at once: what the latencies that were fitted would take."""

import numpy as np
from numpy.typing import NDArray

from agents.annotator.calibration.families import FittedFamily
from agents.annotator.calibration.mixed_times import MixedTimes

Indices = NDArray[np.intp]
Floats = NDArray[np.float64]


def draw_mixed(mixed: MixedTimes, person: Indices, item: Indices, rng: np.random.Generator) -> Floats:
    """Draw a time of each answer, in seconds, from the mixed model; items' effects are drawn anew.

    Args:
        mixed: the model.
        person, item: who answers, and what; shape (answers,).
        rng: the chance.
    """
    idle = rng.random(len(person)) < mixed.idle[person]
    normal = rng.standard_normal(len(person))
    effect = rng.normal(0.0, mixed.items, len(mixed.item))
    residual = np.where(idle, mixed.absence[person] + mixed.wander * normal, mixed.sigma[person] * normal)
    return np.asarray(np.exp(mixed.person[person] + effect[item] + residual))


def draw_family(family: FittedFamily, scale: Floats, rng: np.random.Generator) -> Floats:
    """Draw times of a gamma, log-logistic, Pareto or Weibull distribution.

    Args:
        family: the distribution, for a scale of 1.
        scale: what multiplies each time; shape (times,).
        rng: the chance.

    Raises:
        ValueError: it is of another family.
    """
    shape = family.parameters.get("shape", 1.0)
    if family.name == "gamma":
        return np.asarray(scale * family.parameters["mean"] / shape * rng.standard_gamma(shape, len(scale)))
    # An exponential draw is the log of one over a uniform one.
    hazard = rng.standard_exponential(len(scale))
    median = scale * family.parameters["median"]
    if family.name == "weibull":
        return np.asarray(median * (hazard / np.log(2)) ** (1 / shape))
    if family.name == "log-logistic":
        return np.asarray(median * np.expm1(hazard) ** (1 / shape))
    if family.name == "pareto":
        return np.asarray(median * np.expm1(hazard / shape) / np.expm1(np.log(2) / shape))
    raise ValueError(f"{family.name!r} is no family of which times are drawn")
