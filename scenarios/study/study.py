"""A study for programs and notebooks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios.errors import BadInput, explain
from scenarios.loading import Loaded, find, load
from scenarios.scenario import Scenario
from scenarios.study.design import Design, design_from, read_design
from scenarios.study.execution import Execution
from scenarios.study.file import StudyFile
from scenarios.study.results import Results
from scenarios.study.session import Stage, Watch, run_study
from scenarios.study.variation import Sample
from scenarios.workers.cluster import cluster_at
from scenarios.workers.local import Local
from scenarios.workers.work import Workers


def _nothing(stage: Stage) -> None:
    """Watch nothing."""


class Study:
    """A study, every scenario of which has been checked: to be read from a file, or said in Python, and run.

    ```python
    study = Study.read("noise-effects", seeds=5)
    study = Study.of("quickstart", {"coordination.policy.size": [1, 3, 5]}, seeds=5)
    results = study.run(jobs=2)
    results.frame()
    ```

    Args:
        design: what is run.

    Attributes:
        design: the same.
    """

    def __init__(self, design: Design) -> None:
        self.design = design

    def __repr__(self) -> str:
        file, points = self.design.file, len(self.design.points)
        return f"<study {file.name}: {points:,} {'point' if points == 1 else 'points'}, {file.seeds:,} seeds each>"

    @classmethod
    def read(cls, study: str | Path, seeds: int | None = None, precision: float | None = None) -> "Study":
        """Read a study.

        Args:
            study: a study file, or a name of the library.
            seeds: runs of each point, instead of the file's own number.
            precision: half the width that intervals are to have, instead of the file's own.

        Raises:
            BadInput: the study, or a scenario at some point of it, is not possible.
        """
        return cls(read_design(find(str(study), (".toml",)), seeds, precision))

    @classmethod
    def of(
        cls,
        scenario: Scenario | str | Path,
        vary: Mapping[str, Sequence[Any]] | None = None,
        seeds: int = 10,
        *,
        name: str | None = None,
        points: Sequence[Mapping[str, Any]] | None = None,
        sample: Sample | Mapping[str, Any] | None = None,
        precision: float | None = None,
        most_seeds: int | None = None,
        measure: str | None = None,
        target: float | None = None,
        compare: str | None = None,
        against: Any = None,
        names: Mapping[str, Sequence[str]] | None = None,
        folder: Path = Path(),
    ) -> "Study":
        """Say a study as a study file does; see `scenarios.study.file.StudyFile`.

        Args:
            scenario: a scenario, its file, or a name of the library.
            vary: values to try, by path: numbers, texts, and components as tables, such as `{"kind": "majority", "size": 3}`.
            seeds: runs of each point.
            name: of the study; left out, the scenario's.
            points, sample, precision, most_seeds, measure, target, compare, against, names: as the keys of a study file.
            folder: where the paths of a scenario start that is no file.

        Raises:
            BadInput: the study, or a scenario at some point of it, is not possible.
        """
        loaded = Loaded(scenario, folder, None) if isinstance(scenario, Scenario) else load(find(str(scenario)))
        given = {
            "name": name or loaded.scenario.name,
            "scenario": loaded.scenario.name if isinstance(scenario, Scenario) else str(scenario),
            "seeds": seeds,
            "vary": None if vary is None else {path: [*values] for path, values in vary.items()},
            "points": None if points is None else [{**each} for each in points],
            "sample": sample,
            "precision": precision,
            "most_seeds": most_seeds,
            "measure": measure,
            "target": target,
            "compare": compare,
            "against": against,
            "names": None if names is None else {path: [*called] for path, called in names.items()},
        }
        tables = {key: value for key, value in given.items() if value is not None}
        try:
            file = StudyFile.model_validate(tables)
        except ValidationError as error:
            raise explain("Study.of", error, tables) from None
        return cls(design_from(file, loaded, "Study.of"))

    def run(
        self,
        jobs: int = 1,
        out: str | Path | None = None,
        resume: bool = False,
        logs: bool = False,
        cluster: str | None = None,
        watch: Watch = _nothing,
    ) -> Results:
        """Run all of it, and return what came of it. A run that fails has a row too, which says why; the others go on.

        Args:
            jobs: processes; -1 for as many as there are cores.
            out: a folder for the record and the tables, as `parley study` writes them; None to write nothing.
            resume: whether to go on from the record in that folder.
            logs: whether the event log of every run is kept, in that folder.
            cluster: address of a scheduler of Dask that has the runs made; None for this machine.
            watch: called whenever a run is finished, with how far it has come.

        Raises:
            BadInput: the folder cannot be used, or the cluster cannot.
            KeyboardInterrupt: Ctrl-C; in `out` stands what is finished, and `resume` goes on from there.
        """
        if out is None and (resume or logs):
            raise BadInput(f"{'resume' if resume else 'logs'}: this needs `out`, the folder of the results")
        folder = None if out is None else Path(out)
        if cluster is None:
            return self._run(Local(jobs), folder, resume, logs, watch)
        if logs:
            raise BadInput("logs, on a cluster: logs are kept on the machine that makes the run; leave one of them out")
        with cluster_at(cluster) as workers:
            return self._run(workers, folder, resume, logs, watch)

    def _run(self, workers: Workers, folder: Path | None, resume: bool, logs: bool, watch: Watch) -> Results:
        if folder is not None:
            session = run_study(self.design, folder, workers, resume, logs, watch)
            if session.broken_off is not None:
                raise session.broken_off
            return session.results
        execution, done, failed = Execution(self.design, {}), 0, 0
        for _, _, row in execution.finished(workers):
            done, failed = done + 1, failed + bool(row["error"])
            watch(Stage(done, execution.runs_known, failed))
        return execution.results()
