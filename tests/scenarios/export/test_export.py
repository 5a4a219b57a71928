"""`parley export`, as a person uses it."""

import csv
import io
import json
import shutil
from pathlib import Path

import pyarrow.parquet
import pytest
from typer.testing import CliRunner, Result

from scenarios.cli import app
from scenarios.loading import load
from tests.scenarios.campaigns import LABELLING, forged, run_logged, write
from tests.scenarios.export.story import Story
from tests.scenarios.export.viewer import view

GOLDEN = Path(__file__).parents[2] / "golden"
FORMATS = {"csv": ".csv", "parquet": ".parquet", "label-studio": ".label-studio.json", "perfetto": ".perfetto.json"}


def parley(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    shutil.copy(GOLDEN / "v1-learning.jsonl", tmp_path / "log.jsonl")
    return tmp_path / "log.jsonl"


@pytest.mark.parametrize(("name", "suffix"), FORMATS.items())
def test_the_file_stands_beside_the_log_and_is_named(name: str, suffix: str, log: Path) -> None:
    result = parley("export", log, "--format", name)
    assert result.exit_code == 0, result.output
    assert log.with_suffix(suffix).stat().st_size > 0
    count = 123 if name == "perfetto" else 25
    assert (
        result.stdout
        == f"{count} {'events' if count == 123 else 'tasks' if 'studio' in name else 'answers'}: {log.with_suffix(suffix)}\n"
    )
    assert result.stderr == ""


def test_the_file_can_be_named_and_replaces_what_was_there(log: Path) -> None:
    out = log.with_name("table.txt")
    out.write_text("old")
    assert parley("export", log, "--format", "csv", "--out", out).exit_code == 0
    assert out.read_text(encoding="utf-8").startswith("task,worker,label,start,duration\n")
    assert {each.name for each in log.parent.iterdir()} == {"log.jsonl", "table.txt"}


@pytest.mark.parametrize("name", FORMATS)
def test_a_dash_writes_to_stdout_what_a_file_would_hold(name: str, log: Path) -> None:
    parley("export", log, "--format", name)
    result = parley("export", log, "--format", name, "--out", "-")
    assert result.exit_code == 0
    assert result.stdout_bytes == log.with_suffix(FORMATS[name]).read_bytes()


def test_quiet_says_nothing(log: Path) -> None:
    result = parley("export", log, "--format", "csv", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_all_shows_answers_that_did_not_count(tmp_path: Path) -> None:
    result = parley("export", GOLDEN / "v1-labelling.jsonl", "--format", "csv", "--all", "--out", "-")
    rows = [*csv.DictReader(io.StringIO(result.stdout))]
    assert (len(rows), sum(row["status"] == "late" for row in rows)) == (79, 6)
    parley("export", GOLDEN / "v1-labelling.jsonl", "--format", "parquet", "--all", "--out", tmp_path / "all.parquet")
    assert pyarrow.parquet.read_table(tmp_path / "all.parquet")["status"].to_pylist() == [row["status"] for row in rows]


@pytest.mark.parametrize("name", ["perfetto", "label-studio"])
def test_all_is_refused_where_there_is_no_place_for_it(name: str, log: Path) -> None:
    result = parley("export", log, "--format", name, "--all")
    assert result.exit_code == 2
    assert "--all is for csv and parquet" in result.stderr


def test_a_format_that_is_misspelt_is_set_right(log: Path) -> None:
    result = parley("export", log, "--format", "perfeto")
    assert result.exit_code == 2
    assert "--format perfeto: did you mean 'perfetto'? there are csv, label-studio, parquet, perfetto" in result.stderr


@pytest.mark.parametrize("name", FORMATS)
def test_a_log_that_is_not_finished_is_exported_as_far_as_it_goes(name: str, log: Path) -> None:
    log.write_bytes(log.read_bytes()[:9000])
    result = parley("export", log, "--format", name)
    assert result.exit_code == 0
    lines = result.stderr.splitlines()
    assert lines[0] == f"{log}: the run did not finish; what is here is all there is of it"
    assert lines[1].startswith(f"{log}: the last line was torn; its ")
    assert log.with_suffix(FORMATS[name]).stat().st_size > 0


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("damage", ["checksum", "sense"])
def test_a_damaged_log_is_refused_by_its_line_and_the_old_file_stays(name: str, damage: str, tmp_path: Path) -> None:
    story = Story()
    story.request("x")
    story.assign("x", "ann")
    story.answer("x", "ann", "a", 0, t=5)
    if damage == "sense":
        del story.events[-1]["body"]["item"]
    log = story.written(tmp_path)
    if damage == "checksum":
        log.write_bytes(log.read_bytes().replace(b'"began":0', b'"began":1'))
    old = log.with_suffix(FORMATS[name])
    old.write_text("old")
    result = parley("export", log, "--format", name)
    assert result.exit_code == 2
    assert f"{log}, line 5: " in result.stderr
    assert "Traceback" not in result.output
    assert {each.name: each.read_text() for each in tmp_path.iterdir() if each != log} == {old.name: "old"}


@pytest.mark.parametrize("name", FORMATS)
def test_names_that_are_no_text_are_refused(name: str, tmp_path: Path) -> None:
    result = parley("export", forged_story(tmp_path, b'"from":"selector"', b'"from":"\xff"'), "--format", name)
    assert result.exit_code == 2
    assert "line 3: this is not a line of JSON" in result.stderr


def test_a_header_that_names_no_policy_is_refused(tmp_path: Path) -> None:
    result = parley("export", forged_story(tmp_path, b'"policy":{"kind"', b'"policy":{"kink"'), "--format", "label-studio")
    assert result.exit_code == 2
    assert "line 1: this header does not say by which policy labels were made" in result.stderr


def forged_story(folder: Path, old: bytes, new: bytes) -> Path:
    story = Story()
    story.request("x")
    log = story.written(folder)
    log.with_suffix(".env.json").write_text("{}")
    return forged(log, old, new)


def test_the_log_itself_is_never_overwritten(log: Path) -> None:
    before = log.read_bytes()
    named = log.rename(log.with_suffix(".csv"))
    link = named.with_name("link")
    link.symlink_to(named)
    for arguments in ((), ("--out", named), ("--out", link)):
        result = parley("export", named, "--format", "csv", *arguments)
        assert result.exit_code == 2
        assert "this is the log itself; name another file by --out" in result.stderr
    assert named.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"hello\n", b'{"log":9}\n', b"\x00" * 100])
