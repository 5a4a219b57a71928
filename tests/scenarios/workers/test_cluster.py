"""Workers on many machines."""

import sys
from pathlib import Path

import pytest

from scenarios.errors import BadInput
from scenarios.workers import cluster
from scenarios.workers.cluster import Cluster, cluster_at
from tests.scenarios.workers.deeds import Deadly, Square
from tests.scenarios.workers.machines import machines


@pytest.mark.parametrize("address", ["", "localhost", "10.0.0.1:8786", "tcp://10.0.0.1", "http://10.0.0.1:8786", "tcp://a b:1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput, match=r"no address of a scheduler; one is such as tcp://127\.0\.0\.1:8786"), cluster_at(address):
        pass


def test_nobody_who_answers_is_told_of_soon() -> None:
    with pytest.raises(BadInput, match=r"tcp://127\.0\.0\.1:9: nobody answers there"), cluster_at("tcp://127.0.0.1:9", 0.3):
        pass


def test_where_dask_is_not_installed_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BadInput, match=r"pip install --editable '.\[cluster\]'"), cluster_at("tcp://127.0.0.1:9"):
        pass


def test_a_cluster_without_workers_is_refused() -> None:
    refused = pytest.raises(BadInput, match="nobody works there; start workers by `dask worker")
    with machines(0) as local, refused, cluster_at(local.scheduler_address, 0.3):
        pass


def test_each_task_is_done_once_on_threads_of_workers() -> None:
    with machines(2, threads=2) as local, cluster_at(local.scheduler_address) as workers:
        assert sorted(workers.finished(Square(), range(40))) == [(number, number * number) for number in range(40)]
        assert list(workers.finished(Square(), [])) == []


def test_workers_with_other_versions_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    now = cluster.versions_now()
    told = iter([{**now, "numpy": "1.0"}])
    monkeypatch.setattr(cluster, "versions_now", lambda: next(told, now))
    refused = pytest.raises(BadInput, match=r"has numpy .*, and it is 1\.0 here")
    with machines(1) as local, refused, cluster_at(local.scheduler_address):
        pass


def test_workers_that_leave_for_good_are_not_waited_for_for_ever() -> None:
    with machines(1) as local, cluster_at(local.scheduler_address) as workers:
        impatient = Cluster(workers._client, local.scheduler_address, patience=0.2, looking=0.1)
        finished = impatient.finished(Square(), iter(range(10_000)))
        next(finished)
        local.scale(0)
        with pytest.raises(BadInput, match="nobody works there any more"):
            list(finished)


def test_a_scheduler_that_is_gone_is_told_of() -> None:
    with machines(1) as local, cluster_at(local.scheduler_address) as workers:
        finished = workers.finished(Square(), iter(range(100_000)))
        next(finished)
        local.close()
        with pytest.raises(BadInput, match="the scheduler is gone; what is finished stays, and --resume goes on from there"):
            list(finished)


@pytest.mark.slow
def test_what_a_lost_worker_was_at_is_done_by_another(tmp_path: Path) -> None:
    with machines(2, processes=True) as local, cluster_at(local.scheduler_address) as workers:
        finished = sorted(workers.finished(Deadly(always=5, once=2, folder=tmp_path), range(12)))
    assert finished == [(number, -1 if number == 5 else number * number) for number in range(12)]
