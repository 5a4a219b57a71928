"""Whole scenarios, drawn of all that bears on which items are asked for: strategies within strategies, learners, stop rules."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.scenarios.test_faults import availabilities, crashes, golds, lengths, maybe, rates, strikes, times

Drawn = st.SearchStrategy[Any]

EMBEDDED = "embedded.npz"
ALIKE = "alike.csv"
TEXTS = "texts.csv"
NOWHERE = "nowhere.csv"
FAR = "far.csv"

WORDS = ["the", "a", "returns", "raises", "list", "of", "array", "shape", "number", "none", "sum", "file", "path", "reads"]


def write_data(folder: Path) -> Path:
    """Write the files that scenarios name, and return their folder: few words, items at the same place or far off, embeddings."""
    luck = np.random.Generator(np.random.PCG64(7))
    with (folder / TEXTS).open("w") as file:
        print("text,truth", file=file)
        for row in range(60):
            word = "rare" if row in (40, 57) else ("one", "other")[row % 2]
            said = [WORDS[(3 * int(place) + row % 2) % len(WORDS)] for place in luck.integers(0, 6, size=row % 5)]
            print(f"{' '.join(said)} {word * (row % 3 == 0)},{word}", file=file)
    with (folder / ALIKE).open("w") as file:
        print("x,y,truth", file=file)
        for row in range(30):
            # The last class stands at the end only, and at the place of another.
            print(f"{row % 3},{-(row % 2)},{'late' if row > 26 else 'abc'[row % 3]}", file=file)
    for name, size in ((NOWHERE, 0.0), (FAR, 1e40)):
        places = luck.normal(size=(24, 2)) * size
        lines = (f"{x!r},{y!r},{'ab'[row % 2]}" for row, (x, y) in enumerate(places.tolist()))
        (folder / name).write_text("\n".join(["x,y,truth", *lines]))
    truth = np.arange(40) % 3
    np.savez(
        folder / EMBEDDED,
        truth=truth,
        features=luck.normal(size=(40, 3)) + truth[:, None],
        embeddings=np.float32(luck.normal(size=(40, 5)) + 2 * np.eye(5)[truth]),
    )
    return folder


@st.composite
def sources(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a small pool; of those with few items, or none held out, some are refused."""
    classes = draw(st.integers(2, 5))
    weights = draw(st.none() | st.just([9.0, *[1.0] * (classes - 1)]))
    items = draw(st.integers(2, 5) | st.integers(6, 16) | st.integers(6, 60))
    made = {"source": "synthetic", "items": items, "classes": classes, "features": draw(st.integers(2, 4))}
    made["separation"] = draw(st.sampled_from([0, 1, 30]))
    if weights is not None:
        made["class_weights"] = weights
    files: list[dict[str, Any]] = [
        {"source": "csv", "path": TEXTS, "truth": "truth", "text": "text"},
        {"source": "csv", "path": TEXTS, "truth": "truth", "text": "text", "text_features": "characters"},
        {"source": "csv", "path": ALIKE, "truth": "truth"},
        {"source": "csv", "path": NOWHERE, "truth": "truth"},
        {"source": "csv", "path": FAR, "truth": "truth"},
        {"source": "npz", "path": EMBEDDED},
        {"source": "npz", "path": EMBEDDED, "embeddings": {}},
    ]
    rare: list[dict[str, Any]] = [
        {"source": "iris", "keep": {"setosa": 0.2, "virginica": 0.04, "versicolor": 0.1}},
        {"source": "docstrings", "items": 60, "keep": {"scipy": 0.05}},
        {**files[0], "keep": {"one": 0.2}},
        {**files[2], "keep": {"late": 0.01, "a": 0.1}},
    ]
    data = draw(st.one_of(st.just(made), st.just(made), st.sampled_from(files), st.sampled_from(rare)))
    return {**data, "seed_labels": draw(st.integers(0, min(6, items // 4))), "test_fraction": draw(st.sampled_from([0.3, 0.5]))}


# Learners

GAUSSIAN = {"kind": "naive-bayes", "distribution": "gaussian"}
ESTIMATORS: list[Any] = [
    "logistic-regression",
    {"kind": "logistic-regression", "max_iter": 2},
    {"kind": "sgd", "epochs": 5},
    "linear-svm",
    GAUSSIAN,
    {"kind": "naive-bayes", "distribution": "bernoulli"},
    {"kind": "k-nearest", "neighbours": 3},
    {"kind": "pipeline", "steps": [{"kind": "standardise", "centre": False}], "of": "logistic-regression"},
]
FORESTS: list[Any] = [
    {"kind": "random-forest", "trees": 3, "max_depth": 2},
    {"kind": "committee", "members": ["logistic-regression", {"kind": "k-nearest", "neighbours": 1}]},
    {"kind": "committee", "members": ["logistic-regression"], "count": 3, "bag": True},
    {"kind": "pipeline", "steps": [{"kind": "standardise", "centre": False}], "of": {"kind": "random-forest", "trees": 2}},
]
CALIBRATED: list[Any] = [
    {"kind": "calibrated", "of": of, "folds": folds, "method": method}
    for of in ("linear-svm", "logistic-regression", GAUSSIAN)
    for folds, method in ((2, "sigmoid"), (5, "isotonic"), (3, "temperature"))
]
LASTING: list[Any] = ["labels", "votes", {"kind": "votes", "weigh": "answer"}]
LESSONS: list[Any] = [
    *LASTING,
    "soft",
    {"kind": "soft", "method": "dawid-skene"},
    {"kind": "corrected", "rounds": 2, "folds": 2},
]


@st.composite
def learners(draw: st.DrawFn, sparse: bool) -> dict[str, Any]:
    """Draw a learner: alone, or one that calls on a committee."""
    learner: dict[str, Any] = {"retrain_every": draw(st.integers(1, 5)), "train_time": draw(st.sampled_from([0, 0, 15, 200]))}
    able = [each for each in ESTIMATORS if not sparse or each != GAUSSIAN]
    lone = [each for each in CALIBRATED if not sparse or each["of"] != GAUSSIAN]
    learner["estimator"] = draw(st.sampled_from(able) | st.sampled_from(FORESTS) | st.sampled_from(lone))
    kind = draw(st.sampled_from(["alone", "alone", "warm-start", "incremental", "committee"]))
    if kind == "committee":
        table = st.fixed_dictionaries(
            {"count": st.integers(1, 2), "bag": st.booleans()},
            optional={"estimator": st.sampled_from([*able, FORESTS[0]]), "train_time": st.sampled_from([0, 40])},
        )
        learner["committee"] = draw(st.lists(table, min_size=1, max_size=2))
        if draw(st.booleans()):
            learner["patience"] = draw(st.sampled_from([1, 20, 100]))
    elif kind != "alone":
        going_on = [ESTIMATORS[2], ESTIMATORS[5]] if kind == "incremental" else [ESTIMATORS[0], ESTIMATORS[2]]
        learner |= {"training": kind, "estimator": draw(st.sampled_from(going_on))}
    if draw(st.booleans()):
        lessons = LASTING[:1] if learner["estimator"] in CALIBRATED else LASTING if kind == "incremental" else LESSONS
        weighing = learner["estimator"] not in (ESTIMATORS[6], FORESTS[1]) and kind != "committee"
        learner["lesson"] = draw(st.sampled_from(lessons if weighing else LASTING[:2]))
    return learner


def member_count(learner: dict[str, Any]) -> int:
    """Return how many members the committee of a learner has."""
    return sum(table["count"] for table in learner.get("committee", ()))


# Strategies

MODEL: list[Any] = [
    "least-confident",
    "margin",
    "entropy",
    {"kind": "certainty"},
    {"kind": "expected-error-reduction", "candidates": 2, "others": 5},
    {"kind": "expected-error-reduction", "loss": "zero-one", "candidates": 3, "others": 6},
    {"kind": "variance-reduction", "candidates": 5, "others": 6, "dimensions": 3},
    "expected-model-change",
    "badge",
]
PLAIN: list[Any] = [
    "random",
    "in-order",
    {"kind": "quire", "kernel": "linear"},
    "quire",
    {"kind": "hierarchical", "leaves": 8},
    {"kind": "hierarchical", "linkage": "average", "dimensions": 2},
    {"kind": "dwus", "clusters": 4},
    "k-center",
    {"kind": "k-center", "metric": "cosine"},
    "k-means",
    {"kind": "k-means", "of": "random", "beyond": 2},
    {"kind": "typiclust", "neighbours": 3},
    {"kind": "typiclust", "most_clusters": 2, "metric": "cosine"},
    "prob-cover",
    {"kind": "prob-cover", "radius": 0.5},
    {"kind": "graph-density", "neighbours": 3},
]
MEMBERS: list[Any] = [
    "vote-entropy",
    "consensus-entropy",
    "kl-divergence",
    {"kind": "kl-divergence", "over": "max"},
    "variation-ratios",
    "mean-deviation",
    "bald",
    {"kind": "batch-bald", "candidates": 5, "states": 4},
]
SCALES = st.sampled_from(["none", "range", "rank"])


def table(kind: str, dials: dict[str, Drawn], optional: dict[str, Drawn] | None = None) -> Drawn:
    return st.fixed_dictionaries({"kind": st.just(kind), **dials}, optional=optional or {})


def combined(part: Drawn, learns: bool) -> Drawn:
    """Draw a strategy that is made of others."""
    parts = st.lists(part, min_size=1, max_size=3)
    signed = st.sampled_from([[1.0, -0.5, 2.0], [0.0, 1.0, 1.0], None])

    def weighed(kind: str, name: str, scaled: bool) -> Drawn:
        drawn = table(kind, {"parts": parts, name: signed}, {"scale": SCALES} if scaled else {})
        return drawn.map(lambda made: {**made, name: made[name] and made[name][: len(made["parts"])]})

    whole = [
        weighed("weighted-sum", "weights", True),
        weighed("product", "exponents", True),
        weighed("rank-product", "exponents", False),
        table("then-by", {"first": part, "then": part}, {"step": st.sampled_from([0.0, 0.1, 2.0])}),
        table("subsample", {"of": part}, {"number": st.integers(1, 8)}),
        table("subsample", {"of": part, "share": st.sampled_from([0.01, 0.5, 1.0])}),
        table("filter", {"by": part, "then": part, "best": st.integers(1, 9)}),
        table("epsilon", {"of": part, "share": st.sampled_from([0.0, 0.3, 1.0])}),
        table("cost-aware", {"of": part, "refit": st.integers(1, 4)}, {"scale": SCALES, "seconds_weight": st.just(0)}),
        table("information-density", {"of": part}, {"beta": st.sampled_from([0, 2]), "sample": st.integers(1, 9)}),
        table("ranked-batch", {"of": part}, {"scale": SCALES}),
        table("k-means", {"of": part, "beyond": st.sampled_from([1, 3])}),
    ]
    if learns:
        whole.append(table("class-balanced", {"of": part}))
    return st.one_of(whole)


def strategies(leaves: list[Any], learns: bool, depth: int = 3) -> Drawn:
    """Draw a strategy, of parts of parts of parts at most."""
    drawn: Drawn = st.sampled_from(leaves)
    for _ in range(depth - 1):
        drawn = st.sampled_from(leaves) | combined(drawn, learns)
    return drawn


def leaves_for(learner: dict[str, Any] | None) -> list[Any]:
    """Return strategies that a learner can serve."""
    if learner is None:
        return PLAIN
    committee, estimator = "committee" in learner, learner["estimator"]
    voting = committee or estimator in FORESTS
    deciding = not committee and estimator in (*ESTIMATORS[:4], ESTIMATORS[7])
    return [*PLAIN, *MODEL, *(MEMBERS * 2 if voting else ()), *(["distance-to-boundary"] if deciding else ())]


RULES = ["borda", "median-rank", "reciprocal-rank", "approval", "kemeny", "auction", {"kind": "albl", "horizon": 20}]
RELABELS: list[Any] = ["fixed", "label-uncertainty", "model-uncertainty", "label-and-model", "activelab"]
STOPPING: list[Any] = [
    {"kind": "kappa", "threshold": 0.6, "patience": 1, "stop_set": 5},
    {"kind": "kappa", "threshold": 0.9, "patience": 2},
    {"kind": "classification-change", "threshold": 0.1},
    {"kind": "overall-uncertainty", "threshold": 0.5, "least_labels": 3},
    {"kind": "f1-delta", "threshold": 0.2, "patience": 1, "stop_set": 2},
    {"kind": "max-confidence", "threshold": 0.8, "patience": 2},
]


@st.composite
def selectors(draw: st.DrawFn, learner: dict[str, Any] | None, people: int) -> dict[str, Any]:
    """Draw how items are chosen."""
    leaves = leaves_for(learner)
    strategy = draw(strategies(leaves, learner is not None))
    if draw(st.integers(0, 3)) == 0:
        members = draw(st.lists(strategies(leaves, learner is not None, 2), min_size=1, max_size=3))
        rule = draw(st.sampled_from(RULES if learner else RULES[:5]))
        strategy = {"kind": "council", "members": members, "rule": rule, "nominations": draw(st.integers(1, 5))}
    pendings: list[Any] = ["ignore", "local-penalisation", {"kind": "local-penalisation", "metric": "cosine"}]
    # Where both train models of their own, a campaign takes long.
    if learner is not None and "committee" not in learner and "expected-error-reduction" not in json.dumps(strategy):
        pendings += ["kriging-believer", {"kind": "kriging-believer", "refit": 3}]
        pendings += [{"kind": "constant-liar", "lie": lie, "refit": 2} for lie in ("most-frequent", "least-frequent", "uniform")]
    selector = {"strategy": strategy, "in_flight": draw(st.integers(1, 20) | st.just(500)), "barrier": draw(st.booleans())}
    selector["pending"] = draw(st.just("ignore") | st.sampled_from(pendings))
    if people > 1 and draw(st.integers(0, 3)) == 0:
        kinds = RELABELS if learner is not None else RELABELS[:2]
        selector["relabel"] = {"kind": draw(st.sampled_from(kinds)), "share": draw(st.sampled_from([0.0, 0.4, 1.0, "free"]))}
    return selector


# People, and what goes wrong

SHY = {"kind": "tests.scenarios.shy.Shy", "share": 0.4}


@st.composite
def policies(draw: st.DrawFn, people: int) -> dict[str, Any]:
    """Draw how labels are reached: of one answer each, mostly, so that campaigns stay small."""
    size = draw(st.integers(1, min(people, 2)))
    return draw(
        st.sampled_from(
            [
                {"kind": "majority", "size": size},
                {"kind": "majority", "size": people, "early": True},
                {"kind": "sequential", "most": people, "at_once": size},
                {"kind": "sequential", "until": {"kind": "lead", "by": 2}, "most": people},
                {"kind": "truth-inference", "size": size, "margin": 0.0},
                {"kind": "truth-inference", "size": 1, "most": people, "confidence": 0.9, "following": {"kind": "refit"}},
                {"kind": "negotiation", "of": "w", "size": people, "rounds": 2},
            ]
        )
    )


@st.composite
def faults(draw: st.DrawFn, names: list[str], services: list[str]) -> dict[str, Any]:
    """Draw what goes wrong; agents that are no people come back."""
    table: dict[str, Any] = {"retry": draw(lengths), "tries": draw(st.integers(1, 5)), "delay_time": draw(lengths)}
    for rate in ("drop", "duplicate", "delay", "reorder"):
        table[rate] = draw(rates)
    table["messages"] = draw(strikes(names, services))
    table["crashes"] = draw(crashes([*names, *services]))
    return table


def seats(learner: dict[str, Any] | None, selector: dict[str, Any]) -> list[str]:
    """Return the names of some agents that sit in a committee or a council."""
    strategy = selector["strategy"]
    kinds = strategy["members"] if isinstance(strategy, dict) and strategy["kind"] == "council" else []
    names = [each if isinstance(each, str) else each["kind"] for each in kinds]
    # Of a kind that sits there twice, the second has another name.
    council = [f"selector-{name}" for name in dict.fromkeys(names) if names.count(name) == 1]
    return [*council, *(f"learner-{number}" for number in range(1, member_count(learner or {}) + 1))]


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the tables of a whole scenario; some do not fit each other, and are to be refused."""
    people = draw(st.integers(1, 4))
    data = draw(sources())
    learner = draw(learners("text" in data or data["source"] == "docstrings")) if draw(st.integers(0, 5)) else None
    selector = draw(selectors(learner, people))
    gold = draw(golds().filter(lambda each: each["test"]["kind"] != "beta")) if draw(st.integers(0, 4)) == 0 else None
    lease = draw(maybe(st.sampled_from([15, 40, 200])))
    coordination = {"policy": draw(policies(people)), "lease": lease, "gold": gold, "pay_cancelled": draw(st.booleans())}
    stop: dict[str, Any] = {
        "labels": draw(maybe(st.integers(1, 25))),
        "budget": draw(maybe(st.sampled_from([0.5, 2.0, 5.0]))),
        "time": draw(maybe(times.filter(bool))),
    }
    if learner is not None and draw(st.booleans()):
        stop["rules"] = draw(st.lists(st.sampled_from(STOPPING), min_size=1, max_size=3, unique_by=json.dumps))
        stop["act"] = draw(st.booleans())
    if gold is not None:
        data["gold_labels"] = 2
    worker = {
        "name": "w",
        "count": people,
        "latency": draw(st.sampled_from([{"kind": "fixed", "time": 10}, {"kind": "exponential", "mean": 30}])),
        "price": draw(st.sampled_from([0.0, 0.1, {"kind": "uniform", "low": 0.05, "high": 0.3}])),
        "availability": draw(st.just([]) | availabilities(lease is not None)) if draw(st.booleans()) else [],
        "noise": draw(st.sampled_from([*({"kind": "one-coin", "accuracy": right} for right in (0.5, 0.8, 1.0)), SHY])),
    }
    services = ["selector", "coordinator", "evaluator", *(["learner"] if learner else []), *seats(learner, selector)]
    drawn = {
        "name": "everything",
        "seed": draw(st.integers(0, 99)),
        "data": data,
        "learner": learner,
        "selector": selector,
        "annotators": [worker],
        "coordination": coordination,
        "stop": stop,
        "faults": draw(faults([f"w-{number}" for number in range(1, people + 1)], services)) if draw(st.booleans()) else None,
    }
    return told(drawn)


def told(tables: dict[str, Any]) -> dict[str, Any]:
    """Return tables without what is left out, None."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without(each) for key, each in value.items() if each is not None}
        return [*map(without, value)] if isinstance(value, list) else value

    found: dict[str, Any] = without(tables)
    return found
