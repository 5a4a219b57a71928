"""A crowd fitted to a log: what is written of each person runs, and answers as the log says."""

from pathlib import Path

import numpy as np
import pytest

from agents.annotator.case import Case
from agents.annotator.nature import Nature
from agents.component import Trust
from agents.items import UNKNOWN
from bus.chance import Chance
from scenarios.aggregation.reading import read_truth
from scenarios.answers.table import Columns
from scenarios.crowds.calibration import Calibrated, calibrate, company, hardness_of, saying
from scenarios.crowds.log import read_log
from scenarios.crowds.reading import read_crowd
from scenarios.crowds.sampled import sample, shares_of
from scenarios.crowds.writing import write_crowd
from tests.scenarios.crowds.files import write_log


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Calibrated:
    answers, truth = write_log(tmp_path_factory.mktemp("log"), items=150, people=10, votes=6)
    return calibrate(read_log(answers, Columns(), None, read_truth(truth)), 0, lambda _: None)


def test_rows_have_the_keys_that_are_promised_and_come_back_from_a_file(found: Calibrated, tmp_path: Path) -> None:
    rows = [*found.rows()]
    assert all({*row} == {"worker", "answers", *found.keys} for row in rows)
    assert found.keys[0] == "noise" and {"latency", "availability"} <= {*found.keys}
    for name in ("people.toml", "people.parquet"):
        write_crowd(found.rows(), found.crowd.classes, found.keys, tmp_path / name)
        crowd = read_crowd(tmp_path / name, Trust(everything=False))
        assert [*crowd.workers] == [row["worker"] for row in rows]
        assert sum(number or 0 for number in crowd.answers) == len(found.log.table)
        assert crowd.classes == ("c0", "c1", "c2")


def test_people_of_the_file_err_as_their_fitted_matrices_say(found: Calibrated, tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    write_crowd(found.rows(), found.crowd.classes, found.keys, path)
    crowd, nature = read_crowd(path, Trust()), Nature(Chance(5))
    for person in range(3):
        noise = crowd.person(person)["noise"]
        for truth in range(3):
            chances = np.array([noise.chances(Case(item, 0, truth, 3, nature)) for item in range(3000)])
            error = chances.std(axis=0) / 3000**0.5
            assert (np.abs(chances.mean(axis=0) - found.people.confusion[person, truth]) <= 4 * error + 2e-3).all()


def test_the_same_seed_fits_the_same_people(found: Calibrated) -> None:
    again = calibrate(found.log, 0, lambda _: None)
    assert [*again.rows()] == [*found.rows()]


def test_what_could_not_be_learnt_is_said(tmp_path: Path) -> None:
    answers, _ = write_log(tmp_path, times=False, items=12)
    lacking = calibrate(read_log(answers, Columns(), None, None), 0, lambda _: None).lacking
    for what in ("nothing says what is true", "how long answers take: the file does not say", "the file does not say when answers"):
        assert any(what in each for each in lacking), lacking


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param("a,ann,x\na,bob,y\n", id="two answers"),
        pytest.param("a,ann,x\nb,bob,y\n", id="nobody answers what others did"),
        pytest.param("a,ann,x\na,ann,x\na,ann,y\nb,ann,y\n", id="one person, again and again"),
        pytest.param("".join(f"t{n},w{n % 7},c{n % 60}\n" for n in range(120)), id="many classes"),
    ],
)
def test_logs_that_hardly_tell_anything_make_people_all_the_same(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("task,worker,label\n" + rows)
    found = calibrate(read_log(path, Columns(), None, None), 0, lambda _: None)
    write_crowd(found.rows(), found.crowd.classes, found.keys, tmp_path / "people.toml")
    assert len(read_crowd(tmp_path / "people.toml", Trust())) == len(found.crowd.people)
    assert len(sample(found, 0).alike) == 4


def test_people_who_err_alone_do_not_err_together(found: Calibrated) -> None:
    table, truth = found.log.table, found.log.truth
    stream = Chance(2).stream("alone")
    right = stream.random(len(table)) < 0.7
    alone = np.where(right, truth[table.item], (truth[table.item] + 1) % 3)
    by_item = np.where(stream.random(len(truth)) < 0.7, truth, (truth + 1) % 3)[table.item]
    one, other = company(saying(table, alone), truth).phi, company(saying(table, by_item), truth).phi
    assert one is not None and other is not None
    # There are 150 items of 15 pairs.
    assert abs(one) < 4 / (150 * 15) ** 0.5
    assert other > 0.9


def test_items_that_many_get_wrong_are_hard(found: Calibrated) -> None:
    table, truth = found.log.table, found.log.truth
    hardness = hardness_of(table, truth)
    assert abs(hardness.mean()) < 1e-9 and abs(hardness.std() - 1) < 1e-9
    wrong = np.bincount(table.item, table.label != truth[table.item])
    assert hardness[wrong.argmax()] == hardness.max()


def test_shares_of_right_answers_sum_to_one(found: Calibrated) -> None:
    table, truth = found.log.table, found.log.truth
    for shares in (shares_of(table, truth, 7), shares_of(table, None, 7)):
        assert shares.shape == (7,)
        assert abs(shares.sum() - 1) < 1e-12
    # What most say is said by one of three at least.
    assert shares_of(table, None, 7)[:2].sum() == 0 < shares_of(table, truth, 7)[:2].sum()
    assert (found.log.truth != UNKNOWN).all()
