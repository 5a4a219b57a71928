"""`parley report`, as a person uses it."""

import os
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from scenarios.cli import app
from tests.scenarios.campaigns import LEARNING, write
from tests.scenarios.logs import GOLDEN
from tests.scenarios.report.browser import Browser

STUDY = """
name = "noise"
scenario = "learning.toml"
seeds = 4
[vary]
"annotators.crowd.noise.accuracy" = [0.6, 0.9]
"selector.strategy" = ["random", { kind = "margin" }]
"""


@pytest.fixture(scope="module")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a study was run; once for all tests, which leave it as it is."""
    folder = tmp_path_factory.mktemp("studied")
    write(folder, LEARNING.replace("labels = 25", "labels = 12"), "learning.toml")
    write(folder, STUDY, "study.toml")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        result = parley("study", "study.toml", "--jobs", "1", "--quiet")
    assert result.exit_code == 0, result.output
    return folder / "studies"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(GOLDEN / "v2-learning.jsonl", "run.jsonl")


def parley(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


def wrote(*arguments: str) -> Result:
    result = parley("report", *arguments)
    assert result.exit_code == 0, result.output
    return result


def test_a_run_has_a_page_beside_its_log(browser: Browser) -> None:
    result = wrote("run.jsonl")
    assert result.stdout == "report: run.html\n"
    look = browser.look_at(Path("run.html"))
    assert "Learning curve" in look.text and look.alts
    assert {path.name for path in Path().iterdir()} == {"run.jsonl", "run.html"}


def test_a_study_has_a_page_in_its_folder_and_goes_by_its_name_too(studied: Path, browser: Browser) -> None:
    shutil.copytree(studied, "studies")
    assert wrote("noise").stdout == f"report: {Path('studies', 'noise', 'report.html')}\n"
    page = Path("studies", "noise", "report.html")
    look = browser.look_at(page)
    assert look.alts
    first = page.read_bytes()
    wrote("studies/noise/runs.jsonl", "--out", "other.html")
    assert Path("other.html").read_bytes() == first


@pytest.mark.parametrize("form", ["pdf", "png", "md"])
def test_the_format_is_that_of_the_name_or_of_the_option(form: str) -> None:
    wrote("run.jsonl", *(("--out", "run.PDF") if form == "pdf" else ("--format", form)))
    starts = {"pdf": b"%PDF-", "png": b"\x89PNG", "md": b"# "}
    assert Path("run.PDF" if form == "pdf" else f"run.{form}").read_bytes().startswith(starts[form])
    assert Path("run-figures").is_dir() == (form == "md")


def test_figures_for_papers_are_files_of_their_own(tmp_path: Path) -> None:
    result = wrote("run.jsonl", "--out", "page.html", "--figures", "for/papers")
    names = sorted(path.name for path in Path("for/papers").iterdir())
    assert f"{len(names)} figures: for/papers" in result.stdout
    assert names and all(re.fullmatch(r"\d\d-[a-z0-9-]+\.(svg|pdf)", name) for name in names)
    assert [name for name in names if name.endswith(".svg")] == [name[:-3] + "svg" for name in names if name.endswith(".pdf")]


def test_quiet_says_nothing() -> None:
    assert wrote("run.jsonl", "--quiet").output == ""


def test_a_run_that_broke_off_has_a_page_that_says_so() -> None:
    lines = Path("run.jsonl").read_bytes().splitlines(keepends=True)
    Path("run.jsonl").write_bytes(b"".join(lines[:60]))
    assert "is not finished" in wrote("run.jsonl").stderr
    assert "is not finished" in Path("run.html").read_text()


def test_answers_of_real_people_have_a_page_too(browser: Browser) -> None:
    rows = "".join(f"{task},{who},{'cat' if (task + who) % 3 else 'dog'}\n" for task in range(8) for who in range(3))
    Path("answers.csv").write_text("task,worker,label\n" + rows)
    assert parley("import", "answers.csv", "--to", "log.jsonl", "--quiet").exit_code == 0
    wrote("log.jsonl")
    assert browser.look_at(Path("log.html")).text


REFUSED = {
    "nothing there": (("nix.jsonl",), r"nix\.jsonl: there is no such log or folder"),
    "a name that was not run": (("noise-effects",), r"noise-effects of the library is to be run first"),
    "a name whose log is there": (("quickstart",), r"this log is of quickstart: logs/quickstart-s7-00\.jsonl"),
    "a name like one": (("noize",), "of the studies run here, did you mean 'noise'"),
    "a folder without a study": (("logs",), r"logs: this folder holds no study, .*of its logs, name one: quickstart-s7-00\.jsonl"),
    "an empty folder": (("studies/noise",), r"studies/noise: this folder holds no study, as there is no runs\.jsonl in it$"),
    "a scenario": (("scene.toml",), "scene.toml: a report is made of what was run"),
    "no log": (("notes.txt",), r"notes\.txt, line 1: "),
    "a picture": (("picture.png",), r"picture\.png, line 1: "),
    "a pipe": (("pipe",), "pipe: this is no regular file"),
    "an empty log": (("empty.jsonl",), r"empty\.jsonl: there is no whole line in it"),
    "a damaged log": (("damaged.jsonl",), r"damaged\.jsonl, line 31: "),
    "a damaged study": (("bad",), r"bad/runs\.jsonl, line 1: "),
    "an unknown suffix": (("run.jsonl", "--out", "page.htm"), r"--out page\.htm: .*\? there are \.html, \.md, \.pdf, \.png"),
    "no suffix": (("run.jsonl", "--out", "page"), "the name should end in the format"),
    "an unknown format": (("run.jsonl", "--format", "docx"), "--format docx: .*there are html, md, pdf, png"),
    "a format against the suffix": (("run.jsonl", "--format", "pdf", "--out", "page.html"), r"pdf: page\.html ends in \.html"),
    "a folder that is not there": (("run.jsonl", "--out", "nix/page.html"), "there is no folder"),
    "a folder": (("run.jsonl", "--out", "folder.html"), r"folder\.html: this is a folder"),
    "figures into a file": (("run.jsonl", "--figures", "notes.txt"), r"--figures notes\.txt: this is a file; name a folder"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_used_is_refused_with_the_reason(what: str) -> None:
    arguments, message = REFUSED[what]
    for folder in ("logs", "studies/noise", "bad", "folder.html"):
        Path(folder).mkdir(parents=True)
    Path("logs/quickstart-s7-00.jsonl").write_bytes(b"")
    Path("scene.toml").write_text("name = 'scene'\n")
    Path("notes.txt").write_text("notes\n")
    Path("picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    Path("empty.jsonl").write_bytes(b"")
    os.mkfifo("pipe")
    Path("bad/runs.jsonl").write_text('{"study":1,"name":"bad","sum":"00000000"}\n')
    lines = Path("run.jsonl").read_bytes().splitlines(keepends=True)
    lines[30] = lines[30].replace(b'"t":', b'"t":1', 1)
    Path("damaged.jsonl").write_bytes(b"".join(lines))
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    result = parley("report", *arguments)
    assert result.exit_code == 2, result.output
    assert re.search(message, " ".join(result.stderr.split())), result.stderr
    assert "Traceback" not in result.output
    assert before == {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_if_a_report_cannot_be_written_what_stood_there_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("run.md").write_text("what stood there")
    Path("run-figures").write_text("a file where the folder should be")
    result = parley("report", "run.jsonl", "--format", "md")
    assert result.exit_code == 2
    assert "run-figures: this folder cannot be made" in result.stderr
    assert Path("run.md").read_text() == "what stood there"


def test_the_log_itself_is_never_written_over() -> None:
    Path("run.jsonl").rename("run.html")
    log = Path("run.html").read_bytes()
    result = parley("report", "run.html")
    assert result.exit_code == 2
    assert "this is a file that is to be read" in result.stderr
    assert Path("run.html").read_bytes() == log
