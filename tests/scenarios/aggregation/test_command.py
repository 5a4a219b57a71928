"""`parley aggregate`, as a person uses it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from typer.testing import CliRunner, Result

from agents.inference.majority import MajorityVote
from scenarios.cli import app
from tests.scenarios.answers.files import annotation, answer, choice, choosing, export, task, write

ANSWERS = "task,worker,label\n" + "".join(
    f"{task},{worker},{label}\n"
    for task, labels in enumerate(["aaba", "bbbb", "aaab", "bbab", "abbb", "aaba"])
    for worker, label in zip(("ann", "bob", "[red]cat", "dan"), labels, strict=True)
)
TRUTH = "task,truth\n0,a\n1,b\n2,a\n3,b\n4,a\n"
ROOT = Path(__file__).parents[3]
SMOOTHED = "tests.scenarios.aggregation.smoothed_vote.SmoothedVote"
PROMISED = {
    "method",
    "accuracy",
    "seconds",
    "iterations",
    "items",
    "workers",
    "answers",
    "macro_f1",
    "calibration",
    "alpha",
    "kappa",
}


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, ANSWERS)
    write(tmp_path, TRUTH, "truth.csv")
    write(tmp_path, "task,a,b\n0,0.9,0.1\n1,0.1,0.9\n2,0.8,0.2\n3,0.3,0.7\n4,0.9,0.1\n5,0.9,0.1\n", "model.csv")


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["aggregate", *arguments])


def records(*arguments: str) -> list[dict[str, Any]]:
    result = parley("answers.csv", "--json", *arguments)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_json_is_a_list_with_what_is_promised() -> None:
    (record,) = records("--method", "majority", "--truth", "truth.csv")
    assert set(record) >= PROMISED
    assert (record["items"], record["workers"], record["answers"], record["judged"]) == (6, 4, 24, 5)
    assert record["accuracy"] == 0.8


def test_without_truth_the_accuracy_is_null() -> None:
    assert records()[0]["accuracy"] is None


def test_all_has_every_method_the_best_first_and_says_which_cannot_be_used() -> None:
    found = records("--method", "all", "--truth", "truth.csv")
    used = [each["accuracy"] for each in found if each["reason"] is None]
    assert used == sorted(used, reverse=True)
    assert [each["reason"] is None for each in found] == sorted((each["reason"] is None for each in found), reverse=True)
    assert {"majority", "dawid-skene", "crowdlab"} <= {each["method"] for each in found}
    assert "probabilities" in next(each["reason"] for each in found if each["method"] == "crowdlab")
    assert all(each["reason"] is None for each in records("--method", "crowdlab", "--probabilities", "model.csv"))


def test_dials_may_be_set() -> None:
    (record,) = records("--method", "{ kind = 'dawid-skene', most = 1, tolerance = 0 }")
    assert (record["iterations"], record["dials"]["most"]) == (1, 1)


def test_gold_is_certain_and_is_not_judged(tmp_path: Path) -> None:
    write(tmp_path, "task,truth\n4,a\n", "gold.csv")
    (record,) = records("--method", "majority", "--truth", "truth.csv", "--gold", "gold.csv")
    assert (record["accuracy"], record["judged"], record["gold"]) == (1.0, 4, 1)


@pytest.mark.parametrize("method", ["majority", "all"])
def test_the_summary_fits_a_screen_and_shows_names_as_they_are(method: str) -> None:
    result = parley("answers.csv", "--method", method, "--truth", "truth.csv")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    for word in ("majority", "agreement", "accuracy", *(["[red]cat"] if method == "majority" else [])):
        assert word in result.stdout


def test_labels_and_skills_are_written_in_the_format_of_their_names() -> None:
    assert parley("answers.csv", "--method", "majority", "--out", "labels.csv", "--people", "people.parquet").exit_code == 0
    lines = Path("labels.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "task,label,probability,answers,p(a),p(b)"
    assert lines[2] == "1,b,1.0,4,0.0,1.0"
    people = pyarrow.parquet.read_table("people.parquet").to_pydict()
    assert people["worker"] == ["[red]cat", "ann", "bob", "dan"]
    assert all(low < skill < high for low, skill, high in zip(people["low"], people["skill"], people["high"], strict=True))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--method", "dawid-skeen"], "did you mean 'dawid-skene'"),
        (["--method", "{kind="], "no inline table"),
        (["--method", "{kind='dawid-skene',smoothing=-1}"], "greater than or equal to 0"),
        (["--method", "crowdlab"], "probabilities"),
        (["--worker", "wroker"], "did you mean 'worker'"),
        (["--classes", "a,c"], "line 4: the label 'b' is none of the classes"),
        (["--classes", "a,,b"], "different names"),
        (["--truth", "nobody.csv"], "No such file"),
        (["--truth", "other.csv"], "none of its tasks, such as '77'"),
        (["--truth", "foreign.csv"], "was ever answered"),
        (["--probabilities", "truth.csv"], "the probability of 'truth' is 'a'"),
        (["--probabilities", "lacking.csv"], "no column for the class 'b'"),
        (["--out", "answers.csv"], "is to be read"),
        (["--out", "labels.xls"], "should end in"),
        (["--out", "nowhere/labels.csv"], "no folder"),
        (["--out", "both.csv", "--people", "both.csv"], "labels go there already"),
        (["--out", "folder.csv"], "this is a folder"),
        (["--out", "/proc/labels.csv"], "cannot be written"),
        (["--seed", f"{2**64}"], "0 to 2**64 - 1"),
        (["--method", "{kind='dawid-skene',smothing=1}"], "did you mean 'smoothing'"),
        (["--format", "cvs"], "did you mean 'csv'"),
    ],
)
def test_bad_input_is_said_and_ends_with_2(tmp_path: Path, arguments: list[str], words: str) -> None:
    write(tmp_path, "task,truth\n77,a\n", "other.csv")
    write(tmp_path, "task,truth\n1,yes\n", "foreign.csv")
    write(tmp_path, "task,a,c\n1,0.5,0.5\n", "lacking.csv")
    (tmp_path / "folder.csv").mkdir()
    result = parley("answers.csv", *arguments)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_what_whoever_asked_should_know_is_remarked(tmp_path: Path) -> None:
    write(tmp_path, ANSWERS + "5,dan,7\n", "odd.csv")
    write(tmp_path, TRUTH + "99,b\n", "more.csv")
    result = parley("odd.csv", "--truth", "more.csv", "--method", "majority")
    assert result.exit_code == 0
    for words in ("1 task without answers, such as '99'", "line 26: the label '7' is true of no task"):
        assert words in result.stderr


def test_numbers_are_in_their_order_and_truth_may_be_written_with_a_point(tmp_path: Path) -> None:
    write(tmp_path, "task,worker,label\n10,a,1\n9,a,0\n10,b,1\n")
    write(tmp_path, "task,truth\n9,0.0\n10,1.0\n", "truth.csv")
    (record,) = records("--truth", "truth.csv", "--method", "majority", "--out", "labels.csv")
    assert (record["accuracy"], record["classes"]) == (1.0, [0, 1])
    assert [line.split(",")[0] for line in Path("labels.csv").read_text(encoding="utf-8").splitlines()[1:]] == ["9", "10"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "export.json",
            export(
                task(7, annotation(3, choice("a")), annotation(4, choice("b")), annotation(5, choice("a"))),
                task(9, annotation(3, choice("b")), annotation(4, was_cancelled=True)),
            ),
        ),
        (
            "export.jsonl",
            "".join(
                [
                    *(choosing(label, who, id="7") for who, label in (("ann", "a"), ("bob", "b"), ("cat", "a"))),
                    choosing("b", "ann", id="9"),
                    answer("bob", id="9", answer="ignore"),
                ]
            ),
        ),
    ],
    ids=["label studio", "prodigy"],
)
def test_exports_of_annotation_tools_are_read_and_what_was_declined_is_no_answer(tmp_path: Path, name: str, content: str) -> None:
    write(tmp_path, content, name)
    result = parley(name, "--method", "majority", "--out", "labels.csv", "--json")
    assert result.exit_code == 0, result.output
    (record,) = json.loads(result.stdout)
    assert [record[key] for key in ("items", "workers", "answers", "declined", "classes")] == [2, 3, 4, 1, ["a", "b"]]
    assert f"{name}: 1 task declined, which count as no answers" in result.stderr
    labels = Path("labels.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert [line.split(",")[:2] for line in labels] == [["7", "a"], ["9", "b"]]


def test_nothing_is_left_behind_where_labels_cannot_be_written(tmp_path: Path) -> None:
    before = {*tmp_path.iterdir()}
    assert parley("answers.csv", "--out", "/proc/labels.csv").exit_code == 2
    assert {*tmp_path.iterdir()} == before


def test_a_figure_is_what_counting_by_hand_gives() -> None:
    (record,) = records("--method", "majority", "--truth", "truth.csv", "--classes", "b,a")
    # Votes for a of four: 3, 0, 3, 1, 1, 3; pairs of answers that agree of six: 3, 6, 3, 3, 3, 3.
    votes, agreeing = [3, 0, 3, 1, 1, 3], [3, 6, 3, 3, 3, 3]
    share = sum(votes) / 24
    observed, expected = sum(agreeing) / 36, share**2 + (1 - share) ** 2
    assert record["pairwise"] == pytest.approx(observed)
    assert record["kappa"] == pytest.approx((observed - expected) / (1 - expected))
    disagreeing = 2 * sum(votes) * (24 - sum(votes)) / 23
    assert record["alpha"] == pytest.approx(1 - 24 * (1 - observed) / disagreeing)
    # Labels are a, b, a, b, b; the fourth of the truth's as is missed: F1 of a is 4/5, and so is that of b.
    assert record["macro_f1"] == pytest.approx(0.8)
    # Four are held with 3/4, of which three are right, and one, which is right, with certainty.
    assert record["calibration"] == pytest.approx(0.0)


def test_it_starts_without_scikit_learn() -> None:
    script = (
        "import sys; from scenarios.cli import app; app(['aggregate', 'answers.csv', '--json'], standalone_mode=False);"
        "sys.exit('sklearn' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False).returncode == 0


def test_probabilities_that_no_method_uses_are_remarked() -> None:
    words = "no method that was chosen uses --probabilities"
    assert words in parley("answers.csv", "--probabilities", "model.csv", "--method", "majority").stderr
    assert words not in parley("answers.csv", "--probabilities", "model.csv", "--method", "crowdlab").stderr
    assert words not in parley("answers.csv", "--probabilities", "model.csv", "--method", SMOOTHED).stderr
    assert words not in parley("answers.csv", "--method", "majority").stderr


def test_a_method_of_ones_own_is_used_by_its_dotted_path() -> None:
    (record,) = records("--method", f"{{kind='{SMOOTHED}',beforehand=2}}", "--truth", "truth.csv", "--out", "labels.csv")
    assert (record["method"], record["dials"], record["accuracy"]) == (SMOOTHED, {"beforehand": 2}, 0.8)
    assert Path("labels.csv").read_text(encoding="utf-8").splitlines()[2] == "1,b,0.75,4,0.25,0.75"
    result = parley("answers.csv", "--method", f"{{kind='{SMOOTHED}',beforehand=0}}")
    assert result.exit_code == 2
    assert "greater than 0" in result.stderr


def test_the_seed_is_that_of_methods_which_name_none() -> None:
    assert records("--method", "kos", "--seed", "7")[0]["dials"]["seed"] == 7
    assert records("--method", "{kind='kos',seed=3}", "--seed", "7")[0]["dials"]["seed"] == 3
    assert "seed" not in records("--method", "majority", "--seed", "7")[0]["dials"]


def test_gold_is_taken_from_the_column_of_gold(tmp_path: Path) -> None:
    write(tmp_path, "task,truth,gold\n0,a,b\n", "both.csv")
    assert records("--method", "majority", "--gold", "both.csv", "--out", "labels.csv")[0]["gold"] == 1
    assert Path("labels.csv").read_text(encoding="utf-8").splitlines()[1].startswith("0,b,1.0")


def test_where_memory_does_not_suffice_after_all_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(MajorityVote, "infer", exhausted)
    result = parley("answers.csv", "--method", "majority")
    assert result.exit_code == 2
    assert "not enough memory" in result.stderr
