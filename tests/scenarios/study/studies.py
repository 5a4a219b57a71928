"""Studies that tests read and run: of votes, which label, and of strategies, which learn."""

from pathlib import Path

from tests.scenarios.campaigns import LABELLING, LEARNING, write

VOTES = """
name = "noise"
scenario = "labelling.toml"
seeds = 3
[vary]
"annotators.crowd.noise.accuracy" = [0.6, 0.9]
"coordination.policy" = [{ kind = "majority", size = 1 }, { kind = "majority", size = 3 }]
"""

STRATEGIES = """
name = "noise"
scenario = "learning.toml"
seeds = 4
[vary]
"annotators.crowd.noise.accuracy" = [0.6, 0.9]
"selector.strategy" = ["random", { kind = "margin" }]
"""


def write_votes(folder: Path, text: str = VOTES) -> Path:
    """Write a study of a campaign without a learner, and that campaign, and return the study's file."""
    write(folder, LABELLING, "labelling.toml")
    return write(folder, text, "study.toml")


def write_strategies(folder: Path, text: str = STRATEGIES) -> Path:
    """Write a study of a short campaign with a learner, and that campaign, and return the study's file."""
    write(folder, LEARNING.replace("labels = 25", "labels = 12"), "learning.toml")
    return write(folder, text, "study.toml")
