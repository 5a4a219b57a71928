"""What the library's studies say, they do."""

import math
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest
from pydantic import ValidationError

from agents.selector.strategies.choice import KINDS, AnyStrategy
from agents.selector.strategy import Strategy
from scenarios.findings.names import names
from scenarios.findings.quantities import quantities, quantity
from scenarios.loading import LIBRARY, library, read_toml
from scenarios.run import prepare
from scenarios.selecting import needs_features, refuse_unfit
from scenarios.sources import BreastCancer, Digits, Docstrings, Iris, Synthetic, Wine
from scenarios.statistics.paired import paired
from scenarios.study.design import Design, read_design
from scenarios.study.execution import Execution
from scenarios.study.results import Results
from scenarios.study.study import Study
from tests.agents.samples import make

SHOOT_OUT = LIBRARY / "strategy-shoot-out.toml"
TEXT = SHOOT_OUT.read_text(encoding="utf-8")

STUDIES = [path for path in library() if path.suffix == ".toml" and "scenario" in read_toml(path)]


@pytest.fixture(scope="module")
def shoot_out() -> Design:
    return read_design(SHOOT_OUT)


def some(design: Design, *, seeds: int, **levels: list[Any]) -> Results:
    """Run those points of a study at which dials, by the last word of their paths, have one of some levels."""
    kept = tuple(
        point
        for point in design.points
        if all(value in levels.get(path.rpartition(".")[2], [value]) for path, value in point.settings.items())
    )
    share = design._replace(points=kept, file=design.file.model_copy(update={"seeds": seeds}))
    results = Study(share).run()
    assert not any(row["error"] for row in results.rows)
    return results


@pytest.mark.parametrize("path", STUDIES, ids=lambda path: path.stem)
def test_a_study_says_what_is_compared_with_what(path: Path) -> None:
    assert {"compare", "against"} <= read_toml(path).keys()


# Which strategy is worth its name?


def stands_alone(kind: type[Strategy]) -> bool:
    """Return whether a strategy can be had by its kind alone."""
    try:
        make(AnyStrategy, {"kind": kind.kind})
    except ValidationError:
        return False
    return True


def test_every_strategy_that_stands_alone_takes_part_or_is_named_as_left_out(shoot_out: Design) -> None:
    there = {level["kind"] for level in shoot_out.values("selector.strategy")}
    alone = {kind.kind for kind in KINDS if stands_alone(kind)}
    left_out = {str(kind.kind) for kind in KINDS} - there
    assert alone - there == {"distance-to-boundary"}
    head = TEXT.split("\nname = ")[0]
    assert all(name in head for name in left_out)


def test_all_data_that_are_on_every_machine_take_part(shoot_out: Design) -> None:
    there = {level["source"] for level in shoot_out.values("data")}
    assert there == {str(each.kind) for each in (Digits, BreastCancer, Wine, Iris, Docstrings, Synthetic)}


def test_what_the_shoot_out_varies_has_short_names(shoot_out: Design) -> None:
    called = names(Execution(shoot_out, {}).results())
    assert called.levels["data"] == ["digits", "breast-cancer", "wine", "iris", "docstrings", "synthetic"]
    assert called.compared == [level["kind"] for level in shoot_out.values("selector.strategy")]


def test_every_strategy_fits_all_data(shoot_out: Design) -> None:
    # A world is the same whoever chooses from it, and is built once for all of them.
    noise = "annotators.crowd.noise.accuracy"
    clean = [point for point in shoot_out.points if point.settings[noise] == 1.0]
    for data in shoot_out.values("data"):
        there = [point.scenario for point in clean if point.settings["data"] == data]
        looks = next(each for each in there if needs_features(each.selector.strategy, each.selector.pending))
        _, world, _ = prepare(looks, shoot_out.origin)
        assert len(world.items) >= 60
        for each in there:
            refuse_unfit(each.selector.strategy, each.selector.pending, world)


@pytest.mark.slow
def test_on_digits_typical_items_teach_most_margin_more_than_chance_and_far_ones_least_and_noise_takes_more(
    shoot_out: Design,
) -> None:
    digits = {"source": "digits", "seed_labels": 10}
    kinds = [{"kind": kind} for kind in ("random", "margin", "k-center", "typiclust")]
    clean = areas(some(shoot_out, seeds=20, accuracy=[1.0], data=[digits], strategy=kinds))
    noisy = areas(some(shoot_out, seeds=20, accuracy=[0.6], data=[digits], strategy=kinds[:1]))
    assert surely_more(clean["margin"], clean["random"])
    assert surely_more(clean["typiclust"], clean["margin"])
    assert surely_more(clean["random"], clean["k-center"])
    # What forty wrong answers in a hundred take is more than any choice gives.
    lost = [ours - theirs for ours, theirs in zip(clean["random"], noisy["random"], strict=True)]
    gained = [ours - theirs for ours, theirs in zip(clean["typiclust"], clean["random"], strict=True)]
    assert surely_more(lost, gained)


