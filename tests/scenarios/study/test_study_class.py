"""Studies in Python: said, run, and what came of them as frames and in notebooks."""

import json
import subprocess
import sys
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pandas
import pytest
from pandas.testing import assert_frame_equal

from scenarios.errors import BadInput
from scenarios.loading import load
from scenarios.run import run
from scenarios.study.results import Results
from scenarios.study.session import Stage
from scenarios.study.study import Study
from tests.scenarios.campaigns import LABELLING, LEARNING, write
from tests.scenarios.study.made import made_curve, made_results

SIZES = {"coordination.policy": [{"kind": "majority", "size": 1}, {"kind": "majority", "size": 3}]}
SCRIPT = "<script>alert(1)</script>"


class Cells(HTMLParser):
    """The cells of the tables of a page, and the names of its tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)
        self.open.append(tag)
        if tag in ("tr", "caption"):
            self.rows.append([])
        if tag in ("td", "th", "caption"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.rows[-1][-1] += data


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    return write(tmp_path, LABELLING)


# Saying and running


def test_what_is_said_in_python_is_what_a_file_says(scenario: Path, tmp_path: Path) -> None:
    path, called = "coordination.policy.size", ["alone", "of three"]
    text = f'name = "sizes"\nscenario = "scenario.toml"\nseeds = 2\n[vary]\n"{path}" = [1, 3]\n[names]\n"{path}" = {called}\n'
    read = Study.read(write(tmp_path, text, "study.toml"))
    said = Study.of(scenario, {path: [1, 3]}, seeds=2, name="sizes", names={path: called})
    assert read.design.points == said.design.points
    results = said.run()
    assert read.run() == results._replace(scenario="scenario.toml")


def test_a_scenario_of_objects_is_as_good_as_its_file(scenario: Path, tmp_path: Path) -> None:
    from_file = Study.of(scenario, SIZES, seeds=2).run()
    from_objects = Study.of(load(scenario).scenario, SIZES, seeds=2, folder=tmp_path).run()
    assert from_objects.rows == from_file.rows


def test_the_library_is_found_by_name() -> None:
    study = Study.read("noise-effects", seeds=3)
    assert study.design.file.seeds == 3
    assert repr(study).startswith("<study noise-effects: ")
    assert repr(study).endswith(" points, 3 seeds each>")


def test_points_samples_and_what_is_compared_are_said_as_in_a_file(scenario: Path) -> None:
    path = "annotators.crowd.noise.accuracy"
    listed = Study.of(scenario, points=[{path: 0.6}, {path: 0.8}], against=0.8, measure="cost", target=2.0)
    assert [point.settings for point in listed.design.points] == [{path: 0.6}, {path: 0.8}]
    assert (listed.design.file.against, listed.design.measure, listed.design.file.target) == (0.8, "cost", 2.0)
    drawn = Study.of(scenario, sample={"points": 4, "dials": {path: {"low": 0.5, "high": 0.9}}})
    assert len(drawn.design.points) == 4


def test_a_study_without_a_folder_writes_nothing(scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Study.of(scenario, SIZES, seeds=2).run()
    assert [path.name for path in tmp_path.iterdir()] == ["scenario.toml"]


def test_it_is_told_how_far_it_has_come(scenario: Path) -> None:
    stages: list[Stage] = []
    Study.of(scenario, SIZES, seeds=2).run(watch=stages.append)
    assert stages == [Stage(done, 4, 0) for done in range(1, 5)]


def test_with_a_folder_it_can_go_on(scenario: Path, tmp_path: Path) -> None:
    def stop(stage: Stage) -> None:
        if stage.done == 2:
            raise KeyboardInterrupt

    study = Study.of(scenario, SIZES, seeds=2)
    with pytest.raises(KeyboardInterrupt):
        study.run(out=tmp_path / "out", watch=stop)
    stages: list[Stage] = []
    results = study.run(out=tmp_path / "out", resume=True, watch=stages.append)
    assert stages == [Stage(3, 4, 0), Stage(4, 4, 0)]
    assert results == study.run()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"vary": {"coordination.policy.sise": [1]}}, "sise"),
        ({"vary": {"coordination.policy.size": []}}, "at least 1"),
        ({"seeds": 0}, "seeds"),
        ({"precision": 0.1, "seeds": 1}, "precision"),
        ({"vary": SIZES, "against": 7}, "is never '7'"),
    ],
)
def test_what_is_not_possible_is_refused_at_once(scenario: Path, given: dict[str, object], says: str) -> None:
    with pytest.raises(BadInput, match=says) as refusal:
        Study.of(scenario, **given)  # type: ignore[arg-type]
    assert str(refusal.value).startswith("Study.of")


def test_what_is_kept_needs_a_folder(scenario: Path) -> None:
    study = Study.of(scenario, SIZES, seeds=1)
    for given in ({"logs": True}, {"resume": True}):
        with pytest.raises(BadInput, match="needs `out`"):
            study.run(**given)


@pytest.mark.slow
def test_a_script_runs_it_in_several_processes_without_a_guard(scenario: Path, tmp_path: Path) -> None:
    study = f"Study.of({str(scenario)!r}, {SIZES!r}, seeds=2)"
    write(tmp_path, f"from scenarios.study.study import Study\nprint({study}.run(jobs=2))\n", "script.py")
    done = subprocess.run([sys.executable, str(tmp_path / "script.py")], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("<results of labelling: 2 points, 4 runs>\n", 0), done.stderr


# Frames


@pytest.fixture
def learnt(tmp_path: Path) -> tuple[Results, Path]:
    study = Study.of(write(tmp_path, LEARNING), {**SIZES, "stop.labels": [5, 10]}, seeds=2)
    return study.run(out=tmp_path / "out"), tmp_path / "out"


def test_frames_are_what_the_files_hold(learnt: tuple[Results, Path]) -> None:
    results, folder = learnt
    for frame, name in ((results.frame(), "results"), (results.curves(), "curves")):
        parquet = pandas.read_parquet(folder / f"{name}.parquet")
        assert_frame_equal(frame, parquet, check_dtype=False)
        csv = pandas.read_csv(folder / f"{name}.csv", dtype={"scenario": str, "data_digest": str})
        assert_frame_equal(frame, csv, check_dtype=False)
        text = StringIO()
        frame.to_csv(text, index=False, lineterminator="\n")
        assert text.getvalue() == (folder / f"{name}.csv").read_text(encoding="utf-8")


def test_numbers_are_numbers_and_components_are_json(learnt: tuple[Results, Path]) -> None:
    frame = learnt[0].frame()
    assert str(frame["stop.labels"].dtype) == str(frame["answers"].dtype) == "int64"
    assert str(frame["accuracy"].dtype) == "float64"
    assert [json.loads(each) for each in frame["coordination.policy"].unique()] == SIZES["coordination.policy"]
    assert frame.groupby("stop.labels")["accuracy"].mean().notna().all()


def test_counts_that_a_failed_run_does_not_have_leave_the_others_whole() -> None:
    results = made_results(
        {"stop.labels": [10, 20], "stop.act": [True, False]},
        lambda settings, seed: "failed" if seed else {"answers": 7, "accuracy": 0.5},
        seeds=2,
    )
    frame = results.frame()
    assert str(frame["answers"].dtype) == "Int64"
    assert frame["answers"].dropna().tolist() == [7] * 4
    assert str(frame["stop.act"].dtype) == "bool"
    assert frame["accuracy"].isna().sum() == frame["error"].notna().sum() == 4


def test_no_curves_are_a_frame_without_rows() -> None:
    frame = made_results({"stop.labels": [10, 20]}, lambda settings, seed: {"accuracy": 0.5}).curves()
    assert len(frame) == 0
    assert [*frame.columns][:4] == ["point", "stop.labels", "seed", "version"]


def test_without_pandas_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    results = made_results({"stop.labels": [10, 20]}, lambda settings, seed: {"accuracy": 0.5})
    with pytest.raises(BadInput, match="pip install pandas"):
        results.frame()
    with pytest.raises(BadInput, match="pip install pandas"):
        results.curves()


# Notebooks


def made(seeds: int = 5) -> Results:
    return made_results(
        {"stop.labels": [100, 200], "coordination.policy": [{"kind": "majority", "size": 3}, {"kind": SCRIPT}]},
        lambda settings, seed: {
            "accuracy": 0.8 + 0.01 * seed, "cost": float(seed + settings["stop.labels"]), "curve": made_curve(0.8)
        },
        seeds=seeds,
        name=SCRIPT,
    )  # fmt: skip


def test_results_are_a_line_in_a_terminal() -> None:
    assert repr(made_results({"stop.labels": [10, 20]}, lambda settings, seed: "no" if seed else {}, seeds=3)) == (
        "<results of made: 2 points, 6 runs, 4 of them failed>"
    )


def test_results_are_a_table_in_a_notebook_with_a_line_a_point() -> None:
    (caption,), head, *rows = Cells(made()._repr_html_()).rows
    assert caption == f"{SCRIPT}: 4 points, 20 runs; means with 95 % intervals"
    assert head[2:] == ["runs", "accuracy of the model, %", "money"]
    assert [row[2] for row in rows] == ["5"] * 4
    assert rows[0][3].startswith("82.0 \u00b1 ")
    assert [row[0] for row in rows] == ["100", "100", "200", "200"]


def test_no_text_of_data_is_markup_in_a_notebook() -> None:
    page = made()._repr_html_()
    assert Cells(page).tags == {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert SCRIPT not in page
    assert any(SCRIPT in cell for row in Cells(page).rows for cell in row)


def test_of_many_points_the_first_are_shown() -> None:
    results = made_results({"stop.labels": [*range(1, 81)]}, lambda settings, seed: {"accuracy": 0.5}, seeds=2)
    (caption,), _, *rows = Cells(results._repr_html_()).rows
    assert len(rows) == 50
    assert caption.endswith("; the first 50 of 80 points")


@pytest.mark.parametrize("figures", ["failed", {}])
def test_where_nothing_came_of_it_that_is_what_is_shown(figures: dict[str, object] | str) -> None:
    results = made_results({"stop.labels": [10, 20]}, lambda settings, seed: figures, seeds=2)
    assert [row[-1] for row in Cells(results._repr_html_()).rows[2:]] == ["-", "-"]


def test_a_summary_is_a_table_in_a_notebook(scenario: Path) -> None:
    summary = run(load(scenario).scenario, logs=None).model_copy(update={"name": SCRIPT})
    page = summary._repr_html_()
    (caption,), *rows = Cells(page).rows
    assert SCRIPT not in page
    assert caption == f"{SCRIPT}, seed 3: stopped by pool"
    assert ["labels", "60"] in rows
    assert ["money", f"{summary.cost:,.2f}"] in rows


# The page


def test_the_page_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    results = made_results({"stop.labels": [10, 20]}, lambda settings, seed: {"accuracy": 0.5 + seed / 100}, seeds=3)
    page = results.report(tmp_path / "pages" / "page.md")
    assert page.read_text(encoding="utf-8").startswith("# made")
    with pytest.raises(BadInput, match="did you mean 'html'"):
        results.report(tmp_path / "page.htm")
