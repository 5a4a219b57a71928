"""Who of a people file takes part in a scenario."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from agents.annotator.availabilities.churn import Churn
from agents.annotator.changes.practice import Practice
from agents.annotator.latencies.fixed import FixedTime
from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.one_coin import OneCoin
from agents.annotator.noises.reordered import Reordered
from agents.component import Trust
from bus.chance import Chance
from scenarios.annotators import AnnotatorsTable, Person
from scenarios.cli import app
from scenarios.errors import BadInput
from scenarios.loading import load
from scenarios.run import Origin, prepare, resume, run, verify
from scenarios.study.design import read_design
from scenarios.study.study import Study
from tests.agents.annotator.cases import case
from tests.scenarios.crowds.files import PEOPLE, SCENARIO, write


def people_of(path: Path, seed: int | None = None, **overrides: Any) -> list[Person]:
    loaded = load(path, {key.replace("__", "."): value for key, value in overrides.items()})
    return loaded.scenario.people(Chance(loaded.scenario.seed if seed is None else seed))


def test_everybody_in_the_file_takes_part_once_and_in_order(tmp_path: Path) -> None:
    ann, bob, cyd = people_of(write(tmp_path))
    assert [ann.name, bob.name, cyd.name] == ["crowd-1", "crowd-2", "crowd-3"]
    assert isinstance(ann.noise, Confusion)
    assert (ann.latency, ann.price) == (FixedTime(time=20), 0.1)
    assert (bob.noise, bob.changes, bob.price) == (OneCoin(accuracy=0.6), (Practice(),), 0.0)
    assert (cyd.noise, cyd.latency) == (OneCoin(), FixedTime())


def test_keys_beside_the_file_hold_for_all(tmp_path: Path) -> None:
    people = people_of(write(tmp_path), annotators__crowd__noise="one-coin", annotators__crowd__price=0.3)
    assert [person.noise for person in people] == [OneCoin()] * 3
    assert [person.price for person in people] == [0.3] * 3
    assert people[0].latency == FixedTime(time=20)


def test_with_a_count_people_are_drawn_whole_and_each_by_their_own_luck(tmp_path: Path) -> None:
    path = write(tmp_path)
    many, more = (people_of(path, annotators__crowd__count=count) for count in (40, 41))
    assert more[:40] == many
    assert {(person.price, type(person.noise), len(person.changes)) for person in many} == {
        (0.1, Confusion, 0), (0.0, OneCoin, 1), (0.0, OneCoin, 0),
    }  # fmt: skip
    assert many != people_of(path, seed=4, annotators__crowd__count=40)


def test_everybody_is_drawn_as_often(tmp_path: Path) -> None:
    people = people_of(write(tmp_path), annotators__crowd__count=3000)
    ann = np.mean([person.price == 0.1 for person in people])
    assert abs(ann - 1 / 3) < 4 * (2 / 9 / 3000) ** 0.5


def test_load_makes_people_leave_after_so_many_times_what_they_did(tmp_path: Path) -> None:
    path = write(tmp_path, PEOPLE + "answers = 1\n", SCENARIO + "load = 0.5\n")
    assert [person.availability for person in people_of(path)] == [
        (Churn(leaves_after=6),), (Churn(leaves_after=2),), (Churn(leaves_after=1),),
    ]  # fmt: skip


def test_load_needs_to_know_what_people_did(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"load goes by how many answers people gave, but .*person 3 \('cyd'\), has no `answers`"):
        load(write(tmp_path, scenario=SCENARIO + "load = 1\n"))
    with pytest.raises(ValueError, match="there is no `people`"):
        AnnotatorsTable(load=1.0)


def test_classes_of_the_data_are_found_in_the_file_by_their_names(tmp_path: Path) -> None:
    path = write(tmp_path, PEOPLE.replace('["no", "perhaps", "yes"]', '["yes", "no", "perhaps"]'))
    loaded = load(path)
    _, world, people = prepare(loaded.scenario, Origin(loaded.folder))
    assert world.truth.classes == ("no", "perhaps", "yes")
    noise = people[0].noise
    assert isinstance(noise, Reordered)
    # Ann takes one in ten of the first class of the file, yes, for its second, no.
    assert noise.chances(case(truth=2, classes=3)) == [0.1, 0.0, 0.9]
    summary = run(loaded.scenario, None, origin=Origin(loaded.folder))
    assert summary.labels == 60


def test_a_file_about_other_classes_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, PEOPLE.replace('"perhaps"', '"maybe"'))
    loaded = load(path)
    with pytest.raises(BadInput, match=r"theirs are no, maybe, yes, and those of the data no, perhaps, yes"):
        prepare(loaded.scenario, Origin(loaded.folder))
    path = write(tmp_path, PEOPLE.replace('classes = ["no", "perhaps", "yes"]', "").replace("0.9, 0.1, 0.0]", "0.9, 0.1]"))
    with pytest.raises(BadInput, match=r"people\.toml, person 1 \('ann'\): noise\.matrix: row 1 has 2 entries"):
        load(path)


def test_too_few_people_for_the_policy_are_refused_when_the_file_is_read(tmp_path: Path) -> None:
    path = write(tmp_path, scenario=SCENARIO + '[coordination]\npolicy = { kind = "majority", size = 4 }\n')
    with pytest.raises(BadInput, match=r"theirs\.toml: coordination\.policy asks 4 different people .* there are 3 annotators"):
        load(path)
    assert load(path, {"annotators.crowd.count": 4}).scenario.people_count == 4


def test_faults_name_people_of_the_file(tmp_path: Path) -> None:
    crash = '[faults]\ncrashes = [{ agent = "crowd-%d", at = "1m", down = "1m" }]\n'
    assert load(write(tmp_path, scenario=SCENARIO + crash % 3)).scenario.people_count == 3
    with pytest.raises(BadInput, match="there is no agent 'crowd-4'"):
        load(write(tmp_path, scenario=SCENARIO + crash % 4))


def test_a_log_names_the_file_and_is_verified_resumed_and_asked_what_if(tmp_path: Path) -> None:
    loaded = load(write(tmp_path))
    summary = run(loaded.scenario, tmp_path / "logs", origin=Origin(loaded.folder))
    log = Path(str(summary.log))
    header = json.loads(log.read_text().splitlines()[0])
    assert header["scenario"]["annotators"] == [{"name": "crowd", "people": "people.toml"}]
    assert header["scenario"]["selector"]["in_flight"] == 3
    assert verify(log, Trust(everything=False)).footer is not None
    whole = log.read_bytes()
    log.write_bytes(b"".join(whole.splitlines(keepends=True)[:50]))
    resume(log, Trust(everything=False))
    assert log.read_bytes() == whole


def test_a_file_that_has_changed_is_noticed(tmp_path: Path) -> None:
    loaded = load(write(tmp_path))
    log = Path(str(run(loaded.scenario, tmp_path / "logs", origin=Origin(loaded.folder)).log))
    write(tmp_path, PEOPLE + "answers = 3\n")
    with pytest.raises(BadInput, match="the data are not those of the run"):
        verify(log, Trust())
    (tmp_path / "people.toml").unlink()
    with pytest.raises(BadInput, match=r"people\.toml: No such file"):
        verify(log, Trust())


def test_a_study_varies_people_of_a_file(tmp_path: Path) -> None:
    write(tmp_path)
    study = tmp_path / "study.toml"
    study.write_text('name = "s"\nscenario = "theirs.toml"\nseeds = 1\n[vary]\n"annotators.crowd.count" = [1, 5]\n')
    rows = Study.read(study).run().rows
    assert [row["error"] for row in rows] == [None, None]
    study.write_text('name = "s"\nscenario = "theirs.toml"\n[vary]\n"annotators.crowd.people" = ["people.toml", "no.toml"]\n')
    with pytest.raises(BadInput, match=r"no\.toml: No such file"):
        read_design(study)


def test_a_file_stands_beside_its_scenario_wherever_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    path = write(folder)
    monkeypatch.chdir(tmp_path)
    assert load(path).scenario.people_count == 3
    shutil.move(folder / "people.toml", tmp_path / "people.toml")
    with pytest.raises(BadInput, match=r"theirs\.toml: .*people\.toml: No such file"):
        load(path)


def test_what_if_is_asked_of_the_same_people(tmp_path: Path) -> None:
    loaded = load(write(tmp_path))
    log = Path(str(run(loaded.scenario, tmp_path / "logs", origin=Origin(loaded.folder)).log))
    result = CliRunner().invoke(app, ["whatif", str(log), "--set", "annotators.crowd.price=0.5", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["after"]["cost"] == 30.0
    assert found["before"]["label_accuracy"] == found["after"]["label_accuracy"]
