"""A file of answers as a source of data: what was asked, and what is true of it."""

from pathlib import Path
from typing import ClassVar, Literal

import numpy as np

from agents.annotator.record import FileFormat
from bus.chance import Chance
from scenarios.answers.reader import read_answers
from scenarios.answers.table import Columns
from scenarios.errors import BadInput, brief
from scenarios.source import Dataset, Name, Source


class Answered(Source):
    """What people of the real world were asked, as a file of their answers tells (see the noise `recorded`); there are no features.

    Its classes are those that occur in answers or truth.
    """

    kind: ClassVar[str] = "answers"

    path: Name
    """The file of answers, such as `parley import` reads; relative to the folder of the scenario."""
    truth_file: Name | None = None
    """A file of what is true, with columns task and truth; left out, that stands with the answers."""
    format: FileFormat | None = None
    """The format of the answers; left out, what the file's name ends in says it."""
    task: Name | None = None
    """Column of what was asked; left out, `task`."""
    worker: Name | None = None
    """Column of who was asked; left out, `worker`."""
    label: Name | None = None
    """Column of what they said; left out, `label`."""
    truth: Name | None = None
    """Column of what is true; left out, `truth`."""
    without_truth: Literal["refuse", "drop"] = "refuse"
    """What to do if it is not known of some tasks: refuse the file, or leave these out."""

    def load(self, folder: Path, chance: Chance, features: bool) -> Dataset:
        """Return the tasks in order of first appearance; ids are what they are called."""
        columns = Columns(self.task, self.worker, self.label, truth=self.truth)
        answers = read_answers(
            folder / self.path, columns, self.format, None if self.truth_file is None else folder / self.truth_file
        )
        tasks = [*dict.fromkeys(answers.tasks)]
        known = [task for task in tasks if task in answers.truth]
        if not known or (self.without_truth == "refuse" and len(known) < len(tasks)):
            row = next(row for row, task in enumerate(answers.tasks) if task not in answers.truth)
            mend = (
                'a truth_file may say it, or without_truth = "drop" leaves such tasks out' if known else "a truth_file may say it"
            )
            others = f" (and of {len(tasks) - len(known) - 1:,} more)" if len(tasks) - len(known) > 1 else ""
            raise BadInput(f"{answers.where(row)}: what is true of task {brief(answers.tasks[row])}{others} is not known; {mend}")
        classes = answers.classes()
        index = {label: place for place, label in enumerate(classes)}
        truth = np.fromiter((index[answers.truth[task]] for task in known), np.intp, len(known))
        return Dataset([*known], None, truth, classes)
