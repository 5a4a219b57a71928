"""`parley import`, and the logs it writes."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from agents.component import Unusable
from agents.coordinator.crowd import Crowd
from agents.coordinator.policies.majority import Majority
from agents.coordinator.policy import Resolution
from agents.messages import Item
from bus.replay import LogReader
from scenarios.answers.log import Telling, write_log
from scenarios.answers.reader import read_answers
from scenarios.cli import app
from scenarios.header import Recorded, header_of
from scenarios.history.course import Course
from scenarios.summary import Summary, summarise
from tests.scenarios.answers.files import TABLE, annotation, choice, choosing, export, task, write


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, TABLE)


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def imported(*arguments: str, log: str = "log.jsonl") -> dict[str, object]:
    result = parley("import", "answers.csv", "--to", log, "--json", *arguments)
    assert result.exit_code == 0, result.output
    summary: dict[str, object] = json.loads(result.stdout)
    return summary


def read_back(log: Path) -> tuple[Recorded, Summary]:
    """Read a log as any other is read."""
    reader = LogReader(log)
    header, course = header_of(reader), Course(reader)
    assert isinstance(header, Recorded)
    course.go_to(None)
    reader.check()
    assert reader.footer is not None
    return header, summarise(course.state, header.name, header.seed, str(log))


def test_import_shows_what_the_answers_amount_to() -> None:
    result = parley("import", "answers.csv", "--to", "log.jsonl")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    for words in ("answers, seed 0: stopped by pool", "labels          2", "labels right    100.0%", "ann", "log: log.jsonl"):
        assert words in result.stdout
    assert result.stderr == ""


def test_import_prints_one_json_object_that_is_what_the_log_says() -> None:
    summary = imported()
    header, read = read_back(Path("log.jsonl"))
    assert summary == json.loads(read.model_dump_json())
    assert (summary["labels"], summary["answers"], summary["label_accuracy"], summary["simulated_seconds"]) == (2, 4, 1.0, 12.5)
    assert (header.name, header.seed, header.times, header.source.file) == ("answers", 0, "starts", "answers.csv")
    assert header.policy == {"kind": "majority", "size": 3, "ties": "fair", "early": False}


def test_quiet_says_nothing() -> None:
    result = parley("import", "answers.csv", "--to", "log.jsonl", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_the_same_file_and_flags_give_the_same_bytes() -> None:
    for log in ("one.jsonl", "other.jsonl"):
        imported("--seed", "5", log=log)
    assert Path("one.jsonl").read_bytes() == Path("other.jsonl").read_bytes()


def test_name_seed_and_policy_stand_in_the_header() -> None:
    imported("--name", "my crowd", "--seed", "5", "--policy", "{kind='majority',size=2,early=true}")
    header, summary = read_back(Path("log.jsonl"))
    assert (summary.name, summary.seed, header.policy) == (
        "my crowd",
        5,
        {"kind": "majority", "size": 2, "ties": "fair", "early": True},
    )


def test_a_policy_may_be_named_alone() -> None:
    assert imported("--policy", "majority")["labels"] == 2
    events = LogReader(Path("log.jsonl")).events()
    votes = [event["body"]["votes"] for event in events if event["kind"] == "item-resolved"]
    assert votes == [1, 1]


def test_columns_format_and_truth_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "answers.csv").unlink()
    write(tmp_path, "item;who;said\n".replace(";", "\t") + "7\tann\tyes\n", "answers.txt")
    write(tmp_path, "item,gold\n7,no\n", "truth.csv")
    flags = [
        "--format",
        "tsv",
        "--task",
        "item",
        "--worker",
        "who",
        "--label",
        "said",
        "--truth",
        "gold",
        "--truth-file",
        "truth.csv",
    ]
    result = parley("import", "answers.txt", "--to", "log.jsonl", "--json", *flags)
    assert (json.loads(result.stdout)["label_accuracy"], result.exit_code) == (0.0, 0)


@pytest.mark.parametrize(
    ("text", "remark"),
    [
        ("task,worker,label\n1,w,x\n", "the file says nothing of times: in the log, time counts answers, in microseconds"),
        (
            "task,worker,label,duration\n1,w,x,5\n",
            "the file does not say when answers were begun: each worker's follow one another",
        ),
        ("task,worker,label,start\n1,bus,x,5\n", "worker 'bus' cannot be called so in a log, and is 'worker-bus' there"),
        (
            "task,worker,label,start\n" + "".join(f"1,a\\{n},x,5\n" for n in range(7)),
            "and so are 2 more, each by a name of their own",
        ),
    ],
)
def test_what_the_file_does_not_say_and_what_was_changed_is_said(tmp_path: Path, text: str, remark: str) -> None:
    write(tmp_path, text)
    result = parley("import", "answers.csv", "--to", "log.jsonl")
    assert (result.exit_code, remark in " ".join(result.stderr.split())) == (0, True), result.output


def test_a_file_that_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    log = write(tmp_path, "precious", "log.jsonl")
    result = parley("import", "answers.csv", "--to", "log.jsonl")
    assert (result.exit_code, log.read_text(encoding="utf-8")) == (2, "precious")
    assert "--to log.jsonl: there is a file already; --force replaces it" in result.stderr
    imported("--force")
    assert read_back(log)[1].labels == 2


def test_what_is_read_is_never_replaced(tmp_path: Path) -> None:
    write(tmp_path, "task,truth\n7,yes\n", "truth.csv")
    for log in ("answers.csv", "truth.csv", "./answers.csv"):
        result = parley("import", "answers.csv", "--truth-file", "truth.csv", "--to", log, "--force")
        assert (result.exit_code, "this is a file that is to be read" in result.stderr) == (2, True)
    assert Path("answers.csv").read_text(encoding="utf-8") == TABLE


def test_an_import_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    log = write(tmp_path, "precious", "log.jsonl")
    write(tmp_path, "task,worker,label,duration\n" + "1,w,x,3e9\n" * 9)
    result = parley("import", "answers.csv", "--to", "log.jsonl", "--force")
    assert (result.exit_code, log.read_text(encoding="utf-8")) == (2, "precious")
    assert "by then, the answers of 'w' have taken more than a century" in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"log.jsonl", "answers.csv"}


class Inventor(Majority):
    """Settles on a label of its own after a while."""

    async def resolve(self, item: Item, crowd: Crowd) -> Resolution:
        return Resolution("z" if item == 999 else "x", await crowd.ask(item, 1))


def test_a_log_that_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    log = write(tmp_path, "precious", "log.jsonl")
    answers = read_answers(write(tmp_path, "task,worker,label\n" + "".join(f"{task},w,x\n" for task in range(1000))))
    with pytest.raises(Unusable, match="the policy settled on 'z' for item 999"):
        write_log(log, answers, Telling("broken", Inventor()))
    assert log.read_text(encoding="utf-8") == "precious"
    assert {path.name for path in tmp_path.iterdir()} == {"log.jsonl", "answers.csv"}


def test_folders_of_the_log_are_made() -> None:
    assert imported(log="deep/down/log.jsonl")["log"] == "deep/down/log.jsonl"


BAD = {
    "answers.csv: there is no column 'lable'; did you mean 'label'": ["answers.csv", "--label", "lable"],
    "none.csv: No such file or directory": ["none.csv"],
    "there is no format 'cvs'; did you mean 'csv'": ["answers.csv", "--format", "cvs"],
    "there is no coordination policy 'majorty'; did you mean 'majority'": ["answers.csv", "--policy", "majorty"],
    "--policy: size: should be greater than or equal to 1 (found 0)": ["answers.csv", "--policy", "{kind='majority',size=0}"],
    "is no TOML value": ["answers.csv", "--policy", "{kind='majority'"],
    "--seed 18446744073709551616: a seed is a whole number from 0 to 2**64 - 1": ["answers.csv", "--seed", str(2**64)],
    "--to .: this is no file that could be replaced": ["answers.csv", "--to", "."],
    "truth.csv: No such file or directory": ["answers.csv", "--truth-file", "truth.csv"],
}


@pytest.mark.parametrize("message", [*BAD])
def test_bad_input_is_said_in_a_sentence_and_exits_with_2(message: str) -> None:
    result = parley("import", "--to", "log.jsonl", *BAD[message])
    assert result.exit_code == 2, result.output
    assert message in " ".join(result.stderr.split())
    assert not Path("log.jsonl").exists()


def test_logs_of_answers_can_be_read_but_not_repeated() -> None:
    imported()
    for command in ("verify", "resume"):
        result = parley(command, "log.jsonl")
        assert result.exit_code == 2
        assert "finished" in result.stderr or "these answers were imported" in result.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "a.json",
            export(task(7, annotation(1, choice("yes")), annotation(2, choice("no"))), task(9, annotation(1, was_cancelled=True))),
        ),
        ("a.jsonl", choosing("a") + choosing("b", "set-bob") + choosing("b", answer="ignore")),
    ],
)
def test_exports_of_other_programs_become_logs(tmp_path: Path, name: str, content: str) -> None:
    write_log(Path("log.jsonl"), read_answers(write(tmp_path, content, name)), Telling("export"))
    header, summary = read_back(Path("log.jsonl"))
    assert (summary.answers, summary.declined, header.times) == (2, 1, "starts")


NAMES = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), min_size=1, max_size=6)
    .map(str.strip)
    .filter(bool)
)


@given(st.lists(st.tuples(NAMES, NAMES, NAMES), min_size=1, max_size=12), st.integers(0, 2**64 - 1))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_tasks_workers_and_labels_are_called_the_log_reads_back(
    tmp_path: Path, rows: list[tuple[str, str, str]], seed: int
) -> None:
    import csv

    with (tmp_path / "drawn.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("task", "worker", "label"), *rows])
    answers = read_answers(tmp_path / "drawn.csv")
    write_log(tmp_path / "drawn.jsonl", answers, Telling("drawn", seed=seed))
    _, summary = read_back(tmp_path / "drawn.jsonl")
    assert summary.labels == len({row[0] for row in rows})
    assert summary.answers == len({row[:2] for row in rows})
    assert summary.answers + summary.repeated == len(rows)
