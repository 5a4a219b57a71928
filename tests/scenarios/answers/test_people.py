"""Recorded people: who gives whose answers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agents.annotator.latencies.choice import AnyLatency
from agents.annotator.latency import Latency
from agents.annotator.noise import Noise
from agents.annotator.noises.choice import AnyNoise
from agents.messages import Item, Label
from bus.chance import Luck
from scenarios.annotators import Person
from scenarios.answers import people as module
from scenarios.answers.people import bind_people
from scenarios.errors import BadInput
from tests.agents.annotator.cases import case
from tests.agents.samples import make
from tests.scenarios.answers.files import choosing, write

TABLE = """task,worker,label,duration
1,ann,no,10
2,bob,yes,
1,ann,yes,1
3,ann,yes,30
2,ann,yes,
3,bob,no,7
4,cat,no,
9,cat,yes,50
"""
ITEMS = (1, 2, 3, 4)
CLASSES = ("no", "yes")


def people(noise: dict[str, Any], latency: dict[str, Any] | None = None, count: int = 2, group: str = "crowd") -> list[Person]:
    made: Noise = make(AnyNoise, noise)
    times: Latency = make(AnyLatency, latency or {"kind": "fixed"})
    return [Person(name=f"{group}-{number}", noise=made, latency=times, price=0.0) for number in range(1, count + 1)]


def bound(
    folder: Path,
    noise: dict[str, Any],
    latency: dict[str, Any] | None = None,
    count: int = 2,
    items: Sequence[Item] = ITEMS,
    classes: Sequence[Label] = CLASSES,
    text: str = TABLE,
) -> list[Person]:
    write(folder, text)
    return bind_people(people(noise, latency, count), folder, items, classes).people


def answers(person: Person, items: Sequence[Item] = ITEMS) -> list[int | None]:
    return [person.noise.answer(case(item), Luck(0)) for item in items]


def seconds(person: Person, items: Sequence[Item] = ITEMS) -> list[float]:
    return [person.latency.seconds(case(item), Luck(0)) for item in items]


RECORDED = {"kind": "recorded", "file": "answers.csv"}


def test_people_are_the_workers_of_the_file_in_order_and_answer_what_they_answered_first(tmp_path: Path) -> None:
    ann, bob = bound(tmp_path, RECORDED)
    assert answers(ann) == [0, 1, 1, None]
    assert answers(bob) == [None, 1, 0, None]
    assert (ann.noise.items(), bob.noise.items()) == ({1, 2, 3}, {2, 3})


def test_workers_may_be_named(tmp_path: Path) -> None:
    cat, ann = bound(tmp_path, {**RECORDED, "workers": ["cat", "ann"]})
    assert (answers(cat), answers(ann)) == ([None, None, None, 0], [0, 1, 1, None])


def test_of_several_answers_that_which_came_first_counts_as_it_does_in_an_imported_log(tmp_path: Path) -> None:
    text = "task,worker,label,start,duration\n1,ann,no,0,50\n1,ann,yes,10,5\n"
    (ann,) = bound(tmp_path, RECORDED, count=1, text=text)
    assert answers(ann) == [1, None, None, None]


def test_tasks_and_labels_are_those_of_the_data_whether_numbers_or_text(tmp_path: Path) -> None:
    text = "task,worker,label\n1,ann,0\n2,ann,1\n"
    (ann,) = bound(tmp_path, RECORDED, count=1, items=("1", "2", "x"), classes=("0", "1", "?"), text=text)
    assert answers(ann, ("1", "2", "x")) == [0, 1, None]
    (ann,) = bound(tmp_path, RECORDED, count=1, items=(1, 2), classes=(0, 1), text=text + "x,ann,1\n")
    assert answers(ann, (1, 2)) == [0, 1]


def test_a_label_that_is_no_class_does_not_matter_where_the_item_or_the_worker_takes_no_part(tmp_path: Path) -> None:
    text = "task,worker,label\n1,ann,yes\n99,ann,maybe\n1,bob,maybe\n"
    (ann,) = bound(tmp_path, RECORDED, count=1, text=text)
    assert answers(ann) == [1, None, None, None]


def test_who_skipped_a_task_declines_it(tmp_path: Path) -> None:
    write(tmp_path, choosing("no", id=1, answer="ignore") + choosing("yes", id=2), "export.jsonl")
    (ann,) = bind_people(people({"kind": "recorded", "file": "export.jsonl"}, count=1), tmp_path, ITEMS, CLASSES).people
    assert answers(ann) == [None, 1, None, None]


def test_recorded_times_are_those_of_the_answers_and_who_declines_takes_none(tmp_path: Path) -> None:
    ann, bob = bound(tmp_path, RECORDED, {"kind": "recorded"})
    assert seconds(ann) == [10.0, 20.0, 30.0, 0.0]
    assert seconds(bob) == [0.0, 7.0, 7.0, 0.0]


def test_nobody_is_asked_for_an_answer_that_would_be_late_however_often_it_was_asked_for(tmp_path: Path) -> None:
    write(tmp_path, TABLE)
    ann, bob = bind_people(people(RECORDED, {"kind": "recorded"}), tmp_path, ITEMS, CLASSES, lease=20).people
    assert (ann.noise.items(), bob.noise.items()) == ({1, 2}, {2, 3})
    assert answers(ann) == [0, 1, None, None]
    assert (ann.latency.within(20), ann.latency.within(15)) == (1.0, 0.5)
    ann, bob = bind_people(people(RECORDED, {"kind": "fixed"}), tmp_path, ITEMS, CLASSES, lease=20).people
    assert ann.noise.items() == {1, 2, 3}


def test_what_is_not_recorded_takes_as_long_as_is_said_or_as_everybody_in_the_median(tmp_path: Path) -> None:
    *_, cat = bound(tmp_path, RECORDED, {"kind": "recorded", "otherwise": "2m"}, count=3)
    assert seconds(cat) == [0.0, 0.0, 0.0, 120.0]
    *_, cat = bound(tmp_path, RECORDED, {"kind": "recorded"}, count=3)
    assert seconds(cat) == [0.0, 0.0, 0.0, 10.0]


def test_times_may_be_recorded_of_people_whose_answers_are_not(tmp_path: Path) -> None:
    ann, _ = bound(tmp_path, {"kind": "one-coin", "accuracy": 1.0}, {"kind": "recorded", "file": "answers.csv"})
    assert answers(ann) == [0, 0, 0, 0]
    assert seconds(ann) == [10.0, 20.0, 30.0, 20.0]
    with pytest.raises(BadInput, match=r"^annotators\.crowd: latency 'recorded' needs a `file`, since the noise is not recorded"):
        bound(tmp_path, {"kind": "one-coin"}, {"kind": "recorded"})


def test_columns_may_be_called_anything(tmp_path: Path) -> None:
    text = "item,who,said,took\n1,ann,yes,5\n"
    columns = {"task": "item", "worker": "who", "label": "said"}
    (ann,) = bound(tmp_path, {**RECORDED, **columns}, {"kind": "recorded", "duration": "took"}, count=1, text=text)
    assert (answers(ann), seconds(ann)) == ([1, None, None, None], [5.0, 0.0, 0.0, 0.0])


def test_people_who_are_not_recorded_stay_as_they_are(tmp_path: Path) -> None:
    others = people({"kind": "one-coin"})
    found = bind_people(others, tmp_path, ITEMS, CLASSES)
    assert all(one is other for one, other in zip(found.people, others, strict=True))
    assert found.digest is None


def test_groups_are_counted_apart(tmp_path: Path) -> None:
    write(tmp_path, TABLE)
    crowd = [*people(RECORDED, count=1, group="a-b"), *people({"kind": "one-coin"}), *people(RECORDED, count=1, group="c")]
    found = bind_people(crowd, tmp_path, ITEMS, CLASSES).people
    assert [person.name for person in found] == ["a-b-1", "crowd-1", "crowd-2", "c-1"]
    assert answers(found[0]) == answers(found[3]) == [0, 1, 1, None]


def test_a_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, opened = module.read_answers, []

    def counting(path: Path, *rest: Any) -> Any:
        opened.append(path)
        return read(path, *rest)

    monkeypatch.setattr(module, "read_answers", counting)
    bound(tmp_path, RECORDED, {"kind": "recorded"}, count=3)
    assert len(opened) == 1


def test_the_digest_is_that_of_the_files(tmp_path: Path) -> None:
    def digest(text: str) -> str | None:
        write(tmp_path, text)
        return bind_people(people(RECORDED), tmp_path, ITEMS, CLASSES).digest

    assert digest(TABLE) == digest(TABLE) != digest(TABLE + "4,ann,no,1\n")


@pytest.mark.parametrize(
    ("noise", "message"),
    [
        ({"file": "none.csv"}, r"none\.csv: No such file or directory$"),
        ({"label": "lable"}, r"answers\.csv: there is no column 'lable'; did you mean 'label'"),
        ({"workers": ["ann"]}, r"^annotators\.crowd: workers names 1 of them, but count is 2$"),
        ({"workers": ["ann", "ann"]}, r"^annotators\.crowd: workers names 1 of them, but count is 2$"),
        (
            {"workers": ["ann", "bop"]},
            r"^annotators\.crowd: .*answers\.csv has no answers of 'bop'; did you mean 'bob'\? there are",
        ),
    ],
)
def test_what_the_file_does_not_have_is_refused(tmp_path: Path, noise: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        bound(tmp_path, {**RECORDED, **noise})


def test_more_people_than_the_file_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"^annotators\.crowd: count is 4, but .*answers\.csv has answers of 3 workers$"):
        bound(tmp_path, RECORDED, count=4)


def test_a_label_that_is_no_class_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"answers\.csv, line 2: 'no' is no class of the data; there are nein, yes$"):
        bound(tmp_path, RECORDED, classes=("nein", "yes"))


def test_a_file_about_other_items_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"answers\.csv: none of its tasks, such as 1, is an item of the data, such as 'a'$"):
        bound(tmp_path, RECORDED, items=("a", "b"))


def test_times_that_nobody_recorded_must_be_said(tmp_path: Path) -> None:
    text = "task,worker,label\n1,ann,yes\n"
    with pytest.raises(
        BadInput, match=r"^annotators\.crowd: how long answers took is not recorded; say what they take by `otherwise`$"
    ):
        bound(tmp_path, RECORDED, {"kind": "recorded"}, count=1, text=text)
    (ann,) = bound(tmp_path, RECORDED, {"kind": "recorded", "otherwise": 3}, count=1, text=text)
    assert seconds(ann) == [3.0, 0.0, 0.0, 0.0]
