"""Small people files, and small logs to fit crowds to."""

from pathlib import Path

import numpy as np

from bus.chance import Chance

PEOPLE = """
classes = ["no", "perhaps", "yes"]

[[annotators]]
worker = "ann"
answers = 12
noise = { kind = "confusion", matrix = [[0.9, 0.1, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] }
latency = { kind = "fixed", time = 20 }
price = 0.1

[[annotators]]
worker = "bob"
answers = 3
noise = { kind = "one-coin", accuracy = 0.6 }
changes = [{ kind = "practice" }]

[[annotators]]
worker = "cyd"
"""

SCENARIO = """
name = "theirs"
seed = 3
[data]
source = "csv"
path = "items.csv"
truth = "truth"
id = "id"
[[annotators]]
people = "people.toml"
"""


def write(folder: Path, people: str | bytes = PEOPLE, scenario: str = SCENARIO, name: str = "people.toml") -> Path:
    """Write a people file, items of three classes, and a scenario in which they meet; return the scenario's path."""
    (folder / name).write_bytes(people if isinstance(people, bytes) else people.encode())
    rows = "".join(f"i{number},{('no', 'perhaps', 'yes')[number % 3]}\n" for number in range(60))
    (folder / "items.csv").write_text(f"id,truth\n{rows}")
    path = folder / "theirs.toml"
    path.write_text(scenario)
    return path


def write_log(
    folder: Path, items: int = 60, people: int = 8, votes: int = 5, times: bool = True, seed: int = 1
) -> tuple[Path, Path]:
    """Write answers of people of different skill, and what is true; return both paths."""
    stream = Chance(seed).stream("log")
    truth = stream.integers(3, size=items)
    skill, speed = stream.beta(8, 3, size=people), stream.lognormal(2.5, 0.5, size=people)
    head = "task,worker,label" + (",start,duration\n" if times else "\n")
    lines, clock = [head], np.zeros(people)
    for item in range(items):
        hard = stream.exponential() - 1
        for person in stream.choice(people, size=votes, replace=False).tolist():
            odds = np.log(skill[person] / (1 - skill[person])) - hard
            right = stream.random() < 1 / (1 + np.exp(-odds))
            label = truth[item] if right else (truth[item] + 1 + stream.integers(2)) % 3
            took = float(np.rint(speed[person] * stream.lognormal(0, 0.4) + 0.5))
            lines.append(f"t{item},w{person},c{label}" + (f",{clock[person]:.0f},{took:.0f}\n" if times else "\n"))
            clock[person] += took + (86400 if stream.random() < 0.1 else 0)
    answers, known = folder / "answers.csv", folder / "truth.csv"
    answers.write_text("".join(lines))
    known.write_text("task,truth\n" + "".join(f"t{item},c{label}\n" for item, label in enumerate(truth.tolist())))
    return answers, known
