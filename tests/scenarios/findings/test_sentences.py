"""A first paragraph: what was found, in words, with intervals, the most important first."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bus.chance import Chance
from scenarios.findings.findings import findings
from scenarios.findings.sentences import MOST
from scenarios.study.results import Results
from scenarios.study.variation import Settings
from tests.scenarios.study.made import made_curve, made_results, made_row

NOISES: list[Any] = [{"kind": "one-coin", "accuracy": 0.8}, {"kind": "mixture", "weights": [3, 1]}]
LEVELS: list[Any] = [True, 1.5, "a", {"kind": "x", "n": 1}, {"kind": "x", "n": 2}, [], ["u"]]
MAJORITIES = [{"kind": "majority", "size": 1}, {"kind": "majority", "size": 3}]


def wobble(*words: Any) -> float:
    """Return luck between -1 and 1, the same for the same words."""
    return float(Chance(1).stream(*map(str, words)).uniform(-1, 1))


def votes(given: Settings, seed: int) -> dict[str, Any]:
    """Return figures by which three votes help where people err by themselves, and not where errors come from the items."""
    size, helps = int(str(given["policy"])[-2]), "one-coin" in str(given["noise"])
    return {
        "label_accuracy": 0.8 + 0.01 * wobble(seed) + 0.004 * wobble(given, seed) + 0.081 * (helps and size == 3),
        "labels": 2000,
        "answers": 2000 * size,
        "cost": 100.0 * size,
        "simulated_seconds": 3600.0,
    }


def paragraph(results: Results) -> str:
    return " ".join(findings(results).sentences)


def test_where_it_depends_on_a_place_it_is_told_where_most_is_gained_and_where_nothing_and_what_it_costs() -> None:
    vary: dict[str, list[Any]] = {"noise": NOISES, "policy": MAJORITIES}
    first, second, third, *_ = findings(made_results(vary, votes, compared="policy", measure="label_accuracy")).sentences
    assert first.startswith(("Majority 3 has 3.", "Majority 3 has 4."))
    assert " points more of its labels right than majority 1 (95 % interval " in first
    assert first.endswith(", 10 seeds), over the 2 levels of noise; it costs 3.0 times as much.")
    assert second.startswith(("It gains most where the noise is one-coin (+7.", "It gains most where the noise is one-coin (+8."))
    assert third.startswith("Where the noise is mixture, it gains nothing that would show (")


def test_what_shows_by_itself_and_not_among_many_is_told_as_such() -> None:
    def close(given: Settings, seed: int) -> dict[str, Any]:
        gain = 0.013 * (given["p"] == 7)
        return {"accuracy": 0.5 + gain + 0.02 * float(Chance(2).stream(*map(str, (given, seed))).normal())}

    results = made_results({"p": [*range(8)]}, close)
    found = findings(results)
    most = max(found.contrasts_by("accuracy"), key=lambda each: each.paired.mean)
    assert most.shows and not most.real and most.level == 7
    assert found.sentences[0].startswith("P 7 by itself differs from p 0 in how accurate the model is (+")
    assert found.sentences[0].endswith("but not by more than the largest of so many differences would by chance.")


def test_where_it_is_alike_everywhere_the_mean_over_the_places_is_told_and_from_where_to_where() -> None:
    def gain(given: Settings, seed: int) -> dict[str, Any]:
        return {"accuracy": 0.5 + 0.1 * (given["p"] == "b") + 0.02 * int(str(given["x"])) + 0.01 * wobble(given, seed)}

    first, second, third = findings(made_results({"x": [1, 2, 3], "p": ["a", "b"]}, gain, compared="p")).sentences[:3]
    assert (
        first.startswith(("B is 9.", "B is 10."))
        and "points more accurate than a (95 % interval" in first
        and first.endswith("over the 3 levels of x.")
    )
    assert second.startswith("That shows at each of them: from +") and " where x is " in second
    assert third.startswith("X matters to how accurate the model is: ") and third.endswith(" at 3.")


def test_where_it_turns_round_that_is_told() -> None:
    def turning(given: Settings, seed: int) -> dict[str, Any]:
        sign = 1 if given["x"] == 1 else -0.5
        return {"accuracy": 0.5 + 0.1 * sign * (given["p"] == "b") + 0.005 * wobble(given, seed)}

    text = paragraph(made_results({"x": [1, 2], "p": ["a", "b"]}, turning, compared="p"))
    assert text.startswith("Whether b is better than a depends on x: at 1, it is ")
    assert "points more accurate (6" in text and "; at 2, it is " in text and "points less accurate (4" in text


def test_where_nothing_shows_that_is_said_with_the_interval() -> None:
    text = paragraph(made_results({"p": ["a", "b"]}, lambda given, seed: {"accuracy": 0.5 + 0.1 * wobble(given, seed)}))
    assert text.startswith("B and a do not differ in how accurate the model is by more than chance would show (")
    several = paragraph(made_results({"p": ["a", "b", "c"]}, lambda given, seed: {"accuracy": 0.5 + 0.1 * wobble(given, seed)}))
    assert several.startswith("Neither of the 2 others differs from a in how accurate the model is by more than chance")


def test_of_several_levels_it_is_told_which_are_better_which_worse_and_which_neither() -> None:
    gains = {"random": 0.0, "margin": 0.2, "entropy": 0.1, "worst": -0.1, "same": 0.0}

    def gain(given: Settings, seed: int) -> dict[str, Any]:
        return {"accuracy": 0.5 + gains[str(given["p"])] + 0.01 * wobble(given, seed), "cost": 10 + 9 * (given["p"] == "worst")}

    first, second, third, fourth = findings(made_results({"p": [*gains]}, gain)).sentences
    assert first.startswith(("Margin is 19.", "Margin is 20.")) and "than random" in first
    assert second.startswith("Of the 3 others, entropy is better than random (+")
    assert "; worst is worse than random (-" in second
    assert "; same does not differ from random by more than chance would show (" in second
    assert third.startswith("Margin alone is worth its price: ")
    assert fourth.startswith(
        "By mean ranks over the 10 seeds, margin is first (1.0); ranks alone do not tell it from entropy (2.0) (critical"
    )


def test_a_target_is_told_by_what_it_takes() -> None:
    def learning(given: Settings, seed: int) -> dict[str, Any]:
        final = 0.8 if given["p"] == "b" else 0.7
        return {"accuracy": final + 0.01 * wobble(given, seed), "curve": made_curve(final + 0.01 * wobble(given, seed))}

    assert "B reaches 66.0 % with 20 fewer labels than a (in every pair, 10 seeds)." in paragraph(
        made_results({"p": ["a", "b"]}, learning, target=0.66)
    )
    assert "No run reached the target of 0.99." in paragraph(made_results({"p": ["a", "b"]}, learning, target=0.99))


def test_time_is_told_in_hours_and_minutes() -> None:
    def times(given: Settings, seed: int) -> dict[str, Any]:
        return {
            "simulated_seconds": 7200.0 + 3600 * (given["selector.barrier"] is True) + 100 * wobble(given, seed),
            "accuracy": 0.5,
        }

    text = paragraph(made_results({"selector.barrier": [True, False]}, times, measure="simulated_seconds"))
    assert text.startswith("No barrier takes ") and " % of the time that barrier takes (" in text


@pytest.mark.parametrize(
    ("seeds", "expected"),
    [(1, "Of one pair of runs there is no interval, and nothing can be told yet"), (10, "B is 10.0 points more accurate than a")],
)
def test_one_seed_is_no_finding(seeds: int, expected: str) -> None:
    text = paragraph(
        made_results({"p": ["a", "b"]}, lambda given, seed: {"accuracy": 0.6 if given["p"] == "b" else 0.5}, seeds=seeds)
    )
    assert text.startswith(expected)


def test_a_study_that_varies_nothing_tells_its_mean() -> None:
    text = paragraph(made_results({}, lambda given, seed: {"accuracy": 0.7 + 0.01 * wobble(seed)}))
    assert text.startswith("Accuracy of the model: ") and text.endswith(", 10 seeds).")


def test_a_sample_of_ranges_is_told_by_its_best_point_and_by_what_matters() -> None:
    points: tuple[Settings, ...] = tuple({"x": 0.01 * (at * 37 % 64), "y": at % 2} for at in range(64))
    rows = [
        made_row(at, dict(each), seed, {"accuracy": 0.3 + float(str(each["x"])) + 0.01 * wobble(at, seed)})
        for at, each in enumerate(points)
        for seed in range(2)
    ]
    results = made_results({"x": [0], "y": [1, 2]}, votes_of_nobody)._replace(
        points=points, rows=tuple(rows), compared="x", seeds=2
    )
    text = paragraph(results)
    assert text.startswith("Accuracy of the model: the best of 64 settings comes to ")
    assert "X matters to how accurate the model is: over 64 settings, their ranks correlate by +1.00." in text


def votes_of_nobody(given: Settings, seed: int) -> dict[str, Any]:
    return {"accuracy": 0.5}


def test_what_shows_over_all_places_and_at_none_of_them_by_itself_is_told_as_such() -> None:
    def faint(given: Settings, seed: int) -> dict[str, Any]:
        # Luck of one place is undone at another, so that it is the mean alone that shows.
        swing = 0.1 * (-1) ** seed * (1 if given["x"] == 1 else -1)
        return {"accuracy": 0.5 + (0.03 + 0.005 * (given["x"] == 1) + swing + 0.001 * wobble(given, seed)) * (given["p"] == "b")}

    results = made_results({"x": [1, 2], "p": ["a", "b"]}, faint, compared="p")
    found = findings(results)
    assert not any(each.shows for each in found.contrasts_by("accuracy")) and found.pooled_by("accuracy")[0].real
    assert found.sentences[1].startswith("At neither of the 2 by itself is the difference told from chance: from +")
    assert "that shows" not in paragraph(results).lower()


def test_it_is_people_who_have_an_accuracy() -> None:
    def gain(given: Settings, seed: int) -> dict[str, Any]:
        accuracy = float(str(given["annotators.crowd.noise.accuracy"]))
        return {"accuracy": 0.3 * accuracy + 0.1 * (given["p"] == "b") + 0.01 * wobble(given, seed)}

    text = paragraph(made_results({"annotators.crowd.noise.accuracy": [0.6, 0.9], "p": ["a", "b"]}, gain, compared="p"))
    assert "over the 2 levels of accuracy." in text and "where accuracy is 0." in text
    assert "Accuracy matters to how accurate the model is: " in text and "oise" not in text


def test_what_shows_at_both_of_two_places_is_told_of_both() -> None:
    def gain(given: Settings, seed: int) -> dict[str, Any]:
        return {"accuracy": 0.5 + 0.1 * (given["p"] == "b") + 0.01 * wobble(given, seed)}

    text = paragraph(made_results({"x": [1, 2], "p": ["a", "b"]}, gain, compared="p"))
    assert " That shows at both of them: from +" in text


@pytest.mark.parametrize(
    ("gains", "expected"),
    [
        ({"b": 0.3, "c": -0.1}, "C is worse than a (-"),
        ({"b": 0.3, "c": -0.1, "d": -0.2}, "Both others are worse than a: d (-"),
        ({"b": 0.3, "c": -0.1, "d": -0.2, "e": -0.3}, "All 3 others are worse than a: e (-"),
        ({"b": 0.3, "c": 0.2, "d": 0.1, "e": 0.15}, "All 3 others are better than a: c (+"),
        ({"b": 0.3, "c": 0.0, "d": 0.0}, "Neither of the 2 others differs from a by more than chance would show: "),
        ({"b": 0.3, "c": 0.0, "d": 0.0, "e": 0.0}, "None of the 3 others differs from a by more than chance would show: "),
        ({"b": 0.3, "c": 0.0, "d": -0.1}, "Of the 2 others, d is worse than a (-"),
        ({"b": 0.3, "c": 0.0, "d": -0.1, "e": -0.2}, "Of the 3 others, 2 are worse than a: e (-"),
    ],
)
def test_others_are_counted_in_good_english(gains: dict[str, float], expected: str) -> None:
    def figures(given: Settings, seed: int) -> dict[str, Any]:
        return {"accuracy": 0.5 + gains.get(str(given["p"]), 0.0) + 0.01 * wobble(given, seed)}

    assert findings(made_results({"p": ["a", *gains]}, figures)).sentences[1].startswith(expected)


def test_of_very_many_that_do_not_differ_the_largest_difference_is_told_alone() -> None:
    def figures(given: Settings, seed: int) -> dict[str, Any]:
        return {"accuracy": 0.5 + 0.3 * (given["p"] == "p29") + 0.001 * int(str(given["p"])[1:]) * (-1) ** seed}

    _, second = findings(made_results({"p": [f"p{at}" for at in (0, 29, *range(1, 28))]}, figures)).sentences[:2]
    assert second.startswith("None of the 27 others differs from p0 by more than chance would show: the largest difference is ")


@pytest.mark.parametrize(
    ("worse", "expected"),
    [("bc", "A beats both others beyond chance; the worst of them, c, is "), ("bcd", "A beats all 3 others beyond chance")],
)
def test_a_baseline_that_beats_all_others_is_told_to(worse: str, expected: str) -> None:
    def figures(given: Settings, seed: int) -> dict[str, Any]:
        return {"accuracy": 0.5 - 0.1 * "abcd".index(str(given["p"])) + 0.01 * wobble(given, seed)}

    assert paragraph(made_results({"p": ["a", *worse]}, figures)).startswith(expected)


def test_an_interval_without_zero_is_not_said_to_be_no_difference() -> None:
    def close(given: Settings, seed: int) -> dict[str, Any]:
        # A t of 2.8, which 9 degrees of freedom show, but not once it is the second of five.
        gain = {4: 0.028, 5: 0.3}.get(int(str(given["p"])), 0.0)
        return {"accuracy": 0.5 + gain + 0.03 * (-1) ** seed * (given["p"] != 0)}

    found = findings(made_results({"p": [*range(6)]}, close))
    alone = [each for each in found.pooled_by("accuracy") if each.shows and not each.real]
    assert alone and all(each.interval.low * each.interval.high > 0 > each.among.low * each.among.high for each in alone)
    for each in alone:
        name = found.names.compared[each.level]
        assert f"{name} would differ from p 0 if it were the only one compared (" in found.sentences[1]


@pytest.mark.parametrize(("seeds", "many"), [(3, "so few seeds"), (8, "8 seeds")])
def test_what_may_be_as_large_as_elsewhere_is_not_called_nothing(seeds: int, many: str) -> None:
    def uneven(given: Settings, seed: int) -> dict[str, Any]:
        swing = 0.4 * (-1) ** seed * (1 + 0.1 * seed) * (given["x"] == 2)
        return {"accuracy": 0.5 + (0.3 + swing) * (given["p"] == "b") + 0.001 * wobble(given, seed)}

    results = made_results({"x": [1, 2, 3, 4, 5], "p": ["a", "b"]}, uneven, compared="p", seeds=seeds)
    assert f" Where x is 2, the difference is not told from chance by {many} (" in paragraph(results)


def slow(accuracy: float, spread: float) -> Results:
    """Return a study of time, in which no barrier takes 43 % of it, with so much accuracy more."""

    def times(given: Settings, seed: int) -> dict[str, Any]:
        free = given["selector.barrier"] is False
        return {
            "simulated_seconds": (3600.0 + 100 * wobble(seed)) * (0.43 if free else 1.0) + wobble(given, seed),
            "accuracy": 0.8 + accuracy * free + spread * wobble(given, seed),
            "cost": 10.0 * (1 + free),
        }

    return made_results({"selector.barrier": [True, False]}, times, measure="simulated_seconds")


@pytest.mark.parametrize(
    ("accuracy", "spread", "expected"),
    [
        (0.0, 0.01, "; it is as accurate, to within "),
        (0.0, 0.0, "; it is as accurate and costs 2.0 times as much."),
        (-0.1, 0.01, "; it is "),
        (0.0, 0.3, "; it has not been told apart from barrier in accuracy ("),
    ],
)
def test_of_time_it_is_told_in_parts_and_what_becomes_of_accuracy(accuracy: float, spread: float, expected: str) -> None:
    text = findings(slow(accuracy, spread)).sentences[0]
    assert text.startswith("No barrier takes 43 % of the time that barrier takes (34m ") and " less, 95 % interval 3" in text
    assert expected in text and text.endswith(" costs 2.0 times as much.")
    assert ("points less accurate" in text) == (accuracy < 0)


def test_of_places_of_which_one_came_to_something_it_is_told_which() -> None:
    def failing(given: Settings, seed: int) -> dict[str, Any] | str:
        return "E: no" if given["x"] == 2 else {"accuracy": 0.5 + 0.1 * (given["p"] == "b") + 0.01 * wobble(given, seed)}

    first, *rest = findings(made_results({"x": [1, 2], "p": ["a", "b"]}, failing, compared="p")).sentences
    assert first.endswith(", 10 seeds), where x is 1.") and not any("where x is 1" in each for each in rest)


def test_of_levels_that_no_seed_compares_nothing_is_said() -> None:
    def failing(given: Settings, seed: int) -> dict[str, Any] | str:
        return "E: no" if given["p"] == "c" else {"accuracy": 0.5 + 0.1 * (given["p"] != "a") + 0.01 * wobble(given, seed)}

    assert "C does" not in paragraph(made_results({"p": ["a", "b", "c"]}, failing))


# Remarks


def remarks(results: Results) -> str:
    return " ".join(findings(results).remarks)


def noisy(given: Settings, seed: int) -> dict[str, Any]:
    return {"accuracy": 0.5 + 0.1 * wobble(given, seed)}


def test_failures_few_seeds_and_what_is_missing_are_remarked_upon() -> None:
    vary = {"p": ["a", "b", "c"]}
    failing = made_results(vary, lambda given, seed: "E: no" if (given["p"], seed) == ("b", 3) else noisy(given, seed))
    assert remarks(failing).startswith("1 of 30 runs failed;")
    assert "1 of 10 seeds lack a level" in remarks(failing) and "1 of 20 pairs lack one of both runs" in remarks(failing)
    assert "One seed is one draw of luck" in remarks(made_results(vary, noisy, seeds=1))
    assert "3 seeds are few" in remarks(made_results(vary, noisy, seeds=3))
    whole = made_results(vary, noisy)
    assert "The study was broken off: 5 of its 30 runs are missing." in remarks(whole._replace(rows=whole.rows[:25]))
    assert remarks(whole).startswith("2 differences were tested, on pairs of runs with the same seed (paired t, Holm)")


def test_a_precision_that_was_not_reached_is_remarked_upon_and_one_that_was_is_not() -> None:
    vary = {"p": ["a", "b"]}
    assert "The precision that was asked for, 0.5 points to either side, is not reached at 2 of 2 settings" in remarks(
        made_results(vary, noisy, precision=0.005)
    )
    assert "precision" not in remarks(made_results(vary, noisy, precision=0.5))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(LEVELS), min_size=1, max_size=3, unique_by=repr),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(["accuracy", "label_accuracy", "log_loss", "cost", "simulated_seconds", "labels", "answers", "macro_f1"]),
    st.lists(st.none() | st.floats(0, 1), min_size=1, max_size=7),
)
def test_of_whatever_study_there_are_few_whole_sentences(
    levels: list[Any], places: int, seeds: int, measure: str, values: list[float | None]
) -> None:
    def figures(given: Settings, seed: int) -> dict[str, Any] | str:
        value = values[hash_of(given, seed) % len(values)]
        return "E: no" if value is None else {measure: value, "cost": 10 * value, "curve": made_curve(value)}

    vary = {"place": [*range(places)], "level": levels}
    results = made_results(vary, figures, seeds=seeds, compared="level", measure=measure, target=0.6 if "acc" in measure else None)
    found = findings(results)
    assert 1 <= len(found.sentences) <= MOST
    for each in (*found.sentences, *found.remarks):
        assert each[0] == each[0].upper() and each.endswith(".") and not each.endswith("..")
        assert (
            "nan" not in each.lower().split() and "  " not in each and "None" not in each and "()" not in each and "+-" not in each
        )


def hash_of(given: Settings, seed: int) -> int:
    return sum((at + 3) * ord(letter) for at, letter in enumerate(f"{given}{seed}"))