def test_what_is_no_log_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(content)
    result = parley("export", path, "--format", "csv")
    assert result.exit_code == 2
    assert [*tmp_path.iterdir()] == [path]


def test_a_log_that_is_not_there_is_said(tmp_path: Path) -> None:
    result = parley("export", tmp_path / "none.jsonl", "--format", "csv")
    assert result.exit_code == 2
    assert "none.jsonl: No such file or directory" in result.stderr


def test_names_with_brackets_are_shown_as_they_are(log: Path) -> None:
    odd = log.rename(log.with_name("[bold]log[red].jsonl"))
    assert f"25 answers: {odd.with_suffix('.csv')}" in parley("export", odd, "--format", "csv").stdout


def test_the_trace_of_the_command_is_one_that_the_viewer_opens(log: Path) -> None:
    parley("export", log, "--format", "perfetto")
    assert sum(each.category == "work" for each in view(log.with_suffix(".perfetto.json")).slices) == 25
    assert json.loads(log.with_suffix(".perfetto.json").read_text())["otherData"]["campaign"] == "learning"


@pytest.mark.parametrize("name", FORMATS)
def test_of_items_that_were_talked_over_it_is_said_that_positions_are_not_among_the_answers(name: str, tmp_path: Path) -> None:
    talk = LABELLING.replace('kind = "majority"', 'kind = "negotiation"')
    _, log = run_logged(load(write(tmp_path, talk)).scenario, tmp_path)
    result = parley("export", log, "--format", name)
    assert ("is not among the answers" in result.stderr) is (name != "perfetto")
