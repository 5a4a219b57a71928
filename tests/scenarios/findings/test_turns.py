"""Who wins where: a level that beats the baseline somewhere and loses to it elsewhere is what a study is first told by."""

from typing import Any

import pytest

from bus.chance import Chance
from scenarios.findings.contrasts import by_values, contrasts
from scenarios.findings.findings import findings
from scenarios.findings.names import names
from scenarios.findings.quantities import quantities
from scenarios.findings.turns import turns
from scenarios.study.results import Results
from scenarios.study.variation import Settings
from tests.scenarios.study.made import made_results

TRUTH = ["persuades", "hardly", "not"]


def luck(*words: object) -> float:
    return 0.01 * float(Chance(3).stream(*map(str, words)).uniform(-1, 1))


def arguing(gains: dict[str, tuple[float, float, float]], stops: int = 2) -> Results:
    """Return a study of votes and arguments, by the gain of each where truth persuades, hardly does, and does not."""

    def figures(given: Settings, seed: int) -> dict[str, Any]:
        gain = gains[str(given["policy"])][TRUTH.index(str(given["truth"]))]
        return {
            "label_accuracy": 0.7 + gain + luck(seed) + luck(given, seed),
            "cost": 100.0 * (1 + ("argument" in str(given["policy"]))),
            "labels": 100,
        }

    vary: dict[str, list[Any]] = {"truth": TRUTH, "stop": [*range(stops)], "policy": [*gains]}
    return made_results(vary, figures, compared="policy", against="vote", measure="label_accuracy")


VOTES_AND_ARGUMENTS = {
    "vote": (0.0, 0.0, 0.0),
    "argument": (0.06, -0.04, -0.15),
    "long argument": (0.08, 0.0, -0.14),
    "short vote": (-0.05, -0.05, -0.05),
    "poll": (-0.06, -0.06, -0.06),
}


def turning(results: Results) -> list[Any]:
    own = quantities(results)[0]
    return turns(results, own, names(results), contrasts(results, own))


def test_who_wins_where_is_told_first_though_on_average_another_differs_more() -> None:
    results = arguing(VOTES_AND_ARGUMENTS)
    found = findings(results)
    first, second, third, fourth = found.sentences[:4]
    assert first.startswith("Whether long argument is better than vote depends on truth: with persuades, it has ")
    assert " points more of its labels right (7" in first and " % against 6" in first
    assert "; with not, it has " in first and " points fewer of its labels right (5" in first
    assert first.endswith("; over all settings, it costs 2.0 times as much.")
    assert second.startswith("The two are not told apart with hardly (")
    assert third.startswith("The same goes for argument: 7") and " % with persuades (+" in third and " % with not (-" in third
    assert fourth.startswith("Over all settings, both others are worse than vote: poll (-")
    assert found.opening == 3


def test_what_is_said_of_a_turn_is_in_the_table() -> None:
    results = arguing(VOTES_AND_ARGUMENTS)
    gain = turning(results)[0].gain.contrast
    points = [at for at, each in enumerate(results.points) if each["truth"] == "persuades"]
    ours = [results.estimates("label_accuracy")[at].mean for at in points if results.points[at]["policy"] == "long argument"]
    theirs = [results.estimates("label_accuracy")[at].mean for at in points if results.points[at]["policy"] == "vote"]
    assert len(ours) == len(theirs) == 2
    assert gain.mine.mean == pytest.approx(sum(ours) / 2) and gain.theirs.mean == pytest.approx(sum(theirs) / 2)
    assert f"{100 * gain.mine.mean:.1f} % against {100 * gain.theirs.mean:.1f} %" in findings(results).sentences[0]


def test_what_is_ahead_by_chance_only_does_not_turn() -> None:
    assert turning(arguing({"vote": (0.0, 0.0, 0.0), "argument": (0.001, -0.1, -0.15)})) == []
    assert turning(arguing({"vote": (0.0, 0.0, 0.0), "argument": (0.1, 0.2, 0.15)})) == []


