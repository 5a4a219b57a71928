"""People files: what is in them is what was written, and what is wrong is said with its person."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.annotator.noises.confusion import Confusion
from agents.annotator.noises.one_coin import OneCoin
from agents.component import Trust
from scenarios.crowds.reading import read_crowd
from scenarios.crowds.writing import write_crowd
from scenarios.errors import BadInput
from scenarios.toml import toml
from tests.scenarios.crowds.files import PEOPLE

ROWS: list[dict[str, Any]] = [
    {"worker": "ann", "answers": 12, "noise": {"kind": "one-coin", "accuracy": 0.6}, "price": 0.5},
    {"worker": 'b"o\\b\u007f', "answers": 3, "noise": {"kind": "one-coin", "accuracy": 0.6}, "changes": [{"kind": "practice"}]},
    {"worker": "cyd", "answers": None},
]


def test_a_file_says_of_each_person_what_stands_in_their_table(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text(PEOPLE)
    crowd = read_crowd(path, Trust())
    assert (len(crowd), crowd.classes) == (3, ("no", "perhaps", "yes"))
    assert ([*crowd.workers], [*crowd.answers]) == (["ann", "bob", "cyd"], [12, 3, None])
    assert isinstance(crowd.person(0)["noise"], Confusion)
    assert crowd.person(0)["price"] == 0.1
    assert crowd.person(1)["noise"] == OneCoin(accuracy=0.6)
    assert crowd.person(2) == {}


@pytest.mark.parametrize("name", ["people.toml", "people.parquet"])
def test_what_is_written_is_read_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_crowd(ROWS, [0, 1], ["noise", "price", "changes"], path, "two\nlines")
    crowd = read_crowd(path, Trust())
    assert crowd.classes == (0, 1)
    assert [*crowd.workers] == [row["worker"] for row in ROWS]
    assert [*crowd.answers] == [12, 3, None]
    assert [{*crowd.person(row)} for row in range(3)] == [{"noise", "price"}, {"noise", "changes"}, set()]
    assert crowd.person(0)["noise"] == OneCoin(accuracy=0.6)


def test_what_is_said_of_many_in_parquet_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    write_crowd([{"worker": f"w{each}", "noise": ROWS[0]["noise"]} for each in range(9000)], [0, 1], ["noise"], path)
    crowd = read_crowd(path, Trust())
    assert all(crowd.person(row)["noise"] is crowd.person(0)["noise"] for row in range(9000))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    texts | st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
@settings(max_examples=200, deadline=None)
def test_any_value_is_written_as_toml_reads_it(value: object) -> None:
    assert tomllib.loads(f"value = {toml(value)}") == {"value": value}


WRONG = {
    "no people": ("classes = [0, 1]", "there is nobody in it"),
    "an unknown key": ("people = 1", "unknown key 'people'; there are annotators, classes"),
    "no tables": ("annotators = 3", r"write \[\[annotators\]\]"),
    "an unknown key of a person": ("[[annotators]]\nnose = 1", "person 1: unknown key 'nose'; did you mean 'noise'?"),
    "a name": ('[[annotators]]\nname = "x"', "person 1: unknown key 'name'"),
    "a worker who is a number": ("[[annotators]]\nworker = 3", "person 1: worker is 3; it should be text"),
    "answers below 0": ("[[annotators]]\nanswers = -1", "person 1: answers is -1"),
    "answers that are no number": ("[[annotators]]\nanswers = true", "person 1: answers is True"),
    "an unknown noise": (
        '[[annotators]]\n[[annotators]]\nworker = "bob"\nnoise = "one-con"',
        r"person 2 \('bob'\): noise: there is no noise 'one-con'; did you mean 'one-coin'",
    ),
    "a dial out of bounds": (
        '[[annotators]]\nnoise = { kind = "one-coin", accuracy = 1.5 }',
        "person 1: noise.accuracy: .*less than or equal to 1.*1.5",
    ),
    "a matrix of another size": (
        'classes = [1, 2, 3]\n[[annotators]]\nnoise = { kind = "confusion", matrix = [[1, 0], [0, 1]] }',
        "person 1: noise: the confusion matrix is for 2 classes, but the data have 3",
    ),
    "a price of less than a millionth": ("[[annotators]]\nprice = 1e-9", "person 1: price: .*a millionth at least"),
    "a price below 0": ("[[annotators]]\nprice = -1", "person 1: price: .*greater than or equal to 0"),
    "classes that are none": ("classes = 3\n[[annotators]]", "classes is 3; it should be a list of labels"),
    "a class twice": ('classes = [1, "1"]\n[[annotators]]', "a label stands in it twice"),
    "a class that is no label": ("classes = [1.5]\n[[annotators]]", "1.5 is no label"),
    "no TOML": ("[[annotators]\n", "this is no TOML"),
    "nesting without end": ("annotators = " + "[" * 5000, "this is no TOML: it is nested too deeply"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_its_person(tmp_path: Path, what: str) -> None:
    text, message = WRONG[what]
    path = tmp_path / "people.toml"
    path.write_text(text)
    with pytest.raises(BadInput, match=rf"(?s)^{re.escape(str(path))}.*{message}"):
        read_crowd(path, Trust())


PARQUET: dict[str, tuple[dict[str, list[Any]], dict[str, str] | None, str]] = {
    "an unknown column": ({"nose": ["{}"]}, None, "unknown column 'nose'; did you mean 'noise'"),
    "a column of numbers": ({"noise": [1]}, None, "column 'noise' holds int64; it should hold text"),
    "answers in text": ({"answers": ["1"]}, None, "column 'answers' holds string; it should hold whole numbers"),
    "no JSON": ({"worker": ["a", "b"], "noise": [None, "{"]}, None, r"person 2 \(.b.\): noise: this is no JSON"),
    "JSON nested without end": ({"noise": ["[" * 10**5]}, None, "person 1: noise: this is no JSON: it is nested too deeply"),
    "a noise that is none": (
        {"worker": ["a", "b"], "noise": ['"one-coin"', '{"kind":"nix"}']},
        None,
        r"person 2 \('b'\): noise: there is no noise 'nix'",
    ),
    "infinite dials": ({"latency": ['{"kind":"fixed","time":Infinity}']}, None, "person 1: latency"),
    "classes that are no JSON": ({"noise": ['"one-coin"']}, {"classes": "["}, "classes: this is no JSON"),
    "nobody": ({"worker": []}, None, "there is nobody in it"),
}


@pytest.mark.parametrize("what", PARQUET)
def test_what_is_wrong_in_parquet_is_said_with_its_person(tmp_path: Path, what: str) -> None:
    columns, metadata, message = PARQUET[what]
    typed = {name: pa.array(cells, pa.string()) if name == "worker" else pa.array(cells) for name, cells in columns.items()}
    path = tmp_path / "people.parquet"
    pq.write_table(pa.table(typed).replace_schema_metadata(metadata), path)
    with pytest.raises(BadInput, match=rf"(?s)^{re.escape(str(path))}.*{message}"):
        read_crowd(path, Trust())


def test_damage_of_parquet_a_folder_and_nothing_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    with pytest.raises(BadInput, match="No such file"):
        read_crowd(path, Trust())
    path.write_bytes(b"PAR1" + b"x" * 100 + b"PAR1")
    with pytest.raises(BadInput, match="no Parquet file, or a damaged one"):
        read_crowd(path, Trust())
    with pytest.raises(BadInput, match="no regular file"):
        read_crowd(tmp_path, Trust())


def test_code_of_others_is_imported_if_it_is_trusted_only(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text('[[annotators]]\nnoise = { kind = "os.path.Noise" }')
    with pytest.raises(BadInput, match=r"person 1: noise: 'os.path.Noise' is code of somebody else, and running it needs --trust"):
        read_crowd(path, Trust(everything=False))


def test_files_of_equal_bytes_are_equal_crowds(tmp_path: Path) -> None:
    for name in ("one.toml", "other.toml"):
        (tmp_path / name).write_text(PEOPLE)
    (tmp_path / "third.toml").write_text(PEOPLE + "answers = 1\n")
    one, other, third = (read_crowd(tmp_path / name, Trust()) for name in ("one.toml", "other.toml", "third.toml"))
    assert one == other != third


def test_json_that_is_written_has_no_numbers_that_json_lacks(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_crowd([{"worker": "w", "noise": {"accuracy": float("nan")}}], [0, 1], ["noise"], tmp_path / "people.parquet")
    assert not (tmp_path / "people.parquet").exists()
