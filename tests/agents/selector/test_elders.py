"""What modAL, ALiPy, scikit-activeml, libact and small-text choose, recorded: Parley chooses the same, where they are right.

`elders/` holds the problems, their choices where these are determined, and what they do where they are wrong; all made by
`python -m benchmarks.contenders.record_choices`, which says how.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from agents.selector.strategies.committee import KLDivergence
from agents.selector.strategies.k_center import KCenter
from agents.selector.strategies.quire import Quire
from agents.selector.strategies.uncertainty import Entropy
from agents.selector.strategy import Strategy
from agents.selector.view import view_of
from benchmarks.contenders.record_choices import PICKED
from benchmarks.contenders.selection_side import OURS, strategy_for, view_for
from tests.agents.selector.pools import committee, view

FOLDER = Path(__file__).parent / "elders"
CHOICES = json.loads((FOLDER / "choices.json").read_text(encoding="utf-8"))
DEFECTS = json.loads((FOLDER / "defects.json").read_text(encoding="utf-8"))
QUIRE = Quire(gamma=1.0)


@pytest.fixture(scope="module")
def problems():
    """The problems, by name; where items lie nowhere, their only feature is their row."""
    found = {}
    with np.load(FOLDER / "problems.npz") as file:
        for path in file.files:
            name, column = path.split("/")
            found.setdefault(name, {})[column] = file[path]
    for problem in found.values():
        problem.setdefault("features", np.arange(len(problem["labels"]), dtype=np.float64).reshape(-1, 1))
    return found


def named(case):
    return f"{case['query']}-{case['elder']}-{case['problem']}"


@pytest.mark.parametrize("case", CHOICES, ids=named)
def test_parley_chooses_what_an_elder_chooses(case, problems):
    problem = problems[case["problem"]]
    drawn = rows_of(strategy_for(case["query"], problem), view_for(problem), len(case["rows"]))
    assert (drawn if case["query"] in PICKED else sorted(drawn)) == case["rows"]


def test_each_elder_and_each_query_is_among_what_is_recorded():
    assert {case["elder"] for case in CHOICES} == {"modAL", "ALiPy", "scikit-activeml", "libact", "small-text"}
    assert {case["query"] for case in CHOICES} == {*OURS} - {"graph-density"}


def rows_of(strategy: Strategy, pool, count):
    return [pool.items.row(item) for item in strategy.select(pool, count).ids]


def lying(case, features=None):
    """Return a view of the items of a defect, where they lie and with the labels they have."""
    places = np.array(case["features"]) if features is None else features
    return view_of(places, labels=case["labels"])


def test_where_a_class_has_no_probability_libact_takes_nan_for_the_most_and_parley_does_not():
    case = DEFECTS["impossible"]
    assert case["chosen"] == [0]
    assert rows_of(Entropy(), view(np.array(case["probabilities"])), 1) == [1]


def test_alipy_writes_into_the_probabilities_and_parley_leaves_them():
    case = DEFECTS["overwritten"]
    assert case["afterwards"] != case["probabilities"]
    table = np.array(case["probabilities"])
    rows_of(Entropy(), view(table), 1)
    assert table.tolist() == case["probabilities"]


def test_scikit_activeml_writes_into_the_members_probabilities_and_parley_leaves_them():
    case = DEFECTS["overwritten_members"]
    assert case["afterwards"] != case["members"]
    tables = np.array(case["members"])
    rows_of(KLDivergence(), committee(tables), 1)
    assert tables.tolist() == case["members"]


def test_asked_for_three_alipys_quire_gives_one_and_parleys_three():
    case = DEFECTS["one_of_three"]
    assert len(case["chosen"]) == 1
    assert len(set(rows_of(QUIRE, lying(case), case["asked"]))) == case["asked"]


def test_alipy_and_libact_do_not_choose_what_quires_formula_says_and_parley_does():
    case = DEFECTS["no_outer_product"]
    by_formula = min(losses(case), key=losses(case).get)
    assert case["chosen"]["ALiPy"] == case["chosen"]["libact"] != [by_formula]
    assert rows_of(QUIRE, lying(case), 1) == [by_formula]


def losses(case):
    """Return what is lost at worst by each item without a label, by its row: y' L y, the other labels being the best, and free."""
    places, labels = np.array(case["features"]), np.array(case["labels"])
    gaps = ((places[:, None] - places) ** 2).sum(axis=2)
    form = np.linalg.inv(np.exp(-gaps) + np.eye(len(places)))
    known = np.flatnonzero(labels >= 0)
    found = {}
    for row in np.flatnonzero(labels < 0).tolist():
        bound = np.append(known, row)
        free = np.setdiff1d(np.arange(len(places)), bound)
        cross = form[np.ix_(bound, free)]
        left = form[np.ix_(bound, bound)] - cross @ np.linalg.solve(form[np.ix_(free, free)], cross.T)
        signs = (np.append(np.where(labels[known] > 0, 1.0, -1.0), sign) for sign in (-1.0, 1.0))
        found[row] = max(float(each @ left @ each) for each in signs)
    return found


def test_small_text_mixes_up_rows_of_its_core_set_and_parley_covers_better():
    case = DEFECTS["mixed_rows"]
    drawn = rows_of(KCenter(), lying(case), len(case["chosen"]))
    assert radius(case, drawn) < radius(case, case["chosen"])


def radius(case, chosen):
    """Return how far the farthest item is from all that are labelled or chosen."""
    places = np.array(case["features"])
    centres = [*np.flatnonzero(np.array(case["labels"]) >= 0).tolist(), *chosen]
    return np.linalg.norm(places[:, None] - places[centres], axis=2).min(axis=1).max()


class FirstAndThird(Strategy):
    """A strategy of one's own that likes the third best, and then the first."""

    def scores(self, view):
        return np.array([1.0, 0.0, 2.0])


def test_a_strategy_that_gives_two_items_loses_one_with_modal_and_none_with_parley():
    case = DEFECTS["lost_query"]
    assert case["chosen"] == case["returned"][:1]
    assert rows_of(FirstAndThird(), view(np.full((3, 2), 0.5)), 2) == case["returned"]


def test_scikit_activeml_refuses_sparse_features_and_parley_chooses_of_them_what_it_does_of_dense_ones():
    case = DEFECTS["no_sparse"]
    assert case["error"] == "TypeError"
    sparse = csr_array(np.array(case["features"]))
    assert rows_of(KCenter(), lying(case, sparse), 6) == rows_of(KCenter(), lying(case), 6) == case["chosen"]
