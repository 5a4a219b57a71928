"""Logs of campaigns that never ran: events as a test tells them."""

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zlib import crc32

ANSWERS = {"file": "answers.csv", "digest": "0"}


class Story:
    """Events, told in turn; times in microseconds."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.tell("campaign-started", "campaign", items=9, classes=["a", "b"])

    @property
    def last(self) -> int:
        return len(self.events)

    def tell(
        self, kind: str, sender: str, recipient: str = "*", t: int | None = None, cause: int | None = None, **body: Any
    ) -> int:
        """Add an event, at the instant of the one before if no other is named, and return its seq."""
        now = (self.events[-1]["t"] if self.events else 0) if t is None else t
        event = {"seq": self.last + 1, "t": now, "kind": kind, "from": sender, "to": recipient, "cause": cause, "body": body}
        self.events.append(event)
        return self.last

    def request(self, item: int | str, t: int | None = None) -> int:
        return self.tell("item-requested", "selector", "coordinator", t, item=item, version=0, score=0.0)

    def assign(self, item: int | str, annotator: str, t: int | None = None, attempt: int = 0, cause: int | None = None) -> int:
        body = {"item": item, "attempt": attempt, "price": 0.5, "lease_until": None}
        return self.tell("task-assigned", "coordinator", annotator, t, cause, **body)

    def answer(
        self, item: int | str, annotator: str, label: int | str, began: int | None, t: int | None = None, attempt: int = 0,
        cause: int | None = None,
    ) -> int:  # fmt: skip
        body = {"item": item, "attempt": attempt, "label": label, "began": began}
        return self.tell("answer-submitted", annotator, "coordinator", t, cause, **body)

    def resolve(self, item: int | str, label: int | str, t: int | None = None, revision: int = 0) -> int:
        return self.tell("item-resolved", "coordinator", t=t, item=item, label=label, votes=1, revision=revision)

    def reopen(self, item: int | str, kept: tuple[int, ...] = (), voided: tuple[int, ...] = (), t: int | None = None) -> int:
        """Open an item again, with answers of those seqs."""
        given = [
            [[event["from"], event["body"]["label"], event["t"], seq] for seq in seqs for event in [self.events[seq - 1]]]
            for seqs in (kept, voided)
        ]
        return self.tell("item-reopened", "coordinator", t=t, item=item, kept=given[0], voided=given[1])

    def written(self, folder: Path, finished: bool = True, times: str | None = None) -> Path:
        """Write the log; `times` makes it one of answers that were imported."""
        policy = {"kind": "majority", "size": 1}
        simulated = {
            "origin": "simulated",
            "scenario": {"name": "story", "coordination": {"policy": policy}},
            "data": "0",
            "script": None,
        }
        recorded = {"origin": "recorded", "name": "story", "source": ANSWERS, "policy": policy, "times": times}
        header = {"log": 2, "parley": "0.2.0", "seed": 1, **(simulated if times is None else recorded)}
        path, chain, digest = folder / "story.jsonl", 0, blake2b(digest_size=16)
        with path.open("wb") as file:
            for line in [header, *self.events, *([{"events": self.last}] if finished else [])]:
                if "events" in line:
                    line["digest"] = digest.hexdigest()
                body = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()[:-1]
                chain = crc32(body, chain)
                sealed = b'%b,"sum":"%08x"}\n' % (body, chain)
                digest.update(sealed)
                file.write(sealed)
        return path