def test_what_is_ahead_only_if_nothing_else_were_compared_does_not_turn() -> None:
    def close(given: Settings, seed: int) -> dict[str, Any]:
        gain = {1: 0.028, 2: -0.3}[int(str(given["x"]))] * (given["p"] == "c")
        return {"accuracy": 0.5 + gain + 0.03 * (-1) ** seed * (given["p"] != "a")}

    results = made_results({"x": [1, 2], "p": ["a", "b", "c", "d", "e"]}, close, compared="p")
    ahead = next(each for each in contrasts(results, quantities(results)[0]) if (each.place, each.level) == (0, 2))
    assert ahead.shows and not ahead.real and turning(results) == []


def test_a_level_that_is_better_everywhere_is_told_before_one_that_turns_and_gains_less() -> None:
    results = arguing({"vote": (0.0, 0.0, 0.0), "argument": (0.03, 0.0, -0.1), "experts": (0.1, 0.1, 0.1)})
    assert [each.level for each in turning(results)] == [1]
    assert findings(results).sentences[0].startswith("Experts has ")


def test_a_turn_that_no_dial_by_itself_explains_is_told_by_the_places() -> None:
    def crossed(given: Settings, seed: int) -> dict[str, Any]:
        sign = 1 if given["x"] == given["y"] else -1
        return {"accuracy": 0.5 + 0.1 * sign * (given["p"] == "b") + luck(given, seed)}

    results = made_results({"x": [1, 2], "y": [1, 2], "p": ["a", "b"]}, crossed, compared="p")
    (turn,) = turning(results)
    assert turn.dial is None and turn.between == ()
    first = findings(results).sentences[0]
    assert first.startswith("Whether b is better than a depends on the setting: where x is ") and "; where x is " in first


def test_of_one_other_dial_values_are_places() -> None:
    results = arguing(VOTES_AND_ARGUMENTS, stops=1)
    own = quantities(results)[0]
    by_value = [each for _, _, each in by_values(results, own, ["truth"])]
    at_places = contrasts(results, own)
    assert [(each.level, each.paired, each.p_holm) for each in by_value] == [
        (each.level, each.paired, each.p_holm) for each in at_places
    ]


def test_of_time_a_turn_is_told_in_parts_and_times() -> None:
    def times(given: Settings, seed: int) -> dict[str, Any]:
        factor = {"honest": 0.8, "boastful": 2.0}[str(given["bids"])] if given["p"] == "net" else 1.0
        return {"simulated_seconds": 3600.0 * factor * (1 + luck(given, seed)), "label_accuracy": 0.8 + luck(given, seed)}

    text = findings(
        made_results({"bids": ["honest", "boastful"], "p": ["queue", "net"]}, times, compared="p", measure="simulated_seconds")
    ).sentences[0]
    assert text.startswith("Whether net is better than queue depends on bids: with honest, it takes 80 % of the time (4")
    assert "less, 95 % interval 1" in text and "; with boastful, it takes 2.0 times as long (" in text
    assert "; over all settings, it has as many of its labels right, to within " in text


def test_where_else_it_is_better_or_worse_is_told_too() -> None:
    gains = {"a": 0.2, "b": 0.1, "c": 0.0, "d": -0.1, "e": -0.2}

    def figures(given: Settings, seed: int) -> dict[str, Any]:
        return {"accuracy": 0.5 + gains[str(given["x"])] * (given["p"] == "new") + 0.01 * (-1) ** seed + luck(given, seed)}

    first, second = findings(made_results({"x": [*gains], "p": ["old", "new"]}, figures, compared="p")).sentences[:2]
    assert "depends on x: with a, it is " in first and "; with e, it is " in first
    assert second.startswith("It is also better with b (+") and ", and also worse with d (-" in second
    assert "; the two are not told apart with c (" in second
