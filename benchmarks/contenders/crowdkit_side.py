"""crowd-kit as a contender: `python -m benchmarks.contenders.crowdkit_side`, in an environment that has it."""

import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from crowdkit import aggregation

from benchmarks.contenders.service import Columns, Outcome, Request, columns_of, serve


def load(path: Path) -> Columns:
    """Return the answers as the data frame that crowd-kit wants."""
    return {"frame": pd.DataFrame(columns_of(path))}


def infer(columns: Columns, request: Request) -> Outcome:
    """Fit a method with its dials, and return its labels, and its posterior or scores if it has them."""
    method = getattr(aggregation, request["method"])(**request["dials"])
    labels = method.fit_predict(columns["frame"])
    shares = next((getattr(method, name) for name in ("probas_", "scores_") if getattr(method, name, None) is not None), None)
    history = getattr(method, "loss_history_", None)
    iterations = None if history is None else len(history)
    if shares is None:
        return Outcome(labels.index, labels.to_numpy(), (), None, iterations)
    return Outcome(labels.index, labels.to_numpy(), shares.columns, shares.loc[labels.index].to_numpy(np.float64), iterations)


if __name__ == "__main__":
    # Deprecations in the versions it is used with, and logarithms of zero.
    warnings.simplefilter("ignore")
    serve(load, {"infer": infer}, {name: version(name) for name in ("crowd-kit", "pandas", "numpy")})
