"""A million recorded answers, counted by another policy: the time that takes, beside the time it takes to read them as plain JSON.

python benchmarks/whatif.py [--answers 1000000]
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

from agents.component import Trust
from agents.messages import AnswerSubmitted, CampaignEnded, CampaignStarted, ItemRequested, ItemResolved, TaskAssigned
from bus.chance import Keyed
from bus.journal import Journal, create_log
from bus.message import EVERYONE, Envelope
from scenarios.header import PARLEY_VERSION, AnswerFile, Recorded
from scenarios.whatif.question import Question, answer

VOTES = 5
DEMAND = 60.0
"""Seconds that are still called seconds."""


def write_answers(path: Path, answers: int) -> None:
    """Write a log of so many answers, five an item, of a hundred people who are right four times out of five."""
    header = Recorded(
        parley=PARLEY_VERSION, name="many", seed=0, source=AnswerFile(file="many.csv", digest="0" * 16),
        policy={"kind": "majority", "size": VOTES}, times="order",
    )  # fmt: skip
    journal = Journal(create_log(path), header.model_dump())
    luck, seq = Keyed(0, "answers"), 0

    def say(time: int, sender: str, to: str, cause: int | None, body: object) -> int:
        nonlocal seq
        seq += 1
        journal.append(Envelope(seq, time, sender, to, cause, body))  # type: ignore[arg-type]
        return seq

    say(0, "campaign", EVERYONE, None, CampaignStarted(items=answers // VOTES, classes=(0, 1)))
    for item in range(answers // VOTES):
        cause, votes = say(item, "selector", "coordinator", None, ItemRequested(item=item, version=0, score=0.0)), []
        for vote in range(VOTES):
            name = f"w{(7 * item + vote) % 100}"
            votes.append(item % 2 if luck.luck(item, vote).uniform() < 0.8 else 1 - item % 2)
            task = say(item, "coordinator", name, cause, TaskAssigned(item=item, attempt=0, price=0.0, lease_until=None))
            cause = say(item, name, "coordinator", task, AnswerSubmitted(item=item, attempt=0, label=votes[-1], began=None))
        say(item, "coordinator", EVERYONE, cause, ItemResolved(item=item, label=int(sum(votes) > 2), votes=VOTES, revision=0))
    say(answers, "coordinator", EVERYONE, None, CampaignEnded(stopped_by="pool"))
    journal.finish({})


def main() -> None:
    """Print the times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=1_000_000)
    answers = parser.parse_args().answers
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "many.jsonl"
        write_answers(log, answers)
        began = time.process_time()
        with log.open("rb") as file:
            events = sum(1 for line in file if json.loads(line))
        plain = time.process_time() - began
        began = time.process_time()
        question = Question({"coordination.policy.size": 3}, "open", Trust(False), None, None)
        what_if = answer(log, question, None, lambda read: None)
        taken = time.process_time() - began
    print(f"{answers:,} answers in {events:,} lines, counted by the majority of 3 instead of {VOTES}")
    print(f"Parley     {taken:8.1f} s   {len(what_if.changes):,} labels changed")
    print(f"plain JSON {plain:8.1f} s   to read the lines, and make nothing of them")
    verdict = "met" if taken <= DEMAND else "missed"
    print(f"ratio {taken / plain:.2f} (demanded: seconds, {DEMAND:.0f} at most) {verdict}")


if __name__ == "__main__":
    main()
