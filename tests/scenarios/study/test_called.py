"""What a study calls the values of its dials."""

from pathlib import Path

import pytest

from scenarios.errors import BadInput
from scenarios.findings.names import names
from scenarios.study.called import settings_called
from scenarios.study.design import read_design
from scenarios.study.execution import Execution
from scenarios.study.record import results_in
from scenarios.study.study import Study
from tests.scenarios.study.made import made_results
from tests.scenarios.study.studies import VOTES, write_votes

STUDY = VOTES.replace("[vary]", '[names]\n"coordination.policy" = ["nobody else", "a vote of three"]\n[vary]')


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_votes(tmp_path, STUDY)


def test_values_are_called_what_the_study_calls_them_and_others_by_what_tells_them_apart(study: Path) -> None:
    called = names(Execution(read_design(study), {}).results())
    assert called.compared == ["nobody else", "a vote of three"]
    assert called.levels["annotators.crowd.noise.accuracy"] == ["0.6", "0.9"]


def test_names_are_kept_in_the_record(study: Path) -> None:
    header = Execution(read_design(study), {}).header
    assert names(results_in(header, {}, None)).compared == ["nobody else", "a vote of three"]
    # Whoever has a record from before studies had names can read it.
    assert names(results_in({key: each for key, each in header.items() if key != "names"}, {}, None)).compared == [
        "majority 1",
        "majority 3",
    ]


def test_values_that_python_takes_for_equal_are_called_by_their_own_names() -> None:
    results = made_results({"skill": [1, True], "noise": [0.1, 0.2]}, lambda settings, seed: {"accuracy": 0.5}, seeds=1)
    assert results.level_numbers("skill") == [0, 0, 1, 1]
    assert settings_called(results, names(results)) == {"skill": ["1", "1", "true", "true"], "noise": ["0.1", "0.2"] * 2}


def test_nothing_and_numbers_are_called_by_their_names_too_and_a_name_that_ends_in_the_dial_says_it_once() -> None:
    results = made_results(
        {"pauses": [[], 0.5], "faults.links": [[], [{"delay": 1.0}]]},
        lambda settings, seed: {"accuracy": 0.5},
        seeds=1,
        compared="pauses",
    )._replace(called={"pauses": ["on end", "with breaks"], "faults.links": ["immediate links", "late"]})
    assert names(results).compared == ["on end", "with breaks"]
    assert names(results).places == ["immediate links", "links late"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"coordination.policy" = ["n', '"coordination.police" = ["n', "names: 'coordination.police' is not varied; did you mean"),
        (', "a vote of three"]', "]", "names: coordination.policy has 2 values, and here are 1 names; name all of them"),
        ('"a vote of three"', '"nobody else"', "names: two values of 'coordination.policy' have the same name"),
        ('"a vote of three"', '" "', "at least 1 character"),
    ],
)
def test_names_that_do_not_fit_are_refused(old: str, new: str, told: str, study: Path) -> None:
    assert old in STUDY
    study.write_text(STUDY.replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_design(study)
    assert told in str(refused.value)


def test_a_whole_table_is_a_dial_like_any_other(study: Path) -> None:
    data = '"data" = [{ source = "synthetic", items = 30 }, { source = "iris" }]'
    policy = STUDY[STUDY.index('"coordination.policy" = [{') :].strip()
    text = STUDY.replace(policy, data).replace('"coordination.policy" = ["n', '"data" = ["n')
    study.write_text(text, encoding="utf-8")
    design = read_design(study, seeds=1)
    results = Study(design).run()
    assert [row["data"]["source"] for row in results.rows] == ["synthetic", "iris"] * 2
    assert len({row["data_digest"] for row in results.rows}) == 2
    assert len({*results.columns}) == len(results.columns)
