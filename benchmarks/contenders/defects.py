"""What elders do where they are wrong: `python -m benchmarks.contenders.defects`, in their environment, prints it as JSON.

Each case is something that is given, and what came of it; `benchmarks/contenders/record_choices.py` keeps it among the tests' data.
"""

import json
import warnings
from importlib.metadata import version
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from skactiveml.pool import average_kl_divergence

from benchmarks.contenders import activeml_side, alipy_side, libact_side, modal_side, smalltext_side

Case = dict[str, Any]

NUMBERED = np.arange(3.0).reshape(-1, 1)


def impossible() -> Case:
    """libact: the entropy of an item of which a class has probability 0 is NaN, and the first such item is taken."""
    table = np.array([[0.9, 0.1, 0.0], [0.4, 0.3, 0.3], [0.6, 0.3, 0.1]])
    columns = {"probabilities": table, "features": NUMBERED, "labels": np.full(3, -1)}
    chosen = libact_side.by_probabilities("entropy", columns, 1)()
    return {"probabilities": table.tolist(), "chosen": [int(row) for row in chosen]}


def overwritten() -> Case:
    """ALiPy: entropy writes into the caller's probabilities, which are not 0 any more."""
    table = np.array([[0.9, 0.1, 0.0], [0.4, 0.3, 0.3], [0.6, 0.3, 0.1]])
    given = table.tolist()
    alipy_side.alipy.QueryInstanceUncertainty(measure="entropy").select_by_prediction_mat(np.arange(3), table, batch_size=1)
    return {"probabilities": given, "afterwards": table.tolist()}


def overwritten_members() -> Case:
    """scikit-activeml: the mean divergence writes into the members' probabilities."""
    members = np.array([[[1.0, 0.0], [0.6, 0.4]], [[0.8, 0.2], [0.0, 1.0]]])
    given = members.tolist()
    average_kl_divergence(members)
    return {"members": given, "afterwards": members.tolist()}


def one_of_three() -> Case:
    """ALiPy: QUIRE is asked for three items, and gives one."""
    columns = lying(5)
    return places_of(columns) | {"asked": 3, "chosen": [int(row) for row in alipy_side.by_quire(columns, 3)()]}


def no_outer_product() -> Case:
    """ALiPy and libact: QUIRE takes an inner product of a vector with itself for the outer one, and so chooses another item."""
    columns = lying(5)
    theirs = {"ALiPy": alipy_side.by_quire(columns, 1)(), "libact": libact_side.by_quire(columns, 1)()}
    return places_of(columns) | {"chosen": {elder: [int(row) for row in rows] for elder, rows in theirs.items()}}


def mixed_rows() -> Case:
    """small-text: greedy k-center takes the places of its picks among the unlabelled for places among all."""
    columns = lying(20)
    return places_of(columns) | {"chosen": [int(row) for row in smalltext_side.by_cover(columns, 6)()]}


def lost_query() -> Case:
    """modAL: of a strategy that returns two items, the second is taken for the metric of the first."""
    learner = modal_side.ActiveLearner(modal_side.LookedUp(np.full((3, 2), 0.5)), query_strategy=lambda *_: np.array([2, 0]))
    chosen = learner.query(NUMBERED)[0]
    return {"returned": [2, 0], "chosen": np.atleast_1d(chosen).ravel().astype(int).tolist()}


def no_sparse() -> Case:
    """scikit-activeml: features that are sparse are refused."""
    columns = lying(20)
    dense = [int(row) for row in activeml_side.by_place(activeml_side.CoreSet(random_state=0), columns, 6)()]
    try:
        activeml_side.by_place(activeml_side.CoreSet(random_state=0), columns | {"features": csr_matrix(columns["features"])}, 6)()
    except TypeError as error:
        return places_of(columns) | {"chosen": dense, "error": type(error).__name__}
    raise SystemExit("scikit-activeml takes sparse features by now")


def lying(labelled: int) -> dict[str, Any]:
    """Return forty items in three dimensions, of which the first few have a label."""
    row = np.arange(40)
    # Any numbers will do that are the same everywhere.
    features = np.stack([np.sin(1.7 * row), np.cos(2.9 * row), np.sin(0.6 * row**2)], axis=1).round(3)
    return {"features": features, "labels": np.where(row % 7 < 1 + labelled // 10, row % 2, -1)}


def places_of(columns: dict[str, Any]) -> Case:
    """Return where items lie, and which labels they have."""
    return {"features": columns["features"].tolist(), "labels": columns["labels"].tolist()}


CASES = (impossible, overwritten, overwritten_members, one_of_three, no_outer_product, mixed_rows, lost_query, no_sparse)
DISTRIBUTIONS = ("modAL-python", "alipy", "scikit-activeml", "libact", "small-text")

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    found = {"versions": {name: version(name) for name in DISTRIBUTIONS}} | {case.__name__: case() for case in CASES}
    lines = (f"{json.dumps(name)}: {json.dumps(case)}" for name, case in found.items())
    print("{\n" + ",\n".join(lines) + "\n}")