def areas(results: Results) -> dict[str, list[float]]:
    """Return the areas under the learning curves of each strategy, seed by seed; of one place."""
    found = quantity(quantities(results), "area_labels")
    assert found is not None
    (place,) = results.places()
    return {level["kind"]: [value for _, value in sorted(found.values[point].items())] for level, point in place.members}


def surely_more(ours: list[float], theirs: list[float]) -> bool:
    """Return whether the mean difference of pairs is more than four of its standard errors."""
    pairs = paired(ours, theirs)
    return pairs.mean > 4 * pairs.spread / math.sqrt(pairs.pairs)


# What else is to be seen


def study_of(name: str) -> Design:
    return read_design(LIBRARY / f"{name}.toml")


def figures(results: Results, figure: str, *kinds: Any) -> list[list[float]]:
    """Return a figure of the points that have these values, each seed by seed: a list a point, in the order of the values."""
    found = []
    for kind in kinds:
        (point,) = [at for at, settings in enumerate(results.points) if all(settings[path] == kind[path] for path in kind)]
        found.append([value for _, value in sorted(results.values(point, figure).items())])
    return found


@pytest.mark.slow
def test_three_votes_mend_what_people_get_wrong_by_themselves_and_errors_near_the_boundary_mislead_least() -> None:
    study = study_of("noise-effects")
    noises, (one, three) = study.values("annotators.crowd.noise"), study.values("coordination.policy")
    coin, seeming, boundary = noises[1], noises[4], noises[5]
    results = some(study, seeds=10, noise=[coin, seeming, boundary])
    at = [
        {"annotators.crowd.noise": noise, "coordination.policy": policy}
        for noise, policy in ((coin, one), (coin, three), (seeming, one), (seeming, three), (boundary, one))
    ]
    once, thrice, seems, seems_thrice, near = figures(results, "label_accuracy", *at)
    assert surely_more(thrice, once)
    assert not surely_more(seems_thrice, seems)
    assert surely_more(once, near)
    learnt, *_, nearby = figures(results, "accuracy", *at)
    assert surely_more(nearby, learnt)


@pytest.mark.slow
def test_a_panel_of_one_make_is_as_good_as_what_its_models_do_not_share() -> None:
    results = some(study_of("llm-panel"), seeds=3, share=[0.0, 0.4], size=[1, 9])
    alone = 0.8
    panel = sum(math.comb(9, right) * alone**right * (1 - alone) ** (9 - right) for right in range(5, 10))
    for share in (0.0, 0.4):
        at = [{"annotators.models.family.share": share, "coordination.policy.size": size} for size in (1, 9)]
        single, nine = (fmean(each) for each in figures(results, "label_accuracy", *at))
        for found, expected in ((single, alone), (nine, share * alone + (1 - share) * panel)):
            assert found == pytest.approx(expected, abs=4 * (expected * (1 - expected) / 6000) ** 0.5)


@pytest.mark.slow
def test_a_tree_gains_by_labels_that_are_asked_again_and_a_regression_hardly_does() -> None:
    study = study_of("relabel-or-new")
    tree, regression = study.values("learner.estimator")
    never, half, most, doubtful_half, doubtful, *_ = study.values("selector.relabel")
    results = some(study, seeds=10, relabel=[never, half, most, doubtful_half, doubtful])

    def at(estimator: Any, *relabels: Any) -> list[dict[str, Any]]:
        return [{"learner.estimator": estimator, "selector.relabel": each} for each in relabels]

    gained = figures(results, "accuracy", *at(tree, doubtful, never))
    hardly = figures(results, "accuracy", *at(regression, doubtful, never))
    assert surely_more(*gained)
    assert not surely_more(*hardly)
    new, some_again, many_again = figures(results, "label_accuracy", *at(tree, never, doubtful_half, doubtful))
    assert surely_more(some_again, new)
    assert surely_more(many_again, some_again)
    assert surely_more(*figures(results, "label_accuracy", *at(tree, doubtful_half, half)))


@pytest.mark.slow
def test_talking_beats_voting_where_the_truth_persuades_and_undoes_it_where_it_does_not() -> None:
    study = study_of("committee-negotiation")
    socials, policies = study.values("annotators.crowd.social"), study.values("coordination.policy")
    five, talk, counts = policies[1], policies[2], policies[4]
    money = study.values("stop")[:1]
    results = some(study, seeds=5, social=[socials[0], socials[2]], policy=[policies[0], five, talk, counts], stop=money)
    at = [
        {"annotators.crowd.social": social, "coordination.policy": policy}
        for social, policy in ((socials[0], talk), (socials[0], five), (socials[2], talk), (socials[2], policies[0]))
    ]
    truth, votes, error, three_votes = figures(results, "label_accuracy", *at)
    assert surely_more(truth, votes)
    assert surely_more(three_votes, error)
    told, three = figures(results, "labels", *({**at[0], "coordination.policy": policy} for policy in (counts, policies[0])))
    assert fmean(told) / fmean(three) == pytest.approx(0.76, abs=0.03)
